/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#include "test.h"

/* Writes a character the plain way. */
static size_t encode(uint32_t code, uint8_t *out)
{
	if (code < 0x80) {
		out[0] = (uint8_t)code;
		return 1;
	}
	size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = len - 1; i > 0; i--, code >>= 6)
		out[i] = (uint8_t)(0x80 | (code & 0x3f));
	out[0] = (uint8_t)(0xf00 >> len | code);
	return len;
}

TEST("every character is read back, and no shorter piece of it is one")
{
	for (uint32_t code = 0; code <= 0x10ffff; code++) {
		uint8_t bytes[4];
		uint32_t got = 0;
		size_t len = encode(code, bytes);
		size_t want = code >= 0xd800 && code <= 0xdfff ? 0 : len;

		if (utf8_decode((struct slice){ bytes, len }, 0, &got) != want ||
		    (want && got != code) ||
		    utf8_decode((struct slice){ bytes, len - 1 }, 0, &got) != 0) {
			CHECK_EQ(code, -1);
			break;
		}
	}
}

TEST("among all sequences of up to three bytes exactly the characters are valid")
{
	size_t count = 0;
	uint32_t code;

	for (uint32_t n = 0; n < 1 << 24; n++) {
		uint8_t bytes[] = { (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n };
		if (utf8_decode((struct slice){ bytes, 3 }, 0, &code) == 3)
			count++;
	}
	CHECK_EQ(count, 0x10000 - 0x800 - 0x800);
}

TEST("text is valid if all of it is")
{
	CHECK(utf8_valid((struct slice){ NULL, 0 }));
	CHECK(utf8_valid(slice_of("gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80")));
	CHECK(!utf8_valid(slice_of("gr\xfc")));
	CHECK(!utf8_valid(slice_of("\xc0\xaf")));
	CHECK(!utf8_valid(slice_of("\xed\xa0\x80")));
	CHECK(!utf8_valid(slice_of("\xf4\x90\x80\x80")));
	CHECK(!utf8_valid(slice_of("a\xe2\x82")));
}

TEST_MAIN()
