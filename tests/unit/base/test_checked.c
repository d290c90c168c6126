/* SPDX-License-Identifier: Apache-2.0 */
#include "base/checked.h"

#include "test.h"

__extension__ typedef unsigned __int128 wide;

/* Numbers around the places where sums and products of 64 bits wrap. */
static const uint64_t corners[] = {
	0,
	1,
	2,
	3,
	0x7fffffff,
	0x80000000,
	0xfffffffe,
	0xffffffff,
	0x100000000,
	0x100000001,
	0x5555555555555555,
	0x7fffffffffffffff,
	0x8000000000000000,
	0x8000000000000001,
	0xaaaaaaaaaaaaaaab,
	0xfffffffffffffffd,
	0xfffffffffffffffe,
	0xffffffffffffffff,
};

enum { CORNERS = sizeof(corners) / sizeof(corners[0]) };

TEST("sums and products are the true ones or refused")
{
	for (size_t i = 0; i < CORNERS; i++) {
		for (size_t j = 0; j < CORNERS; j++) {
			uint64_t a = corners[i], b = corners[j];
			wide sum = (wide)a + b, product = (wide)a * b;
			uint64_t out = 42;
			size_t size = 42;

			CHECK(add_u64(a, b, &out) == (sum <= UINT64_MAX));
			CHECK(out == (sum <= UINT64_MAX ? (uint64_t)sum : 42));
			CHECK_EQ(add_u64_capped(a, b),
				 sum <= UINT64_MAX ? (uint64_t)sum : UINT64_MAX);
			out = 42;
			CHECK(mul_u64(a, b, &out) == (product <= UINT64_MAX));
			CHECK(out == (product <= UINT64_MAX ? (uint64_t)product : 42));

			sum = (wide)(size_t)a + (size_t)b;
			product = (wide)(size_t)a * (size_t)b;
			CHECK(add_size((size_t)a, (size_t)b, &size) == (sum <= SIZE_MAX));
			CHECK(size == (sum <= SIZE_MAX ? (size_t)sum : 42));
			size = 42;
			CHECK(mul_size((size_t)a, (size_t)b, &size) ==
			      (product <= SIZE_MAX));
			CHECK(size == (product <= SIZE_MAX ? (size_t)product : 42));
		}
	}
}

TEST("a range fits if its true end is not behind the end")
{
	for (size_t i = 0; i < CORNERS; i++)
		for (size_t j = 0; j < CORNERS; j++)
			for (size_t k = 0; k < CORNERS; k++)
				CHECK(range_fits(corners[i], corners[j], corners[k]) ==
				      ((wide)corners[i] + corners[j] <= corners[k]));
}

TEST("the smaller and the larger of two")
{
	for (size_t i = 0; i < CORNERS; i++) {
		for (size_t j = i; j < CORNERS; j++) {
			CHECK(min_u64(corners[i], corners[j]) == corners[i]);
			CHECK(min_u64(corners[j], corners[i]) == corners[i]);
			CHECK(max_u64(corners[i], corners[j]) == corners[j]);
			CHECK(max_u64(corners[j], corners[i]) == corners[j]);
			CHECK(min_size(corners[j], corners[i]) == (size_t)corners[i]);
			CHECK(max_size(corners[i], corners[j]) == (size_t)corners[j]);
			CHECK(max_size(corners[j], corners[i]) == (size_t)corners[j]);
		}
	}
}

TEST_MAIN()
