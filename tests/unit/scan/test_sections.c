/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/scan.h"

#include <stdlib.h>

#include "base/checked.h"
#include "bytes/store.h"
#include "programs.h"
#include "scanning.h"
#include "test.h"

enum { OPTIONAL_LEN = 112, TABLE = 64 + 24 + OPTIONAL_LEN, PROGRAM_LEN = 0x700 };

/* 512 times 'A'; 256 times 'B', of any length; the first once more, of another length */
#define A_MD5 "dc5086b847289ba8b8bde149b8388175"
#define B_SHA256 "b0102e3e5f3ced3b4bd1e9d1a08ef35c5fce216b024beea399c4a51b95ece8e7"

static const struct rule_text section_rules[] = {
	{ .name = "a.mdb", .text = "512:" A_MD5 ":First\n256:" A_MD5 ":Wrong\n" },
	{ .name = "b.msb", .text = "*:" B_SHA256 ":Last:73\n" },
	{ 0 },
};

static void add_section(uint8_t *program, unsigned index, uint32_t len, uint32_t offset)
{
	uint8_t *section = &program[TABLE + index * 40];

	store_u32le(&section[12], 0x1000 * (index + 1));
	store_u32le(&section[16], len);
	store_u32le(&section[20], offset);
}

/* Three sections: 'A's; nothing; 'B's, of which the file holds only 256. */
static void make_program(uint8_t program[PROGRAM_LEN])
{
	memset(program, 0, PROGRAM_LEN);
	memcpy(program, "MZ", 2);
	store_u32le(&program[60], 64);
	memcpy(&program[64], "PE", 2);
	store_u16le(&program[64 + 4], 0x8664);
	store_u16le(&program[64 + 6], 3);
	store_u16le(&program[64 + 20], OPTIONAL_LEN);
	store_u16le(&program[64 + 24], 0x20b);
	store_u32le(&program[64 + 24 + 32], 0x1000);
	store_u32le(&program[64 + 24 + 36], 0x200);
	add_section(program, 0, 0x200, 0x400);
	add_section(program, 1, 0, 0x600);
	add_section(program, 2, 0x200, 0x600);
	memset(&program[0x400], 'A', 0x200);
	memset(&program[0x600], 'B', 0x100);
}

TEST("a section is found by its length and digest, and cut to the file")
{
	struct scanning *scanning = scanning_open(section_rules);
	uint8_t program[PROGRAM_LEN];

	make_program(program);
	CHECK_STR(scanning_run(scanning, program, sizeof(program)), "found");
	CHECK(scanning_told(scanning, "hit  First"));
	CHECK(scanning_told(scanning, "hit  Last"));
	CHECK_EQ(scanning_count(scanning, "hit"), 2);
	program[0x401] ^= 1;
	program[0x601] ^= 1;
	CHECK_STR(scanning_run(scanning, program, sizeof(program)), "clean");
	scanning_close(scanning);
}

TEST("what is no PE file has no sections")
{
	struct scanning *scanning = scanning_open(section_rules);
	uint8_t program[PROGRAM_LEN];

	make_program(program);
	program[0] = 0;
	CHECK_STR(scanning_run(scanning, program, sizeof(program)), "clean");
	scanning_close(scanning);
}

/* "in the middle", and with any byte for the last */
static const struct rule_text place_rules[] = {
	{ .name = "a.ndb",
	  .text = "Plain:1:SE0:696e20746865206d6964646c65\n"
		  "Wild:1:SE0:696e20746865206d6964646c??\n" },
	{ .name = "a.ldb",
	  .text = "Logical;Engine:51-255,Target:1;0;SE0:696e20746865206d6964646c65\n" },
	{ 0 },
};

TEST("in a large program clamscan finds plain bytes only where the section starts")
{
	static const size_t lens[] = { 0x20000, 0x40000 };
	struct scanning *scanning = scanning_open(place_rules);
	struct pe_wish wish = { .section_len = 0 };
	uint8_t *program = malloc(0x40000 + 1024);

	for (size_t i = 0; program && i < ARRAY_LEN(lens); i++) {
		wish.section_len = lens[i];
		size_t len = pe_make(program, &wish);

		memcpy(program + 2000, "in the middle", 13);
		scanning->clamav_compat = false;
		scanning_run(scanning, program, len);
		CHECK_EQ(scanning_count(scanning, "hit"), 3);
		scanning->clamav_compat = true;
		scanning_run(scanning, program, len);
		CHECK_EQ(scanning_count(scanning, "hit"), i == 0 ? 3 : 2);
		memcpy(program + 512, "in the middle", 13);
		scanning_run(scanning, program, len);
		CHECK_EQ(scanning_count(scanning, "hit"), 3);
	}
	free(program);
	scanning_close(scanning);
}

TEST_MAIN()
