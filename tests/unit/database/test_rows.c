/* SPDX-License-Identifier: Apache-2.0 */
#include "database/rows.h"

#include <string.h>

#include "test.h"

TEST("items stay where they are, through any number of pieces")
{
	struct arena arena;
	struct rows rows;
	const uint8_t *first = NULL;

	arena_init(&arena, 64 << 20);
	rows_init(&rows, &arena, 12);
	for (uint32_t i = 0; i < 200000; i++) {
		uint32_t item[3] = { i, ~i, i * 3 };

		REQUIRE(rows_append(&rows, item, 1));
		if (i == 0)
			first = rows_at(&rows, 0);
	}
	CHECK(rows_at(&rows, 0) == first);
	CHECK_EQ(rows.count, 200000);
	for (uint32_t i = 0; i < 200000; i += 777) {
		uint32_t want[3] = { i, ~i, i * 3 };

		CHECK(memcmp(rows_at(&rows, i), want, sizeof(want)) == 0);
	}
	arena_clear(&arena);
}

TEST("many items at once go over the ends of pieces")
{
	static uint8_t bytes[1000 * 1000];
	struct arena arena;
	struct rows rows;
	size_t at = 0;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7 + i / 251);
	arena_init(&arena, 64 << 20);
	rows_init(&rows, &arena, 1);
	for (size_t len = 1; at + len <= sizeof(bytes); len = len * 2 + 1) {
		REQUIRE(rows_append(&rows, &bytes[at], len));
		at += len;
	}
	CHECK_EQ(rows.count, at);
	for (size_t i = 0; i < at;) {
		size_t run = rows_run(&rows, i);

		REQUIRE(run > 0 && run <= at - i);
		CHECK(memcmp(rows_at(&rows, i), &bytes[i], run) == 0);
		i += run;
	}
	rows_cut(&rows, 5);
	REQUIRE(rows_append(&rows, "x", 1));
	CHECK_EQ(rows.count, 6);
	CHECK_EQ(*rows_at(&rows, 5), 'x');
	arena_clear(&arena);
}

TEST("what one array has left another grows into")
{
	static uint8_t bytes[900 * 1000];
	struct arena arena;
	struct rows from, to;
	uint32_t item = 7;

	arena_init(&arena, 64 << 20);
	rows_init(&from, &arena, 1);
	rows_init(&to, &arena, sizeof(item));
	REQUIRE(rows_append(&from, bytes, sizeof(bytes)));
	REQUIRE(rows_append(&to, &item, 1));
	REQUIRE(rows_give(&from, &to));
	CHECK_EQ(from.count, 0);
	size_t taken = arena.taken_bytes;
	for (uint32_t i = 1; i < sizeof(bytes) / sizeof(item); i++)
		REQUIRE(rows_append(&to, &i, 1));
	CHECK_EQ(arena.taken_bytes, taken);
	CHECK_EQ(*rows_at(&to, 0), 7);
	CHECK(memcmp(rows_at(&to, 200000), &(uint32_t){ 200000 }, 4) == 0);
	REQUIRE(rows_append(&from, "y", 1));
	CHECK_EQ(*rows_at(&from, 0), 'y');
	arena_clear(&arena);
}

TEST("without memory nothing is appended")
{
	static uint8_t bytes[1 << 20];
	struct arena arena;
	struct rows rows;

	arena_init(&arena, 600 * 1024);
	rows_init(&rows, &arena, 1);
	REQUIRE(rows_append(&rows, bytes, 1000));
	CHECK(!rows_append(&rows, bytes, sizeof(bytes)));
	CHECK_EQ(rows.count, 1000);
	CHECK(rows_append(&rows, bytes, 1000));
	arena_clear(&arena);
}

TEST_MAIN()
