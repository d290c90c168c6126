/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs the filters of all segments (match/filter.h) over the bytes of one object,
 * window by window, and collects the rules that they let through.
 *
 * A rule is looked for until it is found; a gram all of whose rules are found is
 * done. So a text full of one literal costs little. A text made of grams whose
 * literals then do not follow, or are for other targets, would cost a look at many
 * triggers at every byte: when there have been more of these than a part of the bytes, what a
 * gram leads to is taken without a comparison.
 * That is sound, since the filter decides what is looked at and never what is true.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"
#include "match/filter.h"
#include "match/id_set.h"
#include "match/probe.h"
#include "match/tables.h"

struct prefilter_segment {
	const struct tables *tables;
	uint32_t number; /* of the segment */
	uint32_t slots;  /* of the table of grams */
	struct probe longs;
	struct probe grams;
	const uint8_t *bitmap; /* of two-byte grams, 8192 bytes; NULL: none */
};

struct prefilter {
	struct prefilter_segment *segments; /* those that have something to look for */
	size_t segment_count;
	unsigned target;
	const struct probe_kernel *kernel; /* the best; another may be set */
	struct id_set *candidates;         /* segment << 32 | rule */
	struct id_set done;     /* grams that need no look: segment << 32 | slot */
	uint64_t bytes;         /* looked at so far */
	uint64_t lookups;       /* in the exact table */
	uint64_t visits;        /* triggers that these led to */
	uint64_t comparisons;   /* with the literals of some of these */
	uint64_t visits_before; /* the last restart; `bytes` are those since then */
};

/*
 * For an object of that target; found rules are added to `candidates`.
 *   OK, NO_MEMORY
 */
MUST_CHECK enum status prefilter_open(struct prefilter *prefilter,
				      const struct tables *segments, size_t segment_count,
				      unsigned target, struct id_set *candidates);

/* As if nothing had been looked at yet; what is found is added to `candidates` from now on. */
void prefilter_restart(struct prefilter *prefilter, struct id_set *candidates);

/* Is there anything to look for? */
static inline bool prefilter_is_empty(const struct prefilter *prefilter)
{
	return prefilter->segment_count == 0;
}

/*
 * Looks at the grams that begin at from … to - 1 of the text; their literals may
 * reach to any part of it, so that it should have FILTER_LITERAL_MAX bytes more on
 * both sides, if the object has.
 *   OK, NO_MEMORY
 */
MUST_CHECK enum status prefilter_run(struct prefilter *prefilter, struct slice text,
				     size_t from, size_t to);
