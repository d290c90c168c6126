/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The matches of several programs are counted together, in the order of their
 * starts: two programs that match at one start count once.
 */
#include "match/pattern_find.h"

#include "base/checked.h"
#include "bytes/reader.h"
#include "match/beginnings.h"
#include "match/chain.h"

/* A program and its next match. */
struct pattern_candidate {
	struct chain chain;
	bool has_next;
	uint64_t start, len;
};

static enum status count_starts(struct pattern_cursor *cursor, struct pattern_range range,
				uint64_t want, struct pattern_matches *out);
static enum status advance(struct pattern_candidate *candidate,
			   struct pattern_range range);
static const struct pattern_candidate *nearest(const struct pattern_cursor *cursor);

enum status pattern_find(const struct pattern_search *search, struct slice programs,
			 struct pattern_range range, uint64_t want,
			 struct pattern_matches *out)
{
	struct pattern_cursor cursor;
	struct pattern_matches matches = { 0 };
	struct arena_mark mark = arena_mark(search->arena);
	enum status status = pattern_cursor_open(&cursor, search, programs);

	if (status == STATUS_OK)
		status = count_starts(&cursor, range, want, &matches);
	arena_rewind(search->arena, mark);
	if (search->text->status != STATUS_OK)
		return search->text->status;
	if (status == STATUS_OK)
		*out = matches;
	return status;
}

enum status pattern_cursor_open(struct pattern_cursor *cursor,
				const struct pattern_search *search,
				struct slice programs)
{
	struct reader in = reader_of_slice(programs);
	size_t count = reader_u16le(&in);

	/* No more than could be there. */
	count = min_size(count, reader_left(&in) / sizeof(uint32_t));
	cursor->count = 0;
	cursor->candidates = arena_new_array(search->arena, struct pattern_candidate,
					     count);
	if (!cursor->candidates)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		struct slice program = reader_slice(&in, reader_u32le(&in));
		struct pattern_candidate *candidate = &cursor->candidates[cursor->count];

		if (!reader_ok(&in))
			break;
		enum status status = pattern_ready(search, &program);
		if (status == STATUS_OK)
			status = chain_open(&candidate->chain, program, search->text,
					    search->budget, search->arena);
		if (status == STATUS_OK)
			cursor->count++;
		else if (status != STATUS_MALFORMED)
			return status;
	}
	return STATUS_OK;
}

enum status pattern_ready(const struct pattern_search *search, struct slice *program)
{
	if (!search->clamav_compat)
		return STATUS_OK;
	return beginnings_cut(*program, search->budget, search->arena, program);
}

enum status pattern_cursor_next(struct pattern_cursor *cursor, struct pattern_range range,
				uint64_t *ret_start, uint64_t *ret_len)
{
	for (size_t i = 0; i < cursor->count; i++) {
		enum status status = advance(&cursor->candidates[i], range);
		if (status != STATUS_OK)
			return status;
	}
	const struct pattern_candidate *next = nearest(cursor);
	if (!next)
		return STATUS_END;
	*ret_start = next->start;
	*ret_len = next->len;
	return STATUS_OK;
}

static enum status count_starts(struct pattern_cursor *cursor, struct pattern_range range,
				uint64_t want, struct pattern_matches *out)
{
	uint64_t start, len;

	while (out->count < want) {
		enum status status = pattern_cursor_next(cursor, range, &start, &len);

		if (status != STATUS_OK)
			return status == STATUS_END ? STATUS_OK : status;
		if (out->count++ == 0) {
			out->offset = start;
			out->len = len;
		}
		out->last = start;
		range.first = start + 1;
	}
	return STATUS_OK;
}

/* Its next match is the first in the range. */
static enum status advance(struct pattern_candidate *candidate,
			   struct pattern_range range)
{
	if (candidate->has_next && candidate->start >= range.first)
		return STATUS_OK;
	enum status status = chain_next(&candidate->chain, range.first, range.last,
					&candidate->start, &candidate->len);
	candidate->has_next = status == STATUS_OK;
	return status == STATUS_END ? STATUS_OK : status;
}

/* The one that begins first, of several the shortest; NULL if there is none. */
static const struct pattern_candidate *nearest(const struct pattern_cursor *cursor)
{
	const struct pattern_candidate *best = NULL;

	for (size_t i = 0; i < cursor->count; i++) {
		const struct pattern_candidate *candidate = &cursor->candidates[i];
		if (!candidate->has_next)
			continue;
		if (!best || candidate->start < best->start ||
		    (candidate->start == best->start && candidate->len < best->len))
			best = candidate;
	}
	return best;
}
