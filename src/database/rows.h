/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing array on an arena: items of one length, kept in pieces, so that
 * growing moves nothing and wastes at most one piece. With items of one byte it
 * is a growing run of bytes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct rows {
	struct arena *arena;
	size_t item_len;
	size_t count;
	uint8_t **pieces;
	size_t piece_count;  /* more than the items need, perhaps */
	size_t piece_room;   /* for so many pointers */
	unsigned piece_log2; /* items in a piece */
};

void rows_init(struct rows *rows, struct arena *arena, size_t item_len);

/* Appends items. False: no memory, and nothing is appended. */
MUST_CHECK bool rows_append(struct rows *rows, const void *items, size_t count);

/* The item at `index`, which must be less than the count. Never moves. */
static inline uint8_t *rows_at(const struct rows *rows, size_t index)
{
	size_t in_piece = index & (((size_t)1 << rows->piece_log2) - 1);

	return &rows->pieces[index >> rows->piece_log2][in_piece * rows->item_len];
}

/* How many items from `index` on lie behind each other in memory. */
size_t rows_run(const struct rows *rows, size_t index);

/*
 * Empties one array, whose memory another one of the same arena then grows
 * into. False: no memory, and nothing is changed.
 */
MUST_CHECK bool rows_give(struct rows *from, struct rows *to);

/* Keeps the first `count` items. */
void rows_cut(struct rows *rows, size_t count);

/* Sorts by the first `key_len` bytes of the items, as memcmp() does. In place; not stable. */
void rows_sort(struct rows *rows, size_t key_len);
