/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/overlay.h"

#include "programs.h"
#include "test.h"
#include "unpacking.h"

static uint8_t bytes[8192];

static void check(size_t len, const char *want)
{
	struct unpacked unpacked = unpack_bytes(&overlay_unpacker, bytes, len);

	CHECK_STR(unpacked_text(&unpacked), want);
	unpacked_free(&unpacked);
}

static size_t append(size_t len, const char *text)
{
	memcpy(bytes + len, text, strlen(text));
	return len + strlen(text);
}

TEST("what stands behind a program is a child")
{
	struct pe_wish wish = { .section_len = 1000 };
	size_t len = pe_make(bytes, &wish);

	check(len, "");
	check(append(len, "Rar!"), ":4:end");
	struct unpacked unpacked = unpack_bytes(&overlay_unpacker, bytes, len + 4);
	CHECK_MEM(unpacked.children[0].bytes, "Rar!", 4);
	unpacked_free(&unpacked);

	len = elf_make(bytes, 500, 64, 0);
	check(len, "");
	check(append(len, "hsqs"), ":4:end");
}

TEST("zeros in front of it are padding, and nothing but zeros is nothing")
{
	struct pe_wish wish = { .section_len = 1000 };
	size_t len = pe_make(bytes, &wish);

	memset(bytes + len, 0, 100);
	check(len + 100, "");
	check(append(len + 100, "Rar!"), ":4:end");
}

TEST("strings belong to the program, as many as they say")
{
	struct pe_wish wish = { .section_len = 100, .symbols = 3, .strings_len = 40 };
	size_t len = pe_make(bytes, &wish);

	check(len, "");
	check(append(len, "Rar!"), ":4:end");
}

TEST("a signature is a child of its own, and so is what follows it")
{
	struct pe_wish wish = { .section_len = 88,
				.signature_at = 600 + 6,
				.signature_len = 10 };
	size_t len = pe_make(bytes, &wish);

	REQUIRE(len == 600);
	len = append(append(append(len, "before"), "signature."), "behind");
	check(len, ":6:end :10:end :6:end");
	wish.signature_len = 5000;
	pe_make(bytes, &wish);
	check(len, ":6:end :16:end");
	wish.signature_at = 100;
	pe_make(bytes, &wish);
	check(len, ":22:end");
}

TEST("a program that is cut has nothing behind it, and other files have no end")
{
	struct pe_wish wish = { .section_len = 1000 };

	pe_make(bytes, &wish);
	check(700, "");
	bytes[0] = 'X';
	check(700, "open:malformed");
}

TEST("without memory it says so")
{
	struct pe_wish wish = { .section_len = 10 };
	struct unpacked unpacked = unpack_source(
		&overlay_unpacker, source_of_memory(bytes, pe_make(bytes, &wish)), 10);

	CHECK_EQ(unpacked.opened, STATUS_NO_MEMORY);
	unpacked_free(&unpacked);
}

TEST_MAIN()
