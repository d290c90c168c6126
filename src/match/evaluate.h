/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decides candidate rules: target, condition, then the expression, for which each
 * subsignature that it asks about is searched in the object, once for each rule.
 *
 * No rule may take more than a quarter of the steps that are left, so that one that
 * is made to be slow does not silence the others.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/status.h"
#include "match/budget.h"
#include "match/facts.h"
#include "match/matcher.h"
#include "match/pattern_find.h"
#include "match/text.h"

struct evaluator {
	const struct matcher *matcher;
	const struct match_object *object;
	struct facts facts; /* of the object */
	struct source bytes;
	struct text
		text; /* of the bytes; opened with the first rule that looks at them */
	bool is_open;
	struct budget budget; /* of the rule at hand */
	uint64_t steps_left;
};

/* `bytes` is the object's source, or all of its bytes in memory. */
void evaluator_init(struct evaluator *evaluator, const struct matcher *matcher,
		    const struct match_object *object, const struct source *bytes);

/*
 * Decides one rule, and tells a hit or a cut.
 *   OK
 *   TIME
 *   CHANGED, IO   the source broke
 */
MUST_CHECK enum status evaluator_run(struct evaluator *evaluator, uint32_t segment,
				     uint32_t rule);

/*
 * Opens the text, if it is not, and gives all steps that are left: for whoever looks for
 * something else in it.
 *   OK, NO_MEMORY
 */
MUST_CHECK enum status evaluator_ready(struct evaluator *evaluator);

enum { SUB_PLACES_MAX = 8, SUB_COUNT_SHOWN = 1000 };

/* What one subsignature is in the object: for explain alone. */
struct sub_report {
	bool has_range; /* else it may be nowhere: what its offset is from is not there */
	struct pattern_range range;
	struct pattern_matches matches;  /* up to SUB_COUNT_SHOWN */
	uint64_t places[SUB_PLACES_MAX]; /* where the first of them begin */
	size_t place_count;
};

/*
 * Searches one subsignature, as the rule's expression would.
 *   OK
 *   LIMIT, NO_MEMORY   it could not be told
 *   TIME, CHANGED, IO
 */
MUST_CHECK enum status evaluator_sub(struct evaluator *evaluator, uint32_t segment,
				     uint32_t rule, unsigned sub, struct sub_report *out);
