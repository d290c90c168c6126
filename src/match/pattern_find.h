/* SPDX-License-Identifier: Apache-2.0 */
/* Where do patterns match in an object, and how often? */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"
#include "match/budget.h"
#include "match/text.h"

/* Matches may start at first … last. */
struct pattern_range {
	uint64_t first, last;
};

struct regex_cache;

struct pattern_search {
	struct text *text;
	struct budget *budget;
	struct arena *arena;         /* rewound when pattern_find() returns */
	bool clamav_compat;          /* match/beginnings.h */
	struct regex_cache *regexes; /* NULL: none are kept */
};

struct pattern_matches {
	uint64_t count;  /* of different starts, at most as many as were wanted; or what
			    pattern_count() says */
	uint64_t offset; /* the first of them */
	uint64_t len;
	uint64_t last; /* where the last of those counted begins */
};

/* The matches of several programs, one after the other. */
struct pattern_cursor {
	struct pattern_candidate *candidates;
	size_t count;
};

/*
 * For the programs of a list as sub_record.data has it: u16 count, then u32 length and
 * bytes of each. What is damaged is not looked for. Memory is the arena's, for as long
 * as the cursor is used.
 *   OK, NO_MEMORY
 */
MUST_CHECK enum status pattern_cursor_open(struct pattern_cursor *cursor,
					   const struct pattern_search *search,
					   struct slice programs);

/*
 * The first match that starts in the range, of several there the shortest. Ranges come
 * in ascending order, both ends of them.
 *   OK      *ret_start, *ret_len
 *   END     there is none
 *   LIMIT   no steps left, or a pattern too complex: nothing is known
 *   TIME, NO_MEMORY
 */
MUST_CHECK enum status pattern_cursor_next(struct pattern_cursor *cursor,
					   struct pattern_range range,
					   uint64_t *ret_start, uint64_t *ret_len);

/*
 * Counts matches of any of some programs, up to `want` different starts.
 *   OK      *out is right
 *   LIMIT, TIME, NO_MEMORY   as above
 *   CHANGED, IO   the source broke
 */
MUST_CHECK enum status pattern_find(const struct pattern_search *search,
				    struct slice programs, struct pattern_range range,
				    uint64_t want, struct pattern_matches *out);

/*
 * Makes a program what is looked for: with clamav_compat without what is never found.
 * Memory is the arena's.
 *   OK, LIMIT, TIME, NO_MEMORY
 */
MUST_CHECK enum status pattern_ready(const struct pattern_search *search,
				     struct slice *program);

/* Has one of the programs a gap? */
bool pattern_has_gap(struct slice programs);

/*
 * Counts what rules ask for with `0>2`: the places, up to `want`, where the last part of
 * a match stands; without gaps, its start. For `aa*bb` in `aa..aa..bb..bb..bb` that is 3,
 * where pattern_find() has 2 and a match has 6 ways.
 * As pattern_find().
 */
MUST_CHECK enum status pattern_count(const struct pattern_search *search,
				     struct slice programs, struct pattern_range range,
				     uint64_t want, uint64_t *ret_count);
