/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JavaScript as rules for target 3 see it: one spelling for many. Found by giving
 * scripts to clamscan 1.4.6; its oddities are kept, since rules were written on what it
 * makes of a script, not on what the script means.
 *
 *   - comments and white space go; one space stays between two words
 *   - strings in double quotes, their escapes decoded, "a"+"b" made one
 *   - unescape("…") is done; eval("…") and a packed eval(function(p,a,c,k,e,…){…}(…))
 *     give place to the script in them, once
 *   - variables and functions that a script declares are called n000, n001, …
 *   - letters A–Z become small
 *
 * script_tokens.h cuts the bytes into tokens, script_fold.h makes less of them,
 * script_names.h knows what is declared.
 */
#pragma once

#include "base/arena.h"
#include "base/clock.h"
#include "base/growing.h"
#include "base/slice.h"
#include "base/status.h"

/* When to stop. */
struct script_limits {
	struct clock clock;
	uint64_t deadline_ms;
};

/*
 * Appends "<script>", what `raw` comes to and, unless that ends so, "</script>" to *out.
 * `raw` is what follows "<script>", its end tag included.
 *   OK         also if *out did not take it all: growing.failed
 *   TIME, NO_MEMORY
 */
MUST_CHECK enum status script_normalise(struct arena *arena, struct slice raw,
					const struct script_limits *limits,
					struct growing *out);
