/* SPDX-License-Identifier: Apache-2.0 */
#include "type/shape.h"

#include "base/compiler.h"

static bool all_digits(const struct sample *sample, size_t pos, size_t len, uint8_t last);
static bool cpio_old(uint16_t mode, uint16_t name_len, uint8_t name_first);
static bool is_file_mode(unsigned mode);

/* Header: check (2), size (2), type 0, flags (2), "**ACE**" */
bool shape_ace(const struct sample *sample)
{
	return sample_u16le(sample, 2) >= 24 && sample_u8(sample, 4) == 0;
}

/*
 * 0x1a, method (1 to 11, some packers to 20), name (13, ends with a NUL), packed size (4),
 * date, time, check (6), size (4)
 */
bool shape_arc(const struct sample *sample)
{
	uint8_t method = sample_u8(sample, 1);
	size_t len = 0;

	if (method < 1 || method > 20 || sample_u32le(sample, 15) >= sample->size)
		return false;
	while (len < 13 && sample_u8(sample, 2 + len) > ' ' &&
	       sample_u8(sample, 2 + len) < 0x7f)
		len++;
	return len > 0 && len < 13 && sample_u8(sample, 2 + len) == 0;
}

/* 60 ea, size of the header (2), of its fixed part, version, needed, system, flags, … */
bool shape_arj(const struct sample *sample)
{
	uint16_t len = sample_u16le(sample, 2);
	uint8_t fixed = sample_u8(sample, 4);

	return len >= 30 && len <= 2600 && fixed >= 30 && fixed <= len &&
	       sample_u8(sample, 7) <= 15;
}

/* 4 (4), size of what follows (4), of the JSON with its length (4), of the JSON (4), JSON */
bool shape_asar(const struct sample *sample)
{
	return sample_u32le(sample, 4) >= sample_u32le(sample, 12) &&
	       sample_has(sample, 16, "{\"files\"");
}

/* "BM", file size (4), reserved 0 (4), offset (4), size of the second header (4) */
bool shape_bmp(const struct sample *sample)
{
	uint32_t header = sample_u32le(sample, 14);

	return sample_u32le(sample, 6) == 0 && header >= 12 && header <= 256;
}

/* "BZh", level, then a block's number, or that of the end of a file without blocks */
bool shape_bzip2(const struct sample *sample)
{
	uint8_t level = sample_u8(sample, 3);

	return level >= '1' && level <= '9' &&
	       (sample_has(sample, 4, "1AY&SY") || sample_has(sample, 4, "\x17rE8P\x90"));
}

/* 1f 9d, flags: bits of the longest code (9 to 16), two unused; the first code is a byte */
bool shape_compress(const struct sample *sample)
{
	uint8_t flags = sample_u8(sample, 2);

	return (flags & 0x60) == 0 && (flags & 0x1f) >= 9 && (flags & 0x1f) <= 16 &&
	       (sample_u8(sample, 4) & 1) == 0;
}

/* Magic (6), then 13 numbers of 8 hex digits: inode, mode, … */
bool shape_cpio_newc(const struct sample *sample)
{
	for (size_t pos = 6; pos < 110; pos++) {
		uint8_t c = sample_u8(sample, pos) | 0x20;
		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
	}
	return true;
}

/* Magic (6), then numbers of 6 or 11 octal digits, 76 bytes in all */
bool shape_cpio_odc(const struct sample *sample)
{
	return all_digits(sample, 6, 70, '7');
}

/*
 * Thirteen numbers of 16 bits: magic, device, inode, mode, uid, gid, links, special,
 * time (2), length of the name, size (2)
 */
bool shape_cpio_old_le(const struct sample *sample)
{
	return cpio_old(sample_u16le(sample, 6), sample_u16le(sample, 20),
			sample_u8(sample, 26));
}

bool shape_cpio_old_be(const struct sample *sample)
{
	return cpio_old(sample_u16be(sample, 6), sample_u16be(sample, 20),
			sample_u8(sample, 26));
}

/* Outlook Express: a class id after four bytes that tell folder from message store */
bool shape_dbx(const struct sample *sample)
{
	return sample_has(sample, 8, "\x66\xe3\xd1\x11");
}

/* 0, 1 (icon) or 2 (cursor), count; then for each: sizes, 0, planes …, length (4), offset (4) */
bool shape_icon(const struct sample *sample)
{
	uint16_t count = sample_u16le(sample, 4);
	uint32_t offset = sample_u32le(sample, 18);

	return count > 0 && count <= 1024 && sample_u8(sample, 9) == 0 && offset >= 22 &&
	       offset < sample->size && sample_u32le(sample, 14) > 0;
}

/* ca fe ba be, minor (2), major (2): 45 is Java 1.1 */
bool shape_java(const struct sample *sample)
{
	uint16_t major = sample_u16be(sample, 6);

	return major >= 45 && major <= 255;
}

/* ca fe ba be, number of programs (4): those with Java's number would be 45 and more */
bool shape_macho_fat(const struct sample *sample)
{
	uint32_t count = sample_u32be(sample, 4);

	return count > 0 && count < 45;
}

/* Size and sum of the header, "-lh5-" or the like, sizes, time, 0x20 or so, level */
bool shape_lha(const struct sample *sample)
{
	static const char *const families[] = { "-lh", "-lz", "-pm", "-ah", "-pc" };
	bool known = false;

	for (size_t i = 0; i < ARRAY_LEN(families); i++)
		known = known || sample_has(sample, 2, families[i]);
	uint8_t method = sample_u8(sample, 5);
	bool is_letter = (method >= '0' && method <= '9') ||
			 ((method | 0x20) >= 'a' && (method | 0x20) <= 'z');
	return known && is_letter && sample_u8(sample, 6) == '-' &&
	       sample_u8(sample, 20) <= 3;
}

/*
 * Properties (below 225; 0x5d unless somebody chose others), dictionary (4), size (8) or
 * all ones, and the first byte of the coder, which is 0; the next four are not. There is
 * no magic, so the rules are strict: a dictionary as encoders write it, and, with
 * the usual properties alone, a size that the packed bytes could have.
 */
bool shape_lzma(const struct sample *sample)
{
	uint8_t properties = sample_u8(sample, 0);
	uint32_t dictionary = sample_u32le(sample, 1);
	uint32_t low = dictionary & -dictionary;
	uint64_t size = (uint64_t)sample_u32le(sample, 9) << 32 | sample_u32le(sample, 5);
	bool is_round = dictionary == low || dictionary == low + 2 * low;

	if (properties >= 225 || sample_u8(sample, 13) != 0 ||
	    sample_u32le(sample, 14) == 0)
		return false;
	if (dictionary != UINT32_MAX && (dictionary < 4096 || !is_round))
		return false;
	if (size == UINT64_MAX)
		return true;
	return properties == 0x5d && size < UINT64_C(1) << 38 &&
	       sample->size / 2 <= size + 64;
}

/* ff ex or ff fx: bit rate and sampling rate are not the reserved ones */
bool shape_mp3(const struct sample *sample)
{
	uint8_t version = sample_u8(sample, 1), rates = sample_u8(sample, 2);

	return (version & 0xe0) == 0xe0 && (version & 0x18) != 0x08 &&
	       (version & 0x06) == 0x02 && rates >> 4 != 15 && rates >> 4 != 0 &&
	       (rates & 0x0c) != 0x0c;
}

/* "P", 1 to 6 (7: PAM), white space, and then a number or a comment */
bool shape_pnm(const struct sample *sample)
{
	uint8_t kind = sample_u8(sample, 1), space = sample_u8(sample, 2);
	uint8_t next = sample_u8(sample, 3);

	if (kind == '7')
		return space == '\n' && sample_has(sample, 3, "WIDTH");
	return kind >= '1' && kind <= '6' &&
	       (space == '\n' || space == ' ' || space == '\r') &&
	       (next == '#' || (next >= '0' && next <= '9'));
}

/* The magic number of Python 3 begins at 3000 and has grown since; 0d 0a follows. */
bool shape_python3(const struct sample *sample)
{
	uint16_t number = sample_u16le(sample, 0);

	return number >= 3000 && number < 4000;
}

bool shape_python2(const struct sample *sample)
{
	uint16_t number = sample_u16le(sample, 0);

	return number == 20121 || number == 50428 || number == 50823 || number == 60202 ||
	       number == 60717 || (number >= 62011 && number <= 62211);
}

/* Version 0, or "true" and the like; number of tables; search range: 16 times a power of two */
bool shape_sfnt(const struct sample *sample)
{
	uint16_t tables = sample_u16be(sample, 4), range = sample_u16be(sample, 6);

	return tables > 0 && tables <= 256 && range >= 16 && range <= tables * 16 &&
	       (range & (range - 1)) == 0;
}

/* "FWS", "CWS" or "ZWS", version; what it says of its size may be a lie */
bool shape_swf(const struct sample *sample)
{
	uint8_t version = sample_u8(sample, 3);

	return version >= 1 && version <= 64;
}

/* Magic, check (4), time (4), size (4), … system, machine, kind (1 to 40), compression */
bool shape_uimage(const struct sample *sample)
{
	uint8_t kind = sample_u8(sample, 30);

	return sample_u32be(sample, 12) > 0 && kind > 0 && kind <= 40 &&
	       sample_u8(sample, 31) <= 10;
}

/* 20 bytes of text, then dc a7 c4 fd */
bool shape_zoo(const struct sample *sample)
{
	return sample_u32le(sample, 20) == 0xfdc4a7dc;
}

static bool all_digits(const struct sample *sample, size_t pos, size_t len, uint8_t last)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t digit = sample_u8(sample, pos + i);
		if (digit < '0' || digit > last)
			return false;
	}
	return true;
}

static bool cpio_old(uint16_t mode, uint16_t name_len, uint8_t name_first)
{
	return (is_file_mode(mode) || mode == 0) && name_len > 1 && name_len <= 4096 &&
	       name_first >= ' ';
}

/* The kinds that stat(2) knows. */
static bool is_file_mode(unsigned mode)
{
	switch (mode >> 12) {
	case 1:
	case 2:
	case 4:
	case 6:
	case 8:
	case 10:
	case 12:
		return true;
	default:
		return false;
	}
}
