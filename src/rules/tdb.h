/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The target description block of a logical signature,
 * `Engine:51-255,FileSize:0-1000,Target:1`: what must hold of an object before
 * its bytes are looked at.
 */
#pragma once

#include "rules/line.h"

/*
 *   OK           target and condition (match/expr.h) of *rule are set
 *   MALFORMED, UNSUPPORTED   the line's error says where and why
 *   NO_MEMORY
 */
MUST_CHECK enum status tdb_read(const struct rule_line *line, struct span span,
				struct rule *rule);
