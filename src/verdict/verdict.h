/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the *file* is. A verdict is never an error code and never comes from
 * one: it is made here, from findings and from what could not be looked at.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/reason.h"

enum verdict {
	VERDICT_CLEAN, /* all of it was looked at, nothing matched */
	VERDICT_FOUND, /* at least one finding; beats incomplete */
	/* nothing found in what was looked at, but that was not all */
	VERDICT_INCOMPLETE,
};

/* What is known about one root so far. Starts as all zeros. */
struct outcome {
	uint32_t findings;
	uint32_t reasons; /* one bit for each enum reason seen */
};

void outcome_add_finding(struct outcome *outcome);
void outcome_add_reason(struct outcome *outcome, enum reason reason);
bool outcome_has_reason(const struct outcome *outcome, enum reason reason);

/* Folds what is known of another part of the same root into this. */
void outcome_merge(struct outcome *outcome, const struct outcome *other);

/* Leaving out the reasons whose bits are set in `accepted` (`--accept`). */
enum verdict outcome_verdict(const struct outcome *outcome, uint32_t accepted);

/* "clean", "found", "incomplete" */
const char *verdict_name(enum verdict verdict);
