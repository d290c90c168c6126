/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule in words. What is told is what was compiled, not what its line says: so it is
 * what will be matched.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "database/database.h"

struct decoder_output {
	/* A label of our own ("for", "when", "0" …) and what it is about; that is hostile. */
	void (*line)(void *context, const char *label, struct slice text);
	void *context;
};

/*
 * Tells the lines of a rule, in order. Memory is the arena's, and back at the end.
 *   OK         also where there is no such rule, or a damaged one: less is told
 *   NO_MEMORY
 */
MUST_CHECK enum status decode_rule(const struct database *database, uint32_t segment,
				   uint32_t rule, struct arena *arena,
				   const struct decoder_output *output);
