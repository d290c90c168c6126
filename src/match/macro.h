/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Macros: a subsignature that matches where a pattern of its group (ndb rules with the
 * offset $g$, of the same source and for the same target) begins so many bytes behind
 * the start of the subsignature before it.
 *
 * clamscan 1.4.6 looks only when the subsignature before it matches once more, at what
 * was last seen of both; so does MATCH_CLAMAV_COMPAT, as far as which places there are.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"
#include "match/pattern_find.h"
#include "match/tables.h"

/* The data of a SUB_MACRO, decoded. */
struct macro {
	uint32_t min, max; /* from the start of the one before to its own */
	uint8_t group;
};

enum { MACRO_GROUPS = 32, MACRO_DATA_LEN = 9 };

bool macro_load(struct slice data, struct macro *out);

/* Which patterns are its members, and what it follows. */
struct macro_search {
	const struct tables *tables;
	uint32_t source;
	uint8_t target;
	struct slice before;        /* the programs of the subsignature before it … */
	struct pattern_range range; /* … and where they may start */
	bool compat;
};

/*
 * Counts the starts of what is before it that have a member at its distance; offset,
 * length and last are those of members.
 * Statuses as pattern_find().
 */
MUST_CHECK enum status macro_find(const struct pattern_search *search,
				  const struct macro *macro,
				  const struct macro_search *members, uint64_t want,
				  struct pattern_matches *out);
