/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regular expressions, by PCRE2's interpreter: a worker may make no memory executable,
 * so there is no JIT.
 *
 * Rules hold them as text; they are compiled where they are used, and kept for other
 * objects where the caller has a place for that (match/regex_cache.h). Nothing about them
 * is believed: work is charged to the budget from inside of the match (each item of the
 * expression that is tried takes steps), memory is the arena's. An expression made to
 * explode ends with LIMIT.
 *
 * An object in memory is one subject. Any other is seen through a window that moves
 * on when a match would need what lies behind it, as far as a match fits into the
 * window at all.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"
#include "match/pattern_find.h"

enum regex_flags {
	REGEX_GLOBAL = 1,    /* all matches count, not only the first */
	REGEX_ROLLING = 2,   /* an offset is where to begin to search */
	REGEX_ENCOMPASS = 4, /* the whole match lies between offset and shift */
	REGEX_CASELESS = 8,
	REGEX_DOTALL = 16,
	REGEX_MULTILINE = 32,
	REGEX_EXTENDED = 64,
	REGEX_ANCHORED = 128,
	REGEX_DOLLAR_END = 256,
	REGEX_UNGREEDY = 512,
};

struct regex {
	struct slice text;
	unsigned flags; /* enum regex_flags */
};

enum { REGEX_MESSAGE_MAX = 128, REGEX_WINDOW_LEN = 64 << 20 };

struct regex_error {
	size_t offset; /* in the text */
	char message[REGEX_MESSAGE_MAX];
};

/*
 * Is it one?
 *   OK
 *   MALFORMED   *error says where and why
 *   NO_MEMORY
 */
MUST_CHECK enum status regex_check(const struct regex *regex, struct arena *arena,
				   struct regex_error *error);

/*
 * Looks for matches. What is before range->first is not there for the expression. With
 * a range of a single place the match is there, unless ROLLING; with a longer one it
 * starts in it. All of the object as the range is no offset at all. Matches do not
 * overlap. Stops at `want` of them, or at one without GLOBAL.
 *   OK      *out is right; offset and length of the first
 *   LIMIT   no steps left, or more memory or a longer window needed: nothing is known
 *   TIME, NO_MEMORY
 *   CHANGED, IO   the source broke
 */
MUST_CHECK enum status regex_find(const struct pattern_search *search,
				  const struct regex *regex, struct pattern_range range,
				  uint64_t want, struct pattern_matches *out);
