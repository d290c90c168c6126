/* SPDX-License-Identifier: Apache-2.0 */
#include "database/gram_rarity.h"

#include "base/compiler.h"
#include "test.h"

static unsigned rarity(const char *bytes, size_t len)
{
	return gram_rarity((struct slice){ (const uint8_t *)bytes, len });
}

TEST("what ordinary files are full of is common, other bytes are rare")
{
	static const char *const common[] = { "\0\0\0\0", "    ", "tion", "the ",
					      "n = " };
	static const char *const rare[] = { "\x8f\xd3\x17\xb9", "\xfe\x13\x9b\xe2",
					    "zxqj", "\x81\x82\x9d\x97" };

	for (size_t c = 0; c < ARRAY_LEN(common); c++)
		for (size_t r = 0; r < ARRAY_LEN(rare); r++)
			if (!CHECK(rarity(common[c], 4) + 4 < rarity(rare[r], 4)))
				printf("#   %zu, %zu\n", c, r);
}

TEST("letters are as rare in either case")
{
	CHECK_EQ(rarity("EvAl(", 5), rarity("eval(", 5));
}

TEST("more bytes are not less rare, and none are not rare at all")
{
	static const char bytes[] = "GET /\0\xff\x8b\x45\xfc";

	for (size_t len = 0; len + 1 < sizeof(bytes); len++) {
		CHECK(rarity(bytes, len + 1) >= rarity(bytes, len));
		CHECK(rarity(bytes, len + 1) <= 15 * (len + 1));
	}
	CHECK_EQ(rarity("", 0), 0);
}

TEST_MAIN()
