/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where can a part of a pattern begin? Only where its needle is: what is known of the
 * needle's places is kept, so that questions in the order of the text search it once.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/status.h"
#include "match/budget.h"
#include "match/pattern_program.h"
#include "match/text.h"

/* Nothing from `from` to before `to`; something at `to` if `found`. */
struct stretch {
	uint64_t from, to;
	bool found;
};

struct part_finder {
	const struct needle *needle; /* it has a length */
	struct text *text;
	struct budget *budget;
	struct stretch known; /* of the needle's places; at first all zero */
};

/*
 * Moves *at on to the first place, up to `last`, where a match of the part may begin; to
 * `last` + 1 if there is none.
 *   OK
 *   LIMIT, TIME   the budget's
 *   CHANGED, IO   the text's source broke
 */
MUST_CHECK enum status part_skip(struct part_finder *finder, uint64_t last, uint64_t *at);
