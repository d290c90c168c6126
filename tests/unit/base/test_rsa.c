/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rsa.h"

#include "test.h"

struct bytes {
	const char *text;
	size_t len;
};

static enum status raise(struct bytes modulus, uint32_t exponent, struct bytes number,
			 uint8_t *out)
{
	return rsa_raise((struct slice){ (const uint8_t *)modulus.text, modulus.len },
			 exponent,
			 (struct slice){ (const uint8_t *)number.text, number.len }, out);
}

static const struct bytes modulus = { "\x0c\xa1", 2 };

TEST("powers are taken modulo the modulus, and padded to its length")
{
	uint8_t out[2];

	/* 2790^2753 mod 3233 is 65: the example of many a textbook, n = 61 * 53 */
	REQUIRE(raise(modulus, 2753, (struct bytes){ "\x0a\xe6", 2 }, out) == STATUS_OK);
	CHECK_MEM(out, "\x00\x41", 2);
	REQUIRE(raise(modulus, 17, (struct bytes){ "\x41", 1 }, out) == STATUS_OK);
	CHECK_MEM(out, "\x0a\xe6", 2);
}

TEST("a number that is not below the modulus is none")
{
	uint8_t out[2];

	CHECK_EQ(raise(modulus, 17, (struct bytes){ "\x0c\xa1", 2 }, out),
		 STATUS_MALFORMED);
	CHECK_EQ(raise(modulus, 17, (struct bytes){ "\x01\x00\x00", 3 }, out),
		 STATUS_MALFORMED);
	REQUIRE(raise(modulus, 17, (struct bytes){ "", 0 }, out) == STATUS_OK);
	CHECK_MEM(out, "\x00\x00", 2);
}

TEST_MAIN()
