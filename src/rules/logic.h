/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The expression of a logical signature, `0&1&(2|3)>1`, into a program of
 * match/expr.h.
 *
 *	chain  := term | term '&' chain | term '|' chain
 *	term   := id [count] | '(' chain ')' [count [',' number]]
 *	count  := ('=' | '<' | '>') number
 *
 * There is no precedence. As in the original, seen with clamscan 1.4.6, a chain is
 * cut in two at its first operator, and so is the rest, but a chain in parentheses
 * at its last one, and then what is left of that at its first: `0&1|2` is `0&(1|2)`,
 * `(0&1|2)` is `((0&1)|2)`, `(0&1|2&3)` is `((0&(1|2))&3)`. Blanks may stand between
 * these.
 */
#pragma once

#include "rules/line.h"

struct logic {
	struct slice program;
	unsigned sub_count; /* the highest id and one */
	uint64_t counted;   /* subsignatures of which the number of matches is asked */
};

/* OK; MALFORMED: the line's error says where and why; NO_MEMORY. */
MUST_CHECK enum status logic_read(const struct rule_line *line, struct span span,
				  struct logic *out);
