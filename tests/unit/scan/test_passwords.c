/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/pkware.h"
#include "scan/level.h"

#include <stdlib.h>

#include "scanning.h"
#include "test.h"
#include "zipped.h"

static struct zipped zip;

/* Members as Info-ZIP's zip 3.0 made them with the password "secret". */
static const uint8_t hello[] = {
	0xbd, 0x57, 0x45, 0xc3, 0x6b, 0x21, 0x36, 0x4f, 0xf3,
	0x45, 0x56, 0xf5, 0xe1, 0xc2, 0xea, 0xe2, 0x16, 0x87,
};
static const uint8_t sixty_seven[] = {
	0x60, 0x27, 0xa1, 0x6a, 0x1b, 0x69, 0xcf, 0xb6, 0x1d,
	0xe8, 0x58, 0xfc, 0xa9, 0x94, 0x90, 0xc2, 0xeb, 0x5a,
};

static void add_member(const char *name, const uint8_t *bytes, size_t len, uint32_t crc,
		       uint32_t size)
{
	struct zipped_record record = {
		.name = name,
		.flags = 1,
		.method = bytes == hello ? ZIPPED_STORED : ZIPPED_DEFLATED,
		.crc = crc,
		.packed = (uint32_t)len,
		.size = size,
		.offset = (uint32_t)zip.len,
	};

	zipped_local(&zip, &record);
	/* The byte of the head is one of the time, at 10 in the record. */
	zip.bytes[record.offset + 11] = 0x8d;
	zipped_put(&zip, bytes, len);
	zipped_list(&zip, record);
}

/* The directory has the time, too. */
static void finish_zip(void)
{
	zipped_finish(&zip);
	size_t at = zip.directory_at;
	for (size_t i = 0; i < zip.listed_count; i++) {
		zip.bytes[at + 13] = 0x8d;
		at += 46 + strlen(zip.listed[i].name) + zip.listed[i].extra_len;
	}
}

static struct scanning *scan_with(const char *passwords, const char *verdict)
{
	const struct rule_text files[] = {
		{ .name = "a.ndb",
		  .text = "Hello:0:0:68656c6c6f\nX:0:60:78787878787878\n" },
		{ .name = "a.pwdb", .text = passwords },
		{ 0 },
	};
	struct scanning *scanning = scanning_open(files);

	CHECK_STR(scanning_run(scanning, zip.bytes, zip.len), verdict);
	return scanning;
}

static void make_zip(void)
{
	zipped_start(&zip);
	add_member("a.txt", hello, sizeof(hello), 0x363a3020, 6);
	add_member("b.bin", sixty_seven, sizeof(sixty_seven), 0x6956dd33, 67);
	finish_zip();
}

TEST("a password that is known opens stored and deflated members")
{
	make_zip();
	struct scanning *scanning = scan_with(
		"A;Engine:81-255;0;no\nB;Engine:81-255;0;secret\n", "found");

	CHECK(scanning_told(scanning, "hit !a.txt Hello"));
	CHECK(scanning_told(scanning, "hit !b.bin X"));
	CHECK_EQ(scanning_count(scanning, "incomplete"), 0);
	scanning_close(scanning);
}

TEST("a password may be for one type of container")
{
	make_zip();
	scanning_close(
		scan_with("A;Engine:81-255,Container:CL_TYPE_ZIP;0;secret\n", "found"));
	scanning_close(scan_with("A;Engine:81-255,Container:CL_TYPE_ANY;1;736563726574\n",
				 "found"));
	scanning_close(scan_with("A;Engine:81-255,Container:CL_TYPE_RAR;0;secret\n",
				 "incomplete"));
}

TEST("what no password opens is incomplete")
{
	make_zip();
	struct scanning *scanning = scan_with("A;Engine:81-255;0;no\n", "incomplete");

	CHECK(scanning_told(scanning, "incomplete !a.txt password"));
	CHECK(scanning_told(scanning, "incomplete !b.bin password"));
	scanning_close(scanning);
}

/* "z256" and so on until the last byte of the head is right by chance. */
static void find_chance(char *password, size_t size)
{
	for (unsigned i = 0;; i++) {
		uint8_t last = 0;

		snprintf(password, size, "z%u", i);
		struct pkware_keys keys = pkware_keys_of(slice_of(password));
		for (size_t k = 0; k < PKWARE_HEAD_LEN; k++)
			last = pkware_decrypt(&keys, hello[k]);
		if (last == 0x8d)
			return;
	}
}

TEST("a password that is right by chance hides no right one")
{
	char password[16], line[128];

	make_zip();
	find_chance(password, sizeof(password));
	snprintf(line, sizeof(line), "A;Engine:81-255;0;%s\nB;Engine:81-255;0;secret\n",
		 password);
	struct scanning *scanning = scan_with(line, "found");
	CHECK(scanning_told(scanning, "hit !a.txt Hello"));
	scanning_close(scanning);
	snprintf(line, sizeof(line), "A;Engine:81-255;0;%s\n", password);
	scanning = scan_with(line, "incomplete");
	CHECK(scanning_told(scanning, "incomplete !a.txt password"));
	scanning_close(scanning);
}

TEST("bytes behind an encrypted member are seen as ever")
{
	zipped_start(&zip);
	add_member("a.txt", hello, sizeof(hello), 0x363a3020, 6);
	zipped_put(&zip, "hello between", 13);
	add_member("b.bin", sixty_seven, sizeof(sixty_seven), 0x6956dd33, 67);
	finish_zip();
	struct scanning *scanning = scan_with("B;Engine:81-255;0;secret\n", "found");
	CHECK(scanning_told(scanning, "hit ! Hello"));
	CHECK_EQ(scanning_count(scanning, "hit"), 3);
	scanning_close(scanning);
}

TEST_MAIN()
