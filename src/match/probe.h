/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hot loops of the prefilter: which of the places that are asked about may begin a
 * gram? One file for each kind of processor (probe_*.c), all with the same answers.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/cpu_path.h"

/* A Bloom filter of 1 << words_log2 words (match/filter.h). NULL: there is none. */
struct probe {
	const uint8_t *words;
	unsigned words_log2;
};

enum { PROBE_BLOCK = 4096, PROBE_HITS_MAX = PROBE_BLOCK / 2 };

/*
 * Looks at the places 0, step, 2 × step … below count, which is at most PROBE_BLOCK, and
 * writes those that the filter lets through to `hits`, in ascending order. Returns how many.
 * Of the text, PROBE_READ_AHEAD bytes behind the last of the count may be read.
 */
typedef size_t probe_places(const struct probe *probe, const uint8_t *text, size_t count,
			    uint16_t hits[PROBE_HITS_MAX]);

enum { PROBE_READ_AHEAD = 7 };

struct probe_kernel {
	const char *name;
	enum cpu_path path;
	probe_places *longs; /* grams of FILTER_LONG bytes, step FILTER_LONG_STEP */
	probe_places *grams; /* of FILTER_GRAM, step FILTER_GRAM_STEP */
};

extern const struct probe_kernel probe_portable;
extern const struct probe_kernel probe_avx2;   /* x86 alone, and not on every one */
extern const struct probe_kernel probe_avx512; /* likewise */
extern const struct probe_kernel probe_neon;   /* arm64 alone, and on every one */

/*
 * Those that this processor can run, the portable one first and the one to use last.
 * Returns how many; `out` has room for PROBE_KERNELS_MAX.
 */
enum { PROBE_KERNELS_MAX = 3 };
size_t probe_kernels(const struct probe_kernel *out[PROBE_KERNELS_MAX]);

/* The one of that path, or the last of these; NULL: this processor cannot run it. */
const struct probe_kernel *probe_kernel_of(enum cpu_path path);
