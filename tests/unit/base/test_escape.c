/* SPDX-License-Identifier: Apache-2.0 */
#include "base/escape.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "gen.h"
#include "test.h"

static const char *escaped(struct slice text)
{
	static char buffer[512];

	escape_text(text, buffer, sizeof(buffer));
	return buffer;
}

TEST("what prints is kept")
{
	CHECK_STR(escaped(slice_of("report 2026 (final).txt")),
		  "report 2026 (final).txt");
	CHECK_STR(
		escaped(slice_of("gr\xc3\xbc\xc3\x9f\x65 \xe4\xbd\xa0 \xf0\x9f\x98\x80")),
		"gr\xc3\xbc\xc3\x9f\x65 \xe4\xbd\xa0 \xf0\x9f\x98\x80");
	CHECK_STR(escaped((struct slice){ NULL, 0 }), "");
}

TEST("controls, separators, bidi marks and broken UTF-8 are shown as bytes")
{
	CHECK_STR(escaped(slice_of("a\nb\r\tc")), "a\\x0ab\\x0d\\x09c");
	CHECK_STR(escaped(slice_of("\x1b[31mred\x7f")), "\\x1b[31mred\\x7f");
	CHECK_STR(escaped((struct slice){ (const uint8_t *)"a\0b", 3 }), "a\\x00b");
	CHECK_STR(escaped(slice_of("\xc2\x9b"
				   "31m")),
		  "\\xc2\\x9b31m");
	CHECK_STR(escaped(slice_of("gpj.\xe2\x80\xae"
				   "exe")),
		  "gpj.\\xe2\\x80\\xaeexe");
	CHECK_STR(escaped(slice_of("\xe2\x81\xa6\xe2\x80\x8f")),
		  "\\xe2\\x81\\xa6\\xe2\\x80\\x8f");
	CHECK_STR(escaped(slice_of("\xe2\x80\xa8")), "\\xe2\\x80\\xa8");
	CHECK_STR(escaped(slice_of("\xff\xfe\xc3")), "\\xff\\xfe\\xc3");
}

TEST("a backslash cannot pretend to be an escape")
{
	CHECK_STR(escaped(slice_of("a\\x0a")), "a\\\\x0a");
}

TEST("a buffer of any size is filled with whole pieces and the true length is told")
{
	struct slice text = slice_of("a\xc3\xbc\n\\b");
	static const char whole[] = "a\xc3\xbc\\x0a\\\\b";
	static const size_t cuts[] = { 0, 0, 1, 1, 3, 3, 3, 3, 7, 7, 9, 10, 10 };

	for (size_t size = 1; size < sizeof(cuts) / sizeof(cuts[0]); size++) {
		char buffer[32];

		memset(buffer, '#', sizeof(buffer));
		CHECK_EQ(escape_text(text, buffer, size), strlen(whole));
		CHECK_EQ(strlen(buffer), cuts[size]);
		CHECK(strncmp(buffer, whole, strlen(buffer)) == 0);
		for (size_t i = size; i < sizeof(buffer); i++)
			CHECK_EQ(buffer[i], '#');
	}
}

/* Takes back \\ and \xNN. */
static size_t unescape(const char *text, uint8_t *out)
{
	size_t len = 0;

	for (; *text; text++) {
		if (*text != '\\') {
			out[len++] = (uint8_t)*text;
		} else if (*++text == '\\') {
			out[len++] = '\\';
		} else {
			char digits[] = { text[1], text[2], '\0' };
			out[len++] = (uint8_t)strtoul(digits, NULL, 16);
			text += 2;
		}
	}
	return len;
}

TEST("any bytes come out safe, and can be had back")
{
	struct gen gen = gen_start();

	for (int round = 0; round < 20000; round++) {
		uint8_t bytes[24], back[24 * ESCAPE_GROWTH_MAX];
		char buffer[24 * ESCAPE_GROWTH_MAX + 1];
		struct slice text = { bytes, gen_below(&gen, sizeof(bytes) + 1) };
		uint32_t code;

		gen_bytes(&gen, bytes, sizeof(bytes));
		if (round % 2)
			bytes[0] = 0xe2, bytes[1] = 0x80, bytes[4] = 0xc2;
		REQUIRE(escape_text(text, buffer, sizeof(buffer)) < sizeof(buffer));
		struct slice shown = slice_of(buffer);
		for (size_t pos = 0, len; pos < shown.len; pos += len) {
			len = utf8_decode(shown, pos, &code);
			REQUIRE(len > 0 && !escape_is_unsafe(code));
		}
		REQUIRE(unescape(buffer, back) == text.len);
		REQUIRE(text.len == 0 || memcmp(back, bytes, text.len) == 0);
	}
}

TEST_MAIN()
