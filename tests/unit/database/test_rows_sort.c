/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "database/rows.h"
#include "gen.h"
#include "test.h"

enum { ITEM_LEN = 10, ITEMS_MAX = 60000 };

static uint8_t items[ITEMS_MAX][ITEM_LEN];

static int by_whole(const void *a, const void *b)
{
	return memcmp(a, b, ITEM_LEN);
}

/* Sorts by the whole items, and compares with the library's sort. */
static void check_sorted(size_t count)
{
	struct arena arena;
	struct rows rows;

	arena_init(&arena, 16 << 20);
	rows_init(&rows, &arena, ITEM_LEN);
	REQUIRE(rows_append(&rows, items, count));
	rows_sort(&rows, ITEM_LEN);
	qsort(items, count, ITEM_LEN, by_whole);
	for (size_t i = 0; i < count; i++)
		if (!CHECK(memcmp(rows_at(&rows, i), items[i], ITEM_LEN) == 0))
			break;
	arena_clear(&arena);
}

TEST("spread items are sorted, few or many")
{
	struct gen gen = gen_start();
	static const size_t counts[] = { 0, 1, 2, 3, 24, 25, 26, 300, ITEMS_MAX };

	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		gen_bytes(&gen, items[0], counts[i] * ITEM_LEN);
		check_sorted(counts[i]);
	}
}

TEST("items with long common beginnings, and equal ones, are sorted")
{
	struct gen gen = gen_start();

	for (size_t common = 0; common <= ITEM_LEN; common++) {
		memset(items, 0x55, sizeof(items));
		for (size_t i = 0; i < 5000; i++)
			gen_bytes(&gen, &items[i][common], ITEM_LEN - common);
		check_sorted(5000);
	}
	for (size_t i = 0; i < 5000; i++)
		for (size_t at = 0; at < ITEM_LEN; at++)
			items[i][at] = (uint8_t)gen_below(&gen, 2);
	check_sorted(5000);
}

TEST("only the key is looked at")
{
	struct gen gen = gen_start();
	struct arena arena;
	struct rows rows;
	unsigned sum = 0, sum_after = 0;

	gen_bytes(&gen, items[0], sizeof(items));
	arena_init(&arena, 16 << 20);
	rows_init(&rows, &arena, ITEM_LEN);
	for (size_t i = 0; i < 20000; i++) {
		items[i][0] = (uint8_t)(i % 3);
		sum += items[i][9];
		REQUIRE(rows_append(&rows, items[i], 1));
	}
	rows_sort(&rows, 2);
	for (size_t i = 0; i < rows.count; i++) {
		sum_after += rows_at(&rows, i)[9];
		if (i > 0 &&
		    !CHECK(memcmp(rows_at(&rows, i - 1), rows_at(&rows, i), 2) <= 0))
			break;
	}
	CHECK_EQ(sum_after, sum);
	arena_clear(&arena);
}

TEST_MAIN()
