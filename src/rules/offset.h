/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a pattern may be:
 *
 *	*        anywhere            n       n bytes from the start
 *	EOF-n    n before the end    EP+n, EP-n  from the entry point
 *	Sx+n     from section x      SL+n    from the last section
 *	SEx      in section x        …,m     may begin up to m bytes behind that
 *
 * Entry points and sections are for targets 1, 6 and 9.
 */
#pragma once

#include "rules/line.h"

/* OK: the sub's offset is set. MALFORMED, UNSUPPORTED: the line's error says why. */
MUST_CHECK enum status offset_read(const struct rule_line *line, struct span span,
				   unsigned target, struct rule_sub *sub);
