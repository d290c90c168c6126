/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Radix sort from the first byte on, in place: count how many items have each
 * value of the byte, swap every item into its value's range, sort the ranges by
 * the next byte. Digests are spread evenly, so two levels leave little to do;
 * what has a long common beginning costs a level for each byte of it, and a
 * level needs no more than its counters.
 */
#include <assert.h>
#include <string.h>

#include "database/rows.h"

enum { FEW = 24, ITEM_MAX = 64, BYTES = 256 };

struct range {
	size_t start;
	size_t end;
};

struct sorter {
	struct rows *rows;
	size_t key_len;
};

static void sort_range(const struct sorter *sorter, struct range range, size_t depth);
static void sort_few(const struct sorter *sorter, struct range range, size_t depth);
static void spread(const struct sorter *sorter, const struct range ranges[BYTES],
		   size_t depth);

void rows_sort(struct rows *rows, size_t key_len)
{
	struct sorter sorter = { rows, key_len };

	assert(rows->item_len <= ITEM_MAX && key_len <= rows->item_len);
	sort_range(&sorter, (struct range){ 0, rows->count }, 0);
}

static void sort_range(const struct sorter *sorter, struct range range, size_t depth)
{
	struct range ranges[BYTES] = { 0 };
	size_t at = range.start;

	if (range.end - range.start <= FEW || depth == sorter->key_len) {
		sort_few(sorter, range, depth);
		return;
	}
	for (size_t i = range.start; i < range.end; i++)
		ranges[rows_at(sorter->rows, i)[depth]].end++;
	for (unsigned byte = 0; byte < BYTES; byte++) {
		ranges[byte].start = at;
		at += ranges[byte].end;
		ranges[byte].end = at;
	}
	spread(sorter, ranges, depth);
	for (unsigned byte = 0; byte < BYTES; byte++)
		if (ranges[byte].end - ranges[byte].start > 1)
			sort_range(sorter, ranges[byte], depth + 1);
}

static void swap_items(const struct rows *rows, size_t a, size_t b)
{
	uint8_t kept[ITEM_MAX];

	memcpy(kept, rows_at(rows, a), rows->item_len);
	memcpy(rows_at(rows, a), rows_at(rows, b), rows->item_len);
	memcpy(rows_at(rows, b), kept, rows->item_len);
}

/* Swaps every item into the range of its byte. */
static void spread(const struct sorter *sorter, const struct range ranges[BYTES],
		   size_t depth)
{
	size_t next[BYTES];

	for (unsigned byte = 0; byte < BYTES; byte++)
		next[byte] = ranges[byte].start;
	for (unsigned byte = 0; byte < BYTES; byte++) {
		while (next[byte] < ranges[byte].end) {
			uint8_t own = rows_at(sorter->rows, next[byte])[depth];

			if (own == byte)
				next[byte]++;
			else
				swap_items(sorter->rows, next[byte], next[own]++);
		}
	}
}

static void sort_few(const struct sorter *sorter, struct range range, size_t depth)
{
	const struct rows *rows = sorter->rows;
	size_t len = sorter->key_len - depth;

	if (len == 0)
		return;
	for (size_t i = range.start + 1; i < range.end; i++)
		for (size_t at = i; at > range.start; at--) {
			if (memcmp(&rows_at(rows, at - 1)[depth],
				   &rows_at(rows, at)[depth], len) <= 0)
				break;
			swap_items(rows, at - 1, at);
		}
}
