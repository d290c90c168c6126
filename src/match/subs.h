/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often do the subsignatures of a rule match? Each is looked for when the
 * expression, or another subsignature, first asks.
 *
 * One that refers to others refers downwards, whatever its record says: a regular
 * expression's trigger to what stands before it; a comparison of bytes to a pattern
 * or a macro; a macro to the pattern before it. So asking ends.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "match/evaluate.h"
#include "match/expr.h"
#include "match/pattern_find.h"

struct subs {
	struct evaluator *evaluator;
	const struct tables *tables;
	struct rule_record rule;
	uint64_t count_max; /* nobody can tell a count above this one from it */
	bool is_known[EXPR_SUBS_MAX];
	struct pattern_matches matches[EXPR_SUBS_MAX];
	enum status status; /* why a count could not be told */
};

/*
 * The rule's expression asks what its numbers say; triggers of regular expressions are
 * taken into account.
 *   OK, NO_MEMORY
 */
MUST_CHECK enum status subs_init(struct subs *subs, struct evaluator *evaluator,
				 const struct tables *tables,
				 const struct rule_record *rule, struct slice expression);

/* For expr_run(); the context is a struct subs. False: its status says why. */
bool subs_count(void *context, unsigned id, uint64_t *ret_count);
