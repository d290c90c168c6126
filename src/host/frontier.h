/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far a scan has got when its parts finish out of order: the place up to
 * which everything is finished, and the sums of what was counted up to there
 * and no further. This is what may be written down to go on from later.
 *
 * Memory grows with the number of unfinished parts, never with that of
 * finished ones: what finishes is added to its neighbour before it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/status.h"
#include "host/position.h"

struct frontier;
struct frontier_part;

/* With `count` numbers to be summed up. OK or NO_MEMORY. */
MUST_CHECK enum status frontier_new(size_t count, struct frontier **out);

void frontier_free(struct frontier *frontier);

/*
 * Begins at a place that was reached before (from resume_load()), with the sums
 * up to there. Before the first part alone. OK or NO_MEMORY.
 */
MUST_CHECK enum status frontier_begin(struct frontier *frontier, struct position at,
				      const uint64_t *sums);

/* A part that begins now, in the order of the walk. The path is copied. OK or NO_MEMORY. */
MUST_CHECK enum status frontier_issue(struct frontier *frontier, struct position at,
				      struct frontier_part **out);

/* It is finished and gone. `numbers` are added to the sums, once all before it are finished. */
void frontier_finish(struct frontier *frontier, struct frontier_part *part,
		     const uint64_t *numbers);

/*
 * The last place up to which everything is finished, and the sums up to it;
 * both are valid until the next call. False: not even the first part is.
 */
MUST_CHECK bool frontier_reached(const struct frontier *frontier, struct position *out,
				 const uint64_t **ret_sums);
