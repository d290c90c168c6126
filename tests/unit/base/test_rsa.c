/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rsa.h"

#include "test.h"

static enum status raise(const char *modulus, size_t len, uint32_t exponent,
			 const char *number, size_t number_len, uint8_t *out)
{
	return rsa_raise((struct slice){ (const uint8_t *)modulus, len }, exponent,
			 (struct slice){ (const uint8_t *)number, number_len }, out);
}

TEST("powers are taken modulo the modulus, and padded to its length")
{
	uint8_t out[2];

	/* 2790^2753 mod 3233 is 65: the example of many a textbook, n = 61 * 53 */
	REQUIRE(raise("\x0c\xa1", 2, 2753, "\x0a\xe6", 2, out) == STATUS_OK);
	CHECK_MEM(out, "\x00\x41", 2);
	REQUIRE(raise("\x0c\xa1", 2, 17, "\x41", 1, out) == STATUS_OK);
	CHECK_MEM(out, "\x0a\xe6", 2);
}

TEST("a number that is not below the modulus is none")
{
	uint8_t out[2];

	CHECK_EQ(raise("\x0c\xa1", 2, 17, "\x0c\xa1", 2, out), STATUS_MALFORMED);
	CHECK_EQ(raise("\x0c\xa1", 2, 17, "\x01\x00\x00", 3, out), STATUS_MALFORMED);
	REQUIRE(raise("\x0c\xa1", 2, 17, "", 0, out) == STATUS_OK);
	CHECK_MEM(out, "\x00\x00", 2);
}

TEST_MAIN()
