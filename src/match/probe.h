/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hot loop of the prefilter: which positions of a text may begin a gram? One
 * file for each kind of processor (probe_*.c), all with the same answers.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* What is asked at each position; either may be absent. */
struct probe {
	const uint8_t
		*words; /* of the Bloom filter, 1 << words_log2 of them; NULL: none */
	unsigned words_log2;
	const uint8_t *bitmap; /* of two-byte grams, 8192 bytes; NULL: none */
};

enum { PROBE_BLOCK = 4096 };

/*
 * Looks at positions 0 … count - 1 of the text, count being at most PROBE_BLOCK, and
 * writes those that one of the filters lets through to `hits`, in ascending order.
 * Returns how many. The text has PROBE_READ_AHEAD bytes behind its last position.
 */
typedef size_t probe_kernel(const struct probe *probe, const uint8_t *text, size_t count,
			    uint16_t hits[PROBE_BLOCK]);

enum { PROBE_READ_AHEAD = 3 };

probe_kernel probe_portable;
