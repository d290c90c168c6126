/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdalign.h>

#include "test.h"

/* Sizes on both sides of every border: alignment, a chunk, a large request. */
static const size_t sizes[] = { 0,         1,     15,    16,    17,    100,
				32 * 1024, 65500, 65535, 65536, 65537, 200000 };

enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };

static bool all_are(const uint8_t *bytes, size_t len, uint8_t value)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != value)
			return false;
	return true;
}

/* Zeroed, aligned; then filled, so that overlaps with others would show. */
static uint8_t *take(struct arena *arena, size_t size, uint8_t mark)
{
	uint8_t *bytes = arena_alloc(arena, size);

	CHECK(arena->taken_bytes <= arena->budget_bytes);
	CHECK(arena->peak_bytes >= arena->taken_bytes);
	if (!bytes)
		return NULL;
	CHECK((uintptr_t)bytes % alignof(max_align_t) == 0);
	CHECK(all_are(bytes, size, 0));
	memset(bytes, mark, size);
	return bytes;
}

TEST("any three sizes in a row: aligned, zeroed, apart from each other")
{
	struct arena arena;

	arena_init(&arena, 1 << 20);
	for (size_t n = 0; n < SIZES * SIZES * SIZES; n++) {
		size_t a = sizes[n % SIZES], b = sizes[n / SIZES % SIZES],
		       c = sizes[n / SIZES / SIZES];
		struct arena_mark mark = arena_mark(&arena);
		uint8_t *first = take(&arena, a, 1);
		uint8_t *second = take(&arena, b, 2);
		uint8_t *third = take(&arena, c, 3);

		REQUIRE(first && second && third);
		CHECK(all_are(first, a, 1) && all_are(second, b, 2) &&
		      all_are(third, c, 3));
		arena_rewind(&arena, mark);
	}
	arena_clear(&arena);
	CHECK_EQ(arena.taken_bytes, 0);
}

TEST("a rewind brings back the same memory, zeroed, and leaves what is older")
{
	struct arena arena;

	arena_init(&arena, 1 << 20);
	for (size_t i = 0; i < SIZES; i++) {
		for (size_t j = 0; j < SIZES; j++) {
			uint8_t *kept = take(&arena, sizes[i], 7);
			struct arena_mark mark = arena_mark(&arena);
			size_t left = arena_left(&arena);
			uint8_t *once = take(&arena, sizes[j], 8);
			arena_rewind(&arena, mark);
			CHECK_EQ(arena_left(&arena), left);
			uint8_t *again = take(&arena, sizes[j], 9);
			REQUIRE(kept && once && again);
			CHECK(all_are(kept, sizes[i], 7));
			if (sizes[j] < 32 * 1024)
				CHECK(once == again);
			arena_clear(&arena);
		}
	}
}

TEST("marks nest")
{
	struct arena arena;
	struct arena_mark marks[40];
	size_t left[40];

	arena_init(&arena, 4 << 20);
	for (size_t i = 0; i < 40; i++) {
		marks[i] = arena_mark(&arena);
		left[i] = arena_left(&arena);
		REQUIRE(take(&arena, sizes[i % SIZES], (uint8_t)i));
	}
	for (size_t i = 40; i-- > 0;) {
		arena_rewind(&arena, marks[i]);
		CHECK_EQ(arena_left(&arena), left[i]);
	}
	CHECK(arena.taken_bytes <= 65536 + 64);
	arena_clear(&arena);
}

TEST("for every budget: what is said to be left can be had, and no byte more")
{
	for (size_t budget = 0; budget < 300000; budget += budget < 300 ? 1 : 4999) {
		for (size_t i = 0; i < SIZES; i++) {
			struct arena arena;

			arena_init(&arena, budget);
			if (!take(&arena, sizes[i], 1))
				CHECK(sizes[i] > arena_left(&arena) ||
				      arena_left(&arena) == 0);
			size_t left = arena_left(&arena);
			CHECK(left <= budget);
			CHECK(!arena_alloc(&arena, left + 1));
			if (left > 0)
				CHECK(take(&arena, left, 2));
			arena_clear(&arena);
		}
	}
}

TEST("a larger budget never refuses what a smaller one allowed")
{
	size_t best = 0;

	for (size_t budget = 0; budget < 600000; budget += 501) {
		struct arena arena;
		size_t count = 0;

		arena_init(&arena, budget);
		while (take(&arena, 5000, 1))
			count++;
		CHECK(count >= best);
		best = count;
		arena_clear(&arena);
	}
	CHECK(best > 100);
}

TEST("sizes that wrap are refused")
{
	struct arena arena;

	arena_init(&arena, 1 << 20);
	CHECK(!arena_alloc(&arena, SIZE_MAX));
	CHECK(!arena_alloc(&arena, SIZE_MAX - 15));
	CHECK(!arena_alloc(&arena, SIZE_MAX - 64));
	CHECK(!arena_alloc_array(&arena, SIZE_MAX / 2, 3));
	CHECK(!arena_alloc_array(&arena, SIZE_MAX / 2 + 2, 2));
	CHECK(!arena_alloc_array(&arena, (size_t)1 << 33, (size_t)1 << 33));
	CHECK_EQ(arena.taken_bytes, 0);
	arena_clear(&arena);
}

TEST("a copy has the bytes, and a place of its own")
{
	struct arena arena;
	struct slice copy;
	char text[] = "abc";

	arena_init(&arena, 1 << 17);
	REQUIRE(arena_copy(&arena, slice_of(text), &copy));
	text[0] = 'x';
	CHECK(slice_is(copy, "abc"));
	CHECK(arena_copy(&arena, (struct slice){ NULL, 0 }, &copy));
	CHECK_EQ(copy.len, 0);
	arena_clear(&arena);
}

TEST("what was allocated last can grow: its bytes are kept, and others are")
{
	for (size_t i = 0; i < SIZES; i++) {
		for (size_t j = i; j < SIZES; j++) {
			struct arena arena;
			uint8_t *bytes, *grown, *next;

			arena_init(&arena, 1024 * 1024);
			bytes = take(&arena, sizes[i], 7);
			REQUIRE(bytes);
			grown = arena_grow(&arena, bytes, sizes[i], sizes[j]);
			REQUIRE(grown);
			CHECK(all_are(grown, sizes[i], 7));
			CHECK(arena.taken_bytes <= arena.budget_bytes);
			memset(grown, 9, sizes[j]);
			next = take(&arena, 1000, 5);
			REQUIRE(next);
			CHECK(all_are(grown, sizes[j], 9));
			arena_clear(&arena);
			CHECK_EQ(arena.taken_bytes, 0);
		}
	}
}

TEST("what was not allocated last, or has no room, stays as it is")
{
	struct arena arena;
	uint8_t *first, *last;

	arena_init(&arena, 200 * 1024);
	first = take(&arena, 100, 1);
	last = take(&arena, 100, 2);
	REQUIRE(first && last);
	CHECK(!arena_grow(&arena, first, 100, 200));
	CHECK(!arena_grow(&arena, last, 100, 80));
	/* Others lie in front: it cannot leave its chunk. */
	CHECK(!arena_grow(&arena, last, 100, 100 * 1024));
	REQUIRE(arena_grow(&arena, last, 100, 1000) == last);
	CHECK(all_are(first, 100, 1) && all_are(last, 100, 2));
	first = take(&arena, 70000, 3);
	REQUIRE(first);
	CHECK(!arena_grow(&arena, first, 70000, 300 * 1024));
	CHECK(all_are(first, 70000, 3));
	arena_clear(&arena);
}

TEST("memory that was written to is zeroed when it comes again, in large chunks too")
{
	struct arena arena;
	struct arena_mark mark;
	uint8_t *bytes;

	arena_init(&arena, 4 * 1024 * 1024);
	REQUIRE(take(&arena, 1024 * 1024, 1));
	mark = arena_mark(&arena);
	arena_clear(&arena);
	bytes = take(&arena, 500 * 1024, 1);
	REQUIRE(bytes && arena_grow(&arena, bytes, 500 * 1024, 900 * 1024));
	arena_clear(&arena);
	for (unsigned i = 0; i < 3; i++) {
		REQUIRE(take(&arena, 100, 4));
		mark = arena_mark(&arena);
		bytes = take(&arena, 300 * 1024, 6);
		REQUIRE(bytes);
		bytes = arena_grow(&arena, bytes, 300 * 1024, 600 * 1024);
		REQUIRE(bytes);
		memset(bytes, 8, 600 * 1024);
		arena_rewind(&arena, mark);
		REQUIRE(take(&arena, 600 * 1024, 5));
		arena_rewind(&arena, mark);
	}
	arena_clear(&arena);
}

TEST_MAIN()
