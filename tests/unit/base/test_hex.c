/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"

#include "test.h"

TEST("a digit has its value in either case, and nothing else has one")
{
	static const char lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";
	unsigned digits = 0;

	for (int value = 0; value < 16; value++) {
		CHECK_EQ(hex_digit(lower[value]), value);
		CHECK_EQ(hex_digit(upper[value]), value);
	}
	for (int c = -1; c < 256; c++)
		digits += hex_digit(c) >= 0;
	CHECK_EQ(digits, 22);
}

TEST_MAIN()
