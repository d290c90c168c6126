/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The number of a target: which objects a rule is for.
 */
#pragma once

#include "rules/line.h"

/*
 *   OK           *out is a target whose objects are matched here
 *   MALFORMED    not a number
 *   UNSUPPORTED  skipped: no such target; or refused: what the rule is written
 *                for is a reading of the object that is not made yet
 */
MUST_CHECK enum status target_read(const struct rule_line *line, struct span span,
				   uint8_t *out);
