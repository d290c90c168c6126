/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/ranges.h"

#include "gen.h"
#include "test.h"

enum { UNIVERSE = 24 };

/* Adds random ranges, and remembers them as one bit for each place. */
static void check_round(struct gen *gen, size_t size)
{
	struct ranges ranges;
	struct arena arena;
	struct range gap;
	uint32_t bits = 0, overlap = 0, seen = 0;

	arena_init(&arena, 1 << 20);
	REQUIRE(ranges_init(&ranges, &arena, size) == STATUS_OK);
	for (size_t n = gen_below(gen, 10); n > 0; n--) {
		uint64_t start = gen_below(gen, UNIVERSE),
			 end = gen_below(gen, UNIVERSE + 1);
		uint32_t mine = 0;

		for (uint64_t i = start; i < end; i++)
			mine |= 1U << i;
		if (!ranges_add(&ranges, start, end)) {
			CHECK(ranges.count == size);
			continue;
		}
		overlap |= bits & mine;
		bits |= mine;
	}
	ranges_settle(&ranges);
	CHECK_EQ(ranges.overlap, overlap != 0);
	CHECK(!ranges.overlap || (overlap >> ranges.overlap_at & 1));
	for (uint64_t from = 0; ranges_next_gap(&ranges, from, UNIVERSE, &gap);
	     from = gap.end) {
		REQUIRE(gap.start >= from && gap.end > gap.start && gap.end <= UNIVERSE);
		for (uint64_t i = gap.start; i < gap.end; i++)
			seen |= 1U << i;
	}
	CHECK_EQ(seen, ~bits & ((1U << UNIVERSE) - 1));
	arena_clear(&arena);
}

TEST("the gaps are exactly what no range covers")
{
	struct gen gen = gen_start();

	for (int round = 0; round < 20000; round++)
		check_round(&gen, 12);
}

TEST("with little room it refuses and stays right")
{
	struct gen gen = gen_start();

	for (int round = 0; round < 20000; round++)
		check_round(&gen, 1 + gen_below(&gen, 4));
}

TEST("neighbours in order need one place")
{
	struct ranges ranges;
	struct arena arena;
	struct range gap;

	arena_init(&arena, 1 << 20);
	REQUIRE(ranges_init(&ranges, &arena, 1) == STATUS_OK);
	for (uint64_t i = 0; i < 1000; i++)
		CHECK(ranges_add(&ranges, i * 10, i * 10 + 10));
	ranges_settle(&ranges);
	CHECK(!ranges_next_gap(&ranges, 0, 10000, &gap));
	CHECK(ranges_next_gap(&ranges, 0, UINT64_MAX, &gap));
	CHECK_EQ(gap.start, 10000);
	arena_clear(&arena);
}

TEST_MAIN()
