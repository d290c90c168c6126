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

/* Some text, as 7-Zip made it of that password with AES. */
static const uint8_t aes_stored[] = {
	0x41, 0x39, 0xe3, 0x55, 0xf5, 0xde, 0x97, 0xec, 0x5a, 0xf0, 0xde, 0xa6, 0x7b,
	0xd2, 0x01, 0xb5, 0x2c, 0x32, 0xab, 0xf1, 0x06, 0x4e, 0xe2, 0x88, 0xce, 0x69,
	0x8a, 0x0e, 0x37, 0xa4, 0xbc, 0x63, 0x99, 0x5e, 0xdb, 0xcf, 0xe4, 0xb5, 0xb9,
	0x29, 0x96, 0x7a, 0xfd, 0xe3, 0x57, 0x1b, 0x20, 0x85, 0xe7,
};
static const uint8_t aes_deflated[] = {
	0x88, 0x45, 0x27, 0x80, 0xe5, 0xeb, 0xaa, 0x98, 0x6b, 0x40, 0x12,
	0x66, 0x55, 0x6a, 0x47, 0x49, 0x50, 0x43, 0xaa, 0x4b, 0x1e, 0x61,
	0x77, 0xbe, 0x3a, 0x50, 0xc4, 0x23, 0x54, 0x62, 0xba, 0x61, 0xc2,
	0xe7, 0x1c, 0xbb, 0x32, 0xab, 0x0b, 0x47, 0xd5, 0xf2, 0xa9, 0x39,
	0x28, 0xda, 0x58, 0x53, 0xe3, 0xf6, 0x12, 0x9f, 0x85, 0x76,
};

/* The extra field of such a member: version, strength, method. */
#define AES_FIELD(version, strength, method) \
	"\x01\x99\x07\0" version "\0" \
	"AE" strength method "\0"

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

static void add_aes(const char *name, struct slice bytes, const char *field, uint32_t crc)
{
	struct zipped_record record = {
		.name = name,
		.flags = 1,
		.method = 99,
		.crc = crc,
		.packed = (uint32_t)bytes.len,
		.size = 29,
		.offset = (uint32_t)zip.len,
		.extra = field,
		.extra_len = 11,
	};

	zipped_local(&zip, &record);
	zipped_put(&zip, bytes.base, bytes.len);
	zipped_list(&zip, record);
}

static struct scanning *scan_aes(bool compat)
{
	static const struct rule_text files[] = {
		{ .name = "a.ndb", .text = "Text:0:0:736f6d652074657874\n" },
		{ .name = "a.pwdb",
		  .text = "A;Engine:81-255;0;no\nB;Engine:81-255;0;secret\n" },
		{ 0 },
	};
	struct scanning *scanning = scanning_open(files);

	zipped_finish(&zip);
	scanning->clamav_compat = compat;
	scanning_run(scanning, zip.bytes, zip.len);
	return scanning;
}

static const struct slice stored_128 = { aes_stored, sizeof(aes_stored) };
static const struct slice deflated_256 = { aes_deflated, sizeof(aes_deflated) };

TEST("members with AES are opened, with a sum or without; not with compat")
{
	static const bool compat[] = { false, true };

	for (size_t i = 0; i < ARRAY_LEN(compat); i++) {
		zipped_start(&zip);
		add_aes("a.txt", deflated_256, AES_FIELD("\2", "\3", "\10"), 0);
		add_aes("b.txt", stored_128, AES_FIELD("\1", "\1", "\0"), 0x1522bcd4);
		add_aes("c.txt", stored_128, AES_FIELD("\2", "\1", "\0"), 0x12345678);
		struct scanning *scanning = scan_aes(compat[i]);
		CHECK_EQ(scanning_count(scanning, "hit !"), compat[i] ? 0 : 3);
		CHECK_EQ(scanning_count(scanning, "incomplete"), compat[i] ? 3 : 0);
		scanning_close(scanning);
	}
}

TEST("members with AES that do not hold what they promise are not opened")
{
	uint8_t other[sizeof(aes_stored)];

	memcpy(other, aes_stored, sizeof(other));
	other[20] ^= 1;
	zipped_start(&zip);
	add_aes("sum.txt", stored_128, AES_FIELD("\1", "\1", "\0"), 0x1522bcd5);
	add_aes("mac.txt", (struct slice){ other, sizeof(other) },
		AES_FIELD("\2", "\1", "\0"), 0);
	add_aes("strength.txt", stored_128, AES_FIELD("\2", "\4", "\0"), 0);
	add_aes("method.txt", stored_128, AES_FIELD("\2", "\1", "\14"), 0);
	add_aes("short.txt", (struct slice){ other, 19 }, AES_FIELD("\2", "\1", "\0"), 0);
	add_aes("whose.txt", stored_128, "\x01\x99\x07\0\2\0XX\1\0\0", 0);
	struct scanning *scanning = scan_aes(false);
	CHECK_EQ(scanning_count(scanning, "hit !"), 0);
	CHECK_EQ(scanning_count(scanning, "incomplete !"), 6);
	CHECK(scanning_told(scanning, "incomplete !mac.txt password"));
	CHECK(scanning_told(scanning, "incomplete !method.txt password"));
	scanning_close(scanning);
}

TEST_MAIN()
