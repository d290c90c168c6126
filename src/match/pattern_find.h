/* SPDX-License-Identifier: Apache-2.0 */
/* Where do patterns match in an object, and how often? */
#pragma once

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

struct pattern_search {
	struct text *text;
	struct budget *budget;
	struct arena *arena; /* rewound when pattern_find() returns */
};

struct pattern_matches {
	uint64_t count;  /* of different starts, at most as many as were wanted */
	uint64_t offset; /* the first of them */
	uint64_t len;
};

/*
 * Looks for matches of any of some programs: a list as sub_record.data has it,
 * u16 count, then u32 length and bytes of each. Stops at `want` different starts.
 * A damaged program matches nothing; a damaged list ends where it is damaged.
 *   OK      *out is right
 *   LIMIT   no steps left, or a pattern too complex: nothing is known
 *   TIME, NO_MEMORY
 *   CHANGED, IO   the source broke
 */
MUST_CHECK enum status pattern_find(const struct pattern_search *search,
				    struct slice programs, struct pattern_range range,
				    uint64_t want, struct pattern_matches *out);
