/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a script declares, function by function. Not by the rules of the language but by
 * simpler ones:
 *
 *   - `function` begins a scope, which the brace that closes its first one ends; the
 *     word behind it, and words behind "(" and "," up to the first brace, are its own
 *   - the word behind `var` is declared in the scope; so is, up to a ";", a word behind
 *     a "," that is in no braces and no brackets
 *   - a name declared again gets a new number
 */
#pragma once

#include "view/script_tokens.h"

enum { SCRIPT_SCOPES_UP = 64 }; /* names are looked for in so many scopes around */

struct script_names;

/* Reads the declarations of all tokens. OK or NO_MEMORY. */
MUST_CHECK enum status script_names_read(struct arena *arena,
					 const struct script_tokens *tokens,
					 struct script_names **out);

/* For one token after another, in their order: the number of a declared name, or -1. */
int64_t script_names_next(struct script_names *names, const struct script_tokens *tokens,
			  size_t i);
