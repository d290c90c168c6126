/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes/narrow.h"

#include "test.h"

static const char *text_of(const char *wide, size_t len, bool is_big)
{
	static char text[64];
	struct narrow narrow = { source_of_memory(wide, len), is_big };
	struct source source = narrow_source(&narrow);
	size_t got;

	memset(text, 0, sizeof(text));
	CHECK_EQ(source_read(&source, 0, text, sizeof(text) - 1, &got), STATUS_OK);
	CHECK_EQ(got, len / 2);
	return text;
}

TEST("each unit is a byte, or a question mark")
{
	CHECK_STR(text_of("a\0b\0\x80\0\0\x01\xff\xfe", 10, false), "ab???");
	CHECK_STR(text_of("\0a\0b\0\x80\x01\0\xfe\xff", 10, true), "ab???");
	CHECK_STR(text_of("a\0b", 3, false), "a");
	CHECK_STR(text_of("", 0, false), "");
}

TEST("from any place, in any length")
{
	static char wide[4000];
	struct narrow narrow = { source_of_memory(wide, sizeof(wide)), false };
	struct source source = narrow_source(&narrow);
	uint8_t text[2000];
	size_t got;

	for (size_t i = 0; i < sizeof(wide); i += 2)
		wide[i] = (char)(i / 2 % 100);
	CHECK_EQ(source.size, 2000);
	for (size_t from = 0; from < 2010; from += 67) {
		CHECK_EQ(source_read(&source, from, text, 1000, &got), STATUS_OK);
		CHECK_EQ(got, from >= 2000 ? 0 : from > 1000 ? 2000 - from : 1000);
		for (size_t i = 0; i < got; i++)
			CHECK_EQ(text[i], (from + i) % 100);
	}
}

TEST_MAIN()
