/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why does a rule match an object, or why not? Every question that matching asks, asked
 * again one by one, with what comes of it: target, conditions, whether the filter lets
 * it through, each subsignature, the expression. Slower than matching, and never part
 * of it; the answers are those of the same functions.
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"
#include "base/status.h"
#include "match/evaluate.h"
#include "match/expr.h"
#include "match/matcher.h"
#include "match/watch.h"

/*
 * Explains the rule of matcher->watch for the object, to matcher->watch->line. `bytes`
 * as for evaluator_init(). Of rules about digests nothing is told: scan/explain_digest.c
 * does.
 *   OK
 *   TIME, NO_MEMORY
 *   CHANGED, IO   the source broke
 */
MUST_CHECK enum status explain_rule(const struct matcher *matcher,
				    const struct match_object *object,
				    const struct source *bytes);

/* What is shared by the files that explain. */
struct explaining {
	const struct matcher *matcher;
	const struct match_object *object;
	const struct tables *tables;
	struct rule_record rule;
	struct evaluator evaluator;
	struct slice line; /* the rule's text */
	uint64_t counts[EXPR_SUBS_MAX];
	bool is_counted[EXPR_SUBS_MAX]; /* else it could not be told */
	char why[WATCH_TEXT_MAX];       /* the first condition that does not hold */
};

/* Tells a line; the first that is NO becomes the reason, if there is none yet. */
void explain_say(struct explaining *explaining, unsigned level, enum watch_answer answer,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* explain_icons.c: what a rule asks of icons; *ret_holds becomes false if it does not hold. */
MUST_CHECK enum status explain_icons(struct explaining *explaining, bool *ret_holds);

/* explain_expression.c: an expr_count that knows what was counted. */
bool explain_count(void *context, unsigned sub, uint64_t *ret_count);

/* explain_expression.c: the expression as a tree, with values. Needs the counts. */
MUST_CHECK enum status explain_expression(struct explaining *explaining, bool *ret_holds);
