/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks closely into files, one after another: every hit of every rule, with
 * the bytes around it; of one rule also why it matches or does not. For `custos explain
 * --file` and `custos db test`.
 *
 * Bytes of an object inside a file come from a second run of the worker, which
 * then sends what it unpacks; those of the file itself are read here. Nothing
 * of them is interpreted.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "command.h"

struct examination {
	const char *const *paths;
	size_t path_count;
	const char *rule; /* only this rule's hits: a name or source:name; NULL: all */
	/* of that rule, tell also why it matches or does not */
	bool explains;
	uint64_t files_scanned, files_hit; /* out */
};

/* False if something could not be looked at; that was said on stderr. */
MUST_CHECK bool examine(struct examination *examination, const struct config *config);
