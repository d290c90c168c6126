/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules that ign and ign2 files name: kept per source, since a list speaks
 * for the rules of its own source only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/status.h"
#include "database/rows.h"
#include "rules/rule.h"

struct ignored {
	struct rows entries;
	struct rows names; /* bytes */
	bool has_digests;  /* some entry is for one line only */
	struct digest_state *digest;
};

/* `digest` is borrowed, for lines that are named by their MD5. */
void ignored_init(struct ignored *ignored, struct arena *arena,
		  struct digest_state *digest);

/* Adds an entry (a RULE_IGNORE). False: no memory. */
MUST_CHECK bool ignored_add(struct ignored *ignored, uint32_t source,
			    const struct rule *rule);

/* Once, between the last ignored_add() and the first ignored_has(). */
void ignored_finish(struct ignored *ignored);

/*
 * Is a rule of that source, with that name and line, to be left out?
 * OK or NO_MEMORY; the answer is in *ret_is_ignored.
 */
MUST_CHECK enum status ignored_has(struct ignored *ignored, uint32_t source,
				   struct slice name, struct slice line,
				   bool *ret_is_ignored);
