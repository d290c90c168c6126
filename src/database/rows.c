/* SPDX-License-Identifier: Apache-2.0 */
#include "database/rows.h"

#include <assert.h>
#include <string.h>

#include "base/checked.h"

enum { PIECE_BYTES = 256 * 1024, FIRST_ROOM = 16 };

static bool make_room(struct rows *rows, size_t more);
static bool add_piece(struct rows *rows);

void rows_init(struct rows *rows, struct arena *arena, size_t item_len)
{
	assert(item_len > 0 && item_len <= PIECE_BYTES);
	*rows = (struct rows){ .arena = arena, .item_len = item_len };
	while ((item_len << (rows->piece_log2 + 1)) <= PIECE_BYTES)
		rows->piece_log2++;
}

bool rows_append(struct rows *rows, const void *items, size_t count)
{
	const uint8_t *from = items;
	size_t done = 0;
	size_t end;

	if (!add_size(rows->count, count, &end))
		return false;
	while (rows->piece_count << rows->piece_log2 < end)
		if (!add_piece(rows))
			return false;
	size_t at = rows->count;
	rows->count = end;
	while (done < count) {
		size_t run = min_size(rows_run(rows, at + done), count - done);

		memcpy(rows_at(rows, at + done), &from[done * rows->item_len],
		       run * rows->item_len);
		done += run;
	}
	return true;
}

size_t rows_run(const struct rows *rows, size_t index)
{
	size_t piece = (size_t)1 << rows->piece_log2;

	return min_size(rows->count - index, piece - (index & (piece - 1)));
}

void rows_cut(struct rows *rows, size_t count)
{
	assert(count <= rows->count);
	rows->count = count;
}

bool rows_give(struct rows *from, struct rows *to)
{
	assert(from->arena == to->arena);
	if (!make_room(to, from->piece_count))
		return false;
	for (size_t i = 0; i < from->piece_count; i++) {
		to->pieces[to->piece_count] = from->pieces[i];
		to->piece_count++;
	}
	from->count = 0;
	from->piece_count = 0;
	return true;
}

/* Room for so many more pointers. */
static bool make_room(struct rows *rows, size_t more)
{
	size_t room = rows->piece_room ? rows->piece_room : FIRST_ROOM;

	if (rows->piece_count + more <= rows->piece_room)
		return true;
	while (room < rows->piece_count + more)
		room *= 2;
	uint8_t **pieces = arena_new_array(rows->arena, uint8_t *, room);
	if (!pieces)
		return false;
	if (rows->piece_count > 0)
		memcpy(pieces, rows->pieces, rows->piece_count * sizeof(*pieces));
	rows->pieces = pieces;
	rows->piece_room = room;
	return true;
}

/* All pieces are of one size, so that they fit any rows. */
static bool add_piece(struct rows *rows)
{
	if (!make_room(rows, 1))
		return false;
	uint8_t *piece = arena_alloc(rows->arena, PIECE_BYTES);
	if (!piece)
		return false;
	rows->pieces[rows->piece_count] = piece;
	rows->piece_count++;
	return true;
}
