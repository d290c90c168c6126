/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Somebody who watches rules being decided: what each costs, and, of one rule, why it
 * matches an object or does not. NULL in an ordinary scan, where nothing of this runs.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

enum watch_answer {
	WATCH_TEXT, /* neither yes nor no: something to know */
	WATCH_NO,
	WATCH_YES,
	WATCH_UNKNOWN, /* it could not be told: no steps or no memory left */
	WATCH_ANSWERS,
};

/* Lines of an explanation form a tree: each is about the next one above with a lower level. */
struct watch_line {
	unsigned level;
	enum watch_answer answer;
	struct slice text; /* for people; what is in it of rules and objects is hostile */
};

enum { WATCH_TEXT_MAX = 1024, WATCH_LEVEL_MAX = 32 };

struct match_watch {
	/* Before and after a candidate is decided; NULL: nobody asks what rules cost. */
	void (*begin)(void *context);
	void (*end)(void *context, uint32_t segment, uint32_t rule, uint64_t steps);

	/* Explains rule `rule` of segment `segment` for each object, line by line. */
	bool explains;
	uint32_t segment, rule;
	/* Tells what hash rules for each object would say: scan/prints.c. */
	bool prints;
	void (*line)(void *context, const struct watch_line *line);
	void *context;
};
