/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which lines a source has already had: the second of two identical rules is
 * left out. A line is known by its digest.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/status.h"

enum { SEEN_KEY_LEN = 8 };

struct seen {
	struct arena *arena;
	struct digest_state *digest;
	uint8_t (*slots)[SEEN_KEY_LEN]; /* all zeros: free */
	size_t slot_count;              /* a power of two */
	size_t used;
};

/* `digest` is borrowed. */
void seen_init(struct seen *seen, struct arena *arena, struct digest_state *digest);

/* Has this source had the line before? Now it has.  OK, NO_MEMORY */
MUST_CHECK enum status seen_add(struct seen *seen, uint32_t source, struct slice line,
				bool *ret_was_there);
