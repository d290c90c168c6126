/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ClamAV's hexadecimal patterns, as ndb and ldb use them, into pattern
 * programs. docs/formats/clamav-signatures.md has the grammar; where the
 * original's manual and clamscan 1.4.6 differ, clamscan is followed.
 */
#pragma once

#include "rules/line.h"

enum hex_options {
	HEX_NOCASE = 1,   /* letters in either case */
	HEX_WIDE = 2,     /* each byte followed by a zero */
	HEX_FULLWORD = 4, /* no letter or digit on either side */
	HEX_OPTIONED =
		16, /* there were options, whichever: refuses what clamscan then refuses */
	HEX_SHORT = 8, /* two fixed bytes are enough for a pattern without wildcards */
};

/*
 * Reads the pattern in `span`.
 *   OK           *out is the program, in the line's arena
 *   MALFORMED    the line's error says where and why
 *   NO_MEMORY
 */
MUST_CHECK enum status hex_pattern_read(const struct rule_line *line, struct span span,
					unsigned options, struct slice *out);
