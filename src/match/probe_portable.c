/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Four positions are asked about with one branch: hits are rare. Runs of one byte
 * are frequent in files, and one question answers them.
 */
#include "match/probe.h"

#include <stdbool.h>
#include <string.h>

#include "base/compiler.h"
#include "match/filter.h"

enum { RUN = 64, STEP = 4 };

static inline size_t probe_with(const struct probe *probe, const uint8_t *text,
				size_t count, uint16_t *hits);

size_t probe_portable(const struct probe *probe, const uint8_t *text, size_t count,
		      uint16_t hits[PROBE_BLOCK])
{
	/* Each call is compiled on its own, without the questions it has no use for. */
	if (!probe->words)
		return probe_with(&(struct probe){ .bitmap = probe->bitmap }, text, count,
				  hits);
	struct probe words = { probe->words, probe->words_log2, NULL };
	if (!probe->bitmap)
		return probe_with(&words, text, count, hits);
	words.bitmap = probe->bitmap;
	return probe_with(&words, text, count, hits);
}

static inline uint32_t load_gram(const uint8_t *at)
{
	uint32_t gram;

	memcpy(&gram, at, sizeof(gram));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	gram = __builtin_bswap32(gram);
#endif
	return filter_fold(gram);
}

static inline uint64_t load_word(const uint8_t *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

/* The lowest bit says whether the gram may be one; the others say nothing. */
static inline uint64_t ask(const struct probe *probe, uint32_t gram)
{
	uint64_t maybe = 0;

	if (probe->words) {
		uint64_t hash = filter_hash(gram, FILTER_GRAM);
		size_t at = (size_t)filter_word(hash, probe->words_log2);
		uint64_t word = load_word(&probe->words[at * sizeof(word)]);
		maybe = word >> (hash >> 32 & 63) & word >> (hash >> 38 & 63);
	}
	if (probe->bitmap) {
		uint32_t two = gram & 0xffff;
		maybe |= (uint64_t)probe->bitmap[two >> 3] >> (two & 7);
	}
	return maybe;
}

/* hot loop: are all bytes that the positions of a run touch the same? */
static inline bool is_uniform(const uint8_t *text)
{
	uint64_t first = load_word(text);

	if (LIKELY(first != (first << 8 | first >> 56)))
		return false;
	return memcmp(text, text + 1, RUN + PROBE_READ_AHEAD - 1) == 0;
}

/* hot loop: writes the hits among some positions, and returns how many. */
static inline size_t probe_each(const struct probe *probe, const uint8_t *text,
				size_t from, size_t to, uint16_t *hits)
{
	size_t found = 0;

	for (size_t at = from; at < to; at++) {
		hits[found] = (uint16_t)at;
		found += ask(probe, load_gram(text + at)) & 1;
	}
	return found;
}

/* hot loop */
static inline __attribute__((always_inline)) size_t probe_with(const struct probe *probe,
							       const uint8_t *text,
							       size_t count,
							       uint16_t *hits)
{
	size_t found = 0;
	size_t at = 0;

	while (at < count) {
		if (count - at >= RUN && is_uniform(text + at) &&
		    !(ask(probe, load_gram(text + at)) & 1)) {
			at += RUN;
			continue;
		}
		size_t stop = count - at < RUN ? count : at + RUN;
		for (; stop - at >= STEP; at += STEP) {
			uint64_t some = 0;

#pragma GCC unroll 4
			for (size_t i = 0; i < STEP; i++)
				some |= ask(probe, load_gram(text + at + i));
			if (UNLIKELY(some & 1))
				found += probe_each(probe, text, at, at + STEP,
						    hits + found);
		}
		found += probe_each(probe, text, at, stop, hits + found);
		at = stop;
	}
	return found;
}
