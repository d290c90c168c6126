/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The matches of several programs are counted together, in the order of their
 * starts: two programs that match at one start count once.
 */
#include "match/pattern_find.h"

#include "base/checked.h"
#include "bytes/reader.h"
#include "match/chain.h"

/* A program and its next match. */
struct candidate {
	struct chain chain;
	bool has_next;
	uint64_t start, len;
};

struct candidates {
	struct candidate *items;
	size_t count;
};

static enum status open_programs(const struct pattern_search *search,
				 struct slice programs, struct candidates *out);
static enum status count_starts(struct candidates *candidates, struct pattern_range range,
				uint64_t want, struct pattern_matches *out);
static enum status advance(struct candidate *candidate, uint64_t first, uint64_t last);
static const struct candidate *nearest(const struct candidates *candidates);

enum status pattern_find(const struct pattern_search *search, struct slice programs,
			 struct pattern_range range, uint64_t want,
			 struct pattern_matches *out)
{
	struct candidates candidates = { 0 };
	struct pattern_matches matches = { 0 };
	struct arena_mark mark = arena_mark(search->arena);
	enum status status = open_programs(search, programs, &candidates);

	if (status == STATUS_OK)
		status = count_starts(&candidates, range, want, &matches);
	arena_rewind(search->arena, mark);
	if (search->text->status != STATUS_OK)
		return search->text->status;
	if (status == STATUS_OK)
		*out = matches;
	return status;
}

static enum status open_programs(const struct pattern_search *search,
				 struct slice programs, struct candidates *out)
{
	struct reader in = reader_of_slice(programs);
	size_t count = reader_u16le(&in);

	/* No more than could be there. */
	count = min_size(count, reader_left(&in) / sizeof(uint32_t));
	out->items = arena_new_array(search->arena, struct candidate, count);
	if (!out->items)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		struct slice program = reader_slice(&in, reader_u32le(&in));
		struct candidate *candidate = &out->items[out->count];

		if (!reader_ok(&in))
			break;
		enum status status = chain_open(&candidate->chain, program, search->text,
						search->budget, search->arena);
		if (status == STATUS_OK)
			out->count++;
		else if (status != STATUS_MALFORMED)
			return status;
	}
	return STATUS_OK;
}

static enum status count_starts(struct candidates *candidates, struct pattern_range range,
				uint64_t want, struct pattern_matches *out)
{
	uint64_t first = range.first;

	for (size_t i = 0; i < candidates->count; i++) {
		enum status status = advance(&candidates->items[i], range.first,
					     range.last);
		if (status != STATUS_OK)
			return status;
	}
	while (out->count < want) {
		const struct candidate *next = nearest(candidates);
		if (!next)
			break;
		if (out->count++ == 0) {
			out->offset = next->start;
			out->len = next->len;
		}
		first = next->start + 1;
		for (size_t i = 0; i < candidates->count && out->count < want; i++) {
			enum status status = advance(&candidates->items[i], first,
						     range.last);
			if (status != STATUS_OK)
				return status;
		}
	}
	return STATUS_OK;
}

/* Its next match is the first at or behind `first`. */
static enum status advance(struct candidate *candidate, uint64_t first, uint64_t last)
{
	if (candidate->has_next && candidate->start >= first)
		return STATUS_OK;
	enum status status = chain_next(&candidate->chain, first, last, &candidate->start,
					&candidate->len);
	candidate->has_next = status == STATUS_OK;
	return status == STATUS_END ? STATUS_OK : status;
}

/* The one that begins first, of several the shortest; NULL if there is none. */
static const struct candidate *nearest(const struct candidates *candidates)
{
	const struct candidate *best = NULL;

	for (size_t i = 0; i < candidates->count; i++) {
		const struct candidate *candidate = &candidates->items[i];
		if (!candidate->has_next)
			continue;
		if (!best || candidate->start < best->start ||
		    (candidate->start == best->start && candidate->len < best->len))
			best = candidate;
	}
	return best;
}
