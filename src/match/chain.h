/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pattern program in one text: from where on can all of it be followed?
 *
 * The parts of a program, between its gaps, form a chain. A start of a part is
 * *good* if the part matches there and a good start of the next part lies within
 * the gap behind one of its ends; of the last part, if it matches. The matches of
 * the program are the good starts of its first part.
 *
 * Whether a start is good depends on nothing but the start. So each part keeps what
 * it knows: a stretch of the text with no good start in it, and perhaps the good
 * one that ends the stretch. Questions come in the order of the text, or nearly so;
 * each part therefore goes through the text once, whatever the gaps are, and
 * nothing is ever tried twice. There is no recursion: the question that waits for
 * an answer from the next part waits in its part.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"
#include "match/budget.h"
#include "match/part_find.h"
#include "match/pattern_program.h"
#include "match/pattern_verify.h"
#include "match/text.h"

enum { LINK_ENDS_FEW = 4 };

struct link {
	const struct pattern_part *part;
	struct stretch good; /* what is known of this part's good starts */
	uint64_t good_end;   /* where the way from good.to ends, if found */
	struct part_finder finder;
	/* The question in work: which is the first good start from first to last? */
	uint64_t first, last;
	uint64_t at;    /* none before this */
	bool is_before; /* it began before the stretch known */
	/* Ends of the part at `at`; for ends[asked] the next part is asked now. */
	uint64_t *ends;
	size_t end_count, asked, ends_max;
	uint64_t few[LINK_ENDS_FEW];
	/* The last answer, if it was yes: the start, and where the way from it ends. */
	uint64_t start, end;
};

struct chain {
	struct text *text;
	struct budget *budget;
	struct arena *arena;
	struct verifier verifier;
	struct link *links;
	size_t count;
};

/*
 * Memory is the arena's, for as long as the chain is used.
 *   OK
 *   MALFORMED  not a program
 *   NO_MEMORY
 */
MUST_CHECK enum status chain_open(struct chain *chain, struct slice program,
				  struct text *text, struct budget *budget,
				  struct arena *arena);

/*
 * The first match that starts at first … last.
 *   OK      *ret_start, *ret_len
 *   END     there is none
 *   LIMIT   no steps left, or the pattern is too complex here
 *   TIME, NO_MEMORY
 *   CHANGED, IO   the text's source broke
 * Asked in ascending order it goes through the text once.
 */
MUST_CHECK enum status chain_next(struct chain *chain, uint64_t first, uint64_t last,
				  uint64_t *ret_start, uint64_t *ret_len);
