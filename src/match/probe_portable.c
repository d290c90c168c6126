/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Four places are asked about with one branch: hits are rare. Runs of one byte
 * are frequent in files, and one question answers them.
 */
#include <stdbool.h>
#include <string.h>

#include "base/compiler.h"
#include "match/filter.h"
#include "match/probe.h"

enum { RUN = 64, AT_ONCE = 4 };

static probe_places probe_longs, probe_grams;

const struct probe_kernel probe_portable = { "portable", CPU_PORTABLE, probe_longs,
					     probe_grams };

static inline uint64_t load_word(const uint8_t *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

static inline uint32_t print_at(const uint8_t *at, bool is_long)
{
	uint64_t gram = load_word(at) | UINT64_C(0x2020202020202020);

	return filter_print((uint32_t)gram, is_long ? (uint32_t)(gram >> 32) : 0);
}

/* The lowest bit says whether the gram may be one; the others say nothing. */
static inline uint64_t ask(const struct probe *probe, const uint8_t *at, bool is_long)
{
	uint32_t print = print_at(at, is_long);
	size_t index = filter_word(print, probe->words_log2);
	uint64_t word = load_word(&probe->words[index * sizeof(word)]);

	return word >> (print & 63) & word >> (print >> 6 & 63);
}

/* hot loop: are all bytes that the places of a run touch the same? */
static inline bool is_uniform(const uint8_t *text)
{
	uint64_t first = load_word(text);

	if (LIKELY(first != (first << 8 | first >> 56)))
		return false;
	return memcmp(text, text + 1, RUN + PROBE_READ_AHEAD - 1) == 0;
}

/* hot loop */
static inline __attribute__((always_inline)) size_t probe_all(const struct probe *probe,
							      const uint8_t *text,
							      size_t count,
							      uint16_t *hits,
							      bool is_long)
{
	const size_t step = is_long ? FILTER_LONG_STEP : FILTER_GRAM_STEP;
	size_t found = 0;
	size_t at = 0;

	while (count - at >= RUN) {
		size_t stop = at + RUN;

		if (is_uniform(text + at) && !(ask(probe, text + at, is_long) & 1)) {
			at = stop;
			continue;
		}
		for (; at < stop; at += AT_ONCE * step) {
			uint64_t some[AT_ONCE];

#pragma GCC unroll 4
			for (size_t i = 0; i < AT_ONCE; i++)
				some[i] = ask(probe, text + at + i * step, is_long);
			if (LIKELY(!((some[0] | some[1] | some[2] | some[3]) & 1)))
				continue;
			for (size_t i = 0; i < AT_ONCE; i++) {
				hits[found] = (uint16_t)(at + i * step);
				found += some[i] & 1;
			}
		}
	}
	for (; at < count; at += step) {
		hits[found] = (uint16_t)at;
		found += ask(probe, text + at, is_long) & 1;
	}
	return found;
}

static size_t probe_longs(const struct probe *probe, const uint8_t *text, size_t count,
			  uint16_t hits[PROBE_HITS_MAX])
{
	return probe_all(probe, text, count, hits, true);
}

static size_t probe_grams(const struct probe *probe, const uint8_t *text, size_t count,
			  uint16_t hits[PROBE_HITS_MAX])
{
	return probe_all(probe, text, count, hits, false);
}
