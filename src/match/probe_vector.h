/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernels with vectors share. A lane has eight bytes, so that the places of the
 * i-th vector are lane × 8 + step × i.
 */
#pragma once

#include <stdbool.h>

#include "match/filter.h"
#include "match/probe.h"

enum { PROBE_LANE = 8, PROBE_VECTORS_MAX = PROBE_LANE / FILTER_GRAM_STEP };

/* hot loop: bit n of let[i] stands for the place n × PROBE_LANE + i × step. */
static inline size_t probe_put(const unsigned let[PROBE_VECTORS_MAX], bool is_long,
			       size_t at, uint16_t *hits)
{
	const size_t step = is_long ? FILTER_LONG_STEP : FILTER_GRAM_STEP;
	unsigned any = let[0] | let[1] | let[2] | let[3];
	size_t found = 0;

	for (; any != 0; any &= any - 1) {
		unsigned lane = (unsigned)__builtin_ctz(any);

		for (size_t i = 0; i < PROBE_LANE / step; i++) {
			hits[found] = (uint16_t)(at + lane * PROBE_LANE + i * step);
			found += let[i] >> lane & 1;
		}
	}
	return found;
}

/* The last places, too few for a vector, were asked about as if they began a text. */
static inline void probe_shift(uint16_t *hits, size_t count, size_t by)
{
	for (size_t i = 0; i < count; i++)
		hits[i] = (uint16_t)(hits[i] + by);
}
