/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pattern program in one text: where does its last part stand at the end of a
 * match? That is what counts of a pattern with gaps are of (match/pattern_find.h);
 * whether it matches at all is asked of a chain (match/chain.h), which is faster.
 *
 * A start of a part is *reached* if the part matches there and a reached start of the
 * part before it has an end so far before that the gap allows it; of the first part, if
 * it lies in the range. The answers are the reached starts of the last part.
 *
 * Whether a start is reached depends on nothing but the start, and starts are tried in
 * the order of the text. So each part goes through the text once, and no further than
 * the part behind it needs. What is kept of a part are ends that the next one may still
 * need: behind an open gap the smallest; else the largest that is far enough before, and
 * those that are not yet. There is no recursion: a start that waits for the part before
 * it waits in its part.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"
#include "match/part_find.h"
#include "match/pattern_find.h"
#include "match/pattern_program.h"
#include "match/pattern_verify.h"

enum { FORWARD_ENDS_FEW = 4 };

/* Different ends, ascending. */
struct ends {
	uint64_t *at;
	size_t count, max;
	uint64_t few[FORWARD_ENDS_FEW];
};

struct stage {
	const struct pattern_part *part;
	struct part_finder finder;
	uint64_t at;   /* no start before this is left to be tried */
	uint64_t last; /* none behind this can be one */
	bool waits;    /* `at` matches with the ends in `found`: is it reached? */
	struct ends found;
	struct ends reached; /* of starts that are, as far as they may be needed */
};

struct forward {
	struct text *text;
	struct budget *budget;
	struct arena *arena;
	struct verifier verifier;
	struct stage *stages;
	size_t count;
};

/*
 * Matches of the program begin in `range`. Memory is the arena's, for as long as the
 * pass is used.
 *   OK
 *   MALFORMED  not a program
 *   NO_MEMORY
 */
MUST_CHECK enum status forward_open(struct forward *forward,
				    const struct pattern_search *search,
				    struct slice program, struct pattern_range range);

/*
 * The next place, in the order of the text, where the last part stands.
 *   OK      *ret_start
 *   END     there is none, and will be none
 *   LIMIT   no steps left, or the pattern is too complex here
 *   TIME, NO_MEMORY
 *   CHANGED, IO   the text's source broke
 */
MUST_CHECK enum status forward_next(struct forward *forward, uint64_t *ret_start);
