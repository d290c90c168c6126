/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Disks and file systems. Their magic numbers are short and far from the start, where
 * other files may hold anything; so each is asked for a few fields that make sense.
 */
#include "type/shape.h"

enum { SECTOR = 512, SUPER = 1024, DESCRIPTORS = 32 * 1024, DESCRIPTOR = 2048 };

static bool is_power_of_two(uint32_t n, uint32_t low, uint32_t high);

/* The driver map says how large a block is; the partition map begins in the second. */
bool shape_apm(const struct sample *sample)
{
	uint16_t block = sample_u16be(sample, 2);

	if (sample_u16be(sample, 0) != 0x4552)
		block = SECTOR;
	if (!is_power_of_two(block, SECTOR, 4096))
		return false;
	uint32_t count = sample_u32be(sample, (size_t)block + 4);
	return sample_u32be(sample, block) == 0x504d0000 && count > 0 && count < 256;
}

/* Superblock: inodes, blocks, …, size of a block (24), state (58), revision (76) */
bool shape_ext(const struct sample *sample)
{
	return sample_u32le(sample, SUPER) > 0 && sample_u32le(sample, SUPER + 4) > 0 &&
	       sample_u32le(sample, SUPER + 24) <= 6 &&
	       sample_u16le(sample, SUPER + 58) <= 7 &&
	       sample_u32le(sample, SUPER + 76) <= 1;
}

/* Jump, name (8), bytes in a sector, sectors in a cluster, reserved, tables, …, medium */
bool shape_fat(const struct sample *sample)
{
	uint8_t jump = sample_u8(sample, 0);
	bool jumps = (jump == 0xeb && sample_u8(sample, 2) == 0x90) || jump == 0xe9;
	uint8_t tables = sample_u8(sample, 16);

	return jumps && is_power_of_two(sample_u16le(sample, 11), 512, 4096) &&
	       is_power_of_two(sample_u8(sample, 13), 1, 128) &&
	       sample_u16le(sample, 14) > 0 && tables > 0 && tables <= 4 &&
	       sample_u8(sample, 21) >= 0xf0 &&
	       (sample_u16le(sample, 19) > 0 || sample_u32le(sample, 32) > 0);
}

/* "BD", created, modified, attributes …, size of an allocation block (20) */
bool shape_hfs(const struct sample *sample)
{
	uint32_t block = sample_u32be(sample, SUPER + 20);

	return block >= SECTOR && block % SECTOR == 0 &&
	       sample_u16be(sample, SUPER + 18) > 0;
}

/* "H+" and version 4, or "HX" and version 5 */
bool shape_hfsplus(const struct sample *sample)
{
	uint16_t version = sample_u16be(sample, SUPER + 2);

	return (version == 4 || version == 5) &&
	       is_power_of_two(sample_u32be(sample, SUPER + 40), 512, 1 << 20);
}

/* Magic, kind of node (2), its length (4); either byte order */
bool shape_jffs2(const struct sample *sample)
{
	bool is_little = sample_u16le(sample, 0) == 0x1985;
	uint16_t kind = sample_u16be(sample, 2);
	uint32_t len = sample_u32be(sample, 4);

	if (is_little) {
		kind = sample_u16le(sample, 2);
		len = sample_u32le(sample, 4);
	}
	bool known = kind == 0x2003 || kind == 0x2004 || kind == 0x2006 ||
		     kind == 0xe001 || kind == 0xe002;
	return known && len >= 12 && len < 1 << 20;
}

/*
 * Four entries of 16 bytes at 446: flag (0 or 0x80), …, kind (4), …, start (8), length
 * (12). Boot sectors without partitions have the same last two bytes.
 */
bool shape_mbr(const struct sample *sample)
{
	unsigned inside = 0;

	if (shape_fat(sample) || sample_has(sample, 3, "NTFS    ") ||
	    sample_has(sample, 3, "EXFAT   "))
		return false;
	for (size_t entry = 446; entry < 510; entry += 16) {
		uint64_t start = sample_u32le(sample, entry + 8);
		uint32_t len = sample_u32le(sample, entry + 12);
		uint8_t kind = sample_u8(sample, entry + 4);

		if ((sample_u8(sample, entry) & 0x7f) != 0 || (kind == 0) != (len == 0))
			return false;
		inside += kind != 0 && start * SECTOR < sample->size;
	}
	return inside > 0;
}

/* Somewhere among the descriptors, each of 2 KiB: NSR02 or NSR03. */
bool shape_udf(const struct sample *sample)
{
	for (size_t at = DESCRIPTORS; at < sample->head.len; at += DESCRIPTOR)
		if (sample_has(sample, at + 1, "NSR0"))
			return true;
	/* A long list of other descriptors goes on behind what we see. */
	return sample_has(sample, DESCRIPTORS + 1, "BEA01");
}

/* Magic, size of a block (4) */
bool shape_xfs(const struct sample *sample)
{
	return is_power_of_two(sample_u32be(sample, 4), 512, 65536);
}

static bool is_power_of_two(uint32_t n, uint32_t low, uint32_t high)
{
	return n >= low && n <= high && (n & (n - 1)) == 0;
}
