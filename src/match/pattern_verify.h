/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does a part of a pattern match at one place, and where can it end? All ways
 * through alternatives are followed at once, as a set of places; so there is no
 * going back, and the work is the length of the program times the size of the set.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"
#include "match/budget.h"
#include "match/pattern_program.h"
#include "match/text.h"

/* More ends than this at once make a pattern too complex: it is cut. */
enum { PLACES_MAX = 1024 };

/* Different offsets in the text, ascending. */
struct places {
	size_t count;
	uint64_t at[PLACES_MAX];
};

struct verifier {
	struct text *text;
	struct budget *budget;
	struct arena *arena;
	unsigned alt_depth;     /* of the programs that are verified, at most */
	struct places *places;  /* the last result */
	struct places *scratch; /* two for each level of ALTs; NULL until one is met */
};

/*
 * Memory for the sets is the arena's.
 *   OK, NO_MEMORY
 */
MUST_CHECK enum status verifier_open(struct verifier *verifier, struct text *text,
				     struct budget *budget, struct arena *arena,
				     unsigned alt_depth);

/*
 * Follows `steps` from `start`.
 *   OK         verifier->places has all ends; it may be empty
 *   LIMIT      too many ends, or no steps left
 *   TIME, NO_MEMORY
 * Where the text's source broke, the result is as if the text ended there.
 */
MUST_CHECK enum status verifier_run(struct verifier *verifier, struct slice steps,
				    uint64_t start);
