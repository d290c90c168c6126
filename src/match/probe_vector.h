/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernels with vectors share. A lane has eight bytes, so that the places of the
 * i-th vector are lane × 8 + step × i.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"
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

/* Which of the grams at text, text + PROBE_LANE … does the filter let through? */
typedef unsigned probe_ask(const struct probe *probe, const uint8_t *text, bool is_long);

/* A kind of vectors: so many bytes at a time. */
struct probe_vector {
	probe_ask *ask;
	size_t run;
	bool is_long;
};

/* hot loop: compiled into each kernel, for what its `vector` is. */
static inline __attribute__((always_inline)) size_t probe_runs(struct probe_vector vector,
							       const struct probe *probe,
							       const uint8_t *text,
							       size_t count,
							       uint16_t *hits)
{
	const size_t step = vector.is_long ? FILTER_LONG_STEP : FILTER_GRAM_STEP;
	const size_t vectors = PROBE_LANE / step;
	size_t found = 0;
	size_t at = 0;

	for (; count - at >= vector.run; at += vector.run) {
		unsigned let[PROBE_VECTORS_MAX] = { 0 };

#pragma GCC unroll 4
		for (size_t i = 0; i < vectors; i++)
			let[i] = vector.ask(probe, text + at + i * step, vector.is_long);
		if (UNLIKELY((let[0] | let[1] | let[2] | let[3]) != 0))
			found += probe_put(let, vector.is_long, at, hits + found);
	}
	probe_places *rest = vector.is_long ? probe_portable.longs : probe_portable.grams;
	size_t more = rest(probe, text + at, count - at, hits + found);
	probe_shift(hits + found, more, at);
	return found + more;
}
