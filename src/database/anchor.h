/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which literals make a rule a candidate: a group of them, at least one of which
 * is in every object that the rule matches, as rare in ordinary files as can be
 * had.
 *
 * Of a subsignature every program gives one literal (or one for each of some
 * alternatives); of what an expression joins by AND one side is enough, of OR
 * both are needed; what is compared with a count gives something only where the
 * comparison cannot hold without a match.
 */
#pragma once

#include "base/arena.h"
#include "base/status.h"
#include "match/filter.h"
#include "rules/rule.h"

struct anchor {
	struct slice literal; /* 2 to FILTER_LITERAL_MAX bytes, of the rule's program */
	uint8_t gram_at;      /* where the first of its grams (match/filter.h) begins */
	uint8_t flags;        /* TRIGGER_FOLD */
	bool is_image;        /* the literal is an image's hash, as stored */
};

struct anchors {
	struct anchor *list;
	size_t count; /* 0: no such group */
};

/* More than these would cost more than a look at the rule. */
enum { ANCHORS_MAX = 256 };

/* OK, NO_MEMORY. What *out points to lies in the arena and in the rule. */
MUST_CHECK enum status anchor_choose(const struct rule *rule, struct arena *arena,
				     struct anchors *out);
