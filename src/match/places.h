/* SPDX-License-Identifier: Apache-2.0 */
/* Where the matches of a subsignature may start: its offset, in the object at hand. */
#pragma once

#include "base/compiler.h"
#include "base/status.h"
#include "match/evaluate.h"
#include "match/pattern_find.h"
#include "match/rule_record.h"

/* A range, or single places. */
struct places {
	struct pattern_range range;
	const struct pe_version *version; /* NULL: the range */
};

/*
 * What it learns of the object is kept in the evaluator's facts.
 *   OK
 *   END   nowhere, since what the offset refers to is not there
 *   NO_MEMORY, CHANGED, IO
 */
MUST_CHECK enum status places_of(struct evaluator *evaluator,
				 const struct sub_record *sub, struct places *out);

/*
 * The range that an offset names. False: it names none, or what it refers to is not
 * there.
 */
bool places_range(const struct sub_record *sub, const struct match_object *object,
		  struct pattern_range *out);
