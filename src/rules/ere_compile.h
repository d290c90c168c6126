/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of a POSIX extended regular expression, compiled to what match/ere.h runs.
 *
 * The dialect is that of Henry Spencer's library, which ClamAV uses: `.`, `[…]`, `*`
 * `+` `?` `{n}` `{n,}` `{n,m}` up to 255, `( )`, `|`, `^`, `$`, `\` before any
 * byte for the byte itself (there are no `\d`, no `\b`, no back references), `()` for
 * nothing, `{` without a number and a `)` too many for themselves. A `(?i)` at the
 * start: letters in either case. Classes `[:alpha:]` cannot stand in a line whose
 * fields end at colons, and are refused.
 */
#pragma once

#include "rules/line.h"

enum ere_options {
	/* the match reaches to the end of the text, but for one slash there */
	ERE_TO_THE_END = 1,
};

/*
 *   OK          *out is a program, in the line's arena
 *   MALFORMED   not an expression; or it needs too many states: the line is refused
 *   NO_MEMORY
 */
MUST_CHECK enum status ere_compile(const struct rule_line *line, struct span span,
				   unsigned options, struct slice *out);
