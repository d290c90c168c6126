/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One subsignature of a logical signature: [Offset:]HexPattern[::options]. The
 * other kinds (regular expressions, comparisons of bytes, macros, images) are
 * refused, each by its name: a rule is never loaded in part.
 */
#pragma once

#include "rules/line.h"

/*
 *   OK           *out is the subsignature; its flags are left to the caller
 *   MALFORMED, UNSUPPORTED   the line's error says where and why
 *   NO_MEMORY
 */
MUST_CHECK enum status subsignature_read(const struct rule_line *line, struct span span,
					 unsigned target, struct rule_sub *out);
