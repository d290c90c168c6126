/* SPDX-License-Identifier: Apache-2.0 */
#include "gen.h"

#include "test.h"

TEST("the same seed gives the same bytes")
{
	struct gen a = { 7 }, b = { 7 }, c = { 8 };
	uint8_t x[32], y[32], z[32];

	gen_bytes(&a, x, sizeof(x));
	gen_bytes(&b, y, sizeof(y));
	gen_bytes(&c, z, sizeof(z));
	CHECK_MEM(x, y, sizeof(x));
	CHECK(memcmp(x, z, sizeof(x)) != 0);
}

TEST("numbers below a limit stay below it and reach every value")
{
	struct gen gen = gen_start();
	bool seen[5] = { 0 };

	for (int i = 0; i < 1000; i++)
		seen[gen_below(&gen, 5)] = true;
	for (int i = 0; i < 5; i++)
		CHECK(seen[i]);
}

static bool has_no_bang(const uint8_t *bytes, size_t len, void *context)
{
	(void)context;
	return len == 0 || !memchr(bytes, '!', len);
}

TEST("shrinking keeps what broke the property and drops the rest")
{
	uint8_t bytes[] = "some noise! and more of it";
	size_t len = gen_shrink(has_no_bang, NULL, bytes, sizeof(bytes) - 1);

	CHECK_EQ(len, 11);
	CHECK_MEM(bytes, "\0\0\0\0\0\0\0\0\0\0!", 11);
}

TEST_MAIN()
