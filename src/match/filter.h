/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The prefilter: one pass over the bytes that finds the few places where a
 * rule could begin to be true.
 *
 * Each rule that can be anchored has a group of *trigger* literals, at least
 * one of which must be in an object for the rule to match. Of each literal some
 * grams are chosen, those least common in ordinary files, one behind the other
 * and so many that one of them stands at one of the places that are asked about:
 *
 *   literal of           gram of           grams   asked about
 *   11 bytes and more    FILTER_LONG, 8    4       every fourth place
 *   5 to 10 bytes        FILTER_GRAM, 4    2       every second place
 *   4 bytes              FILTER_GRAM, 4    1       every second place, …
 *                        FILTER_TAIL, 3    1       … or one behind it, with any fourth byte
 *   2 and 3 bytes        FILTER_SHORT, 2   1       every place
 *
 * A gram is folded (each byte | 0x20), so that one table serves literals with
 * and without regard to case. It is looked up
 *
 *   1. in a Bloom filter of the object's target (SECTION_FILTERS), one for grams of
 *      eight bytes and one for those of four (and three, with each fourth byte there
 *      is), sized to stay in the second-level cache: two bits in one 64-bit word;
 *   2. if that says maybe, in the exact table (SECTION_GRAMS), which gives a
 *      run of triggers; each literal is then compared in full.
 *
 * Grams of two bytes are looked up in a plain bitmap of 65,536 bits: gram g is bit
 * g & 7 of byte g >> 3. A rule that has a literal of one byte in its group, or no group
 * at all, goes to SECTION_ALWAYS.
 *
 * SECTION_FILTERS begins with a struct filter_record for each target (those of
 * target 0 included in every one); then come the bitmaps and the words.
 *
 * The idea is that of Rabin–Karp, Wu–Manber and Hash-AV: hashes and Bloom
 * filters, not shift-or tables.
 *
 * In the table a gram of eight bytes goes by its filter_print(): what two have alike
 * leads to the triggers of both. A gram's record is in the slot filter_slot() of its
 * filter_hash() or in one of the FILTER_PROBES_MAX - 1 behind it (the first slot follows
 * the last); an empty slot ends the search.
 */
#pragma once

#include <stdint.h>

enum { FILTER_LONG = 8, FILTER_GRAM = 4, FILTER_TAIL = 3, FILTER_SHORT = 2 };
enum { FILTER_LONG_STEP = 4, FILTER_GRAM_STEP = 2 };
enum {
	FILTER_LONG_MIN = FILTER_LONG + FILTER_LONG_STEP - 1,
	FILTER_GRAM_MIN = FILTER_GRAM + FILTER_GRAM_STEP - 1,
	FILTER_LITERAL_MAX = 64,
};
enum { FILTER_PROBES_MAX = 256 };

/* 24 bytes, TARGET_COUNT of them at the start of SECTION_FILTERS */
struct filter_record {
	/* where the 64-bit words of the Bloom filter for grams of four bytes begin */
	uint32_t words;
	/* 1 << this of them; FILTER_NONE: there are no such grams */
	uint32_t words_log2;
	uint32_t bitmap;     /* where the 8192 bytes of the two-byte bitmap begin */
	uint32_t has_bitmap; /* 0: no trigger of two or three bytes */
	uint32_t long_words; /* the same for grams of eight bytes */
	uint32_t long_words_log2;
};

#define FILTER_NONE UINT32_MAX
enum { FILTER_RECORD_LEN = 24 };

/* A number for the table whose high half depends on every bit of the gram. */
static inline uint64_t filter_hash(uint32_t folded_gram, unsigned len)
{
	uint64_t key = (uint64_t)(FILTER_GRAM - len) << 32 | folded_gram;

	return key * UINT64_C(0x9e3779b97f4a7c15);
}

/*
 * Eight folded bytes, the first one lowest, as 32 bits that each depend on all of them.
 * Four bytes have a print as well, with high = 0.
 */
static inline uint32_t filter_print(uint32_t low, uint32_t high)
{
	uint64_t mixed = low * UINT64_C(0x9e3779b1) + high * UINT64_C(0x85ebca77);

	return (uint32_t)(mixed ^ mixed >> 32);
}

/*
 * Word and bits of a gram in a Bloom filter of 1 << words_log2 words: the word from the top
 * bits of its print, two bit numbers from the lowest twelve.
 */
enum { FILTER_WORDS_LOG2_MIN = 1, FILTER_WORDS_LOG2_MAX = 20 };

static inline uint32_t filter_word(uint32_t print, unsigned words_log2)
{
	return print >> (32 - words_log2);
}

static inline uint64_t filter_bits(uint32_t print)
{
	return UINT64_C(1) << (print & 63) | UINT64_C(1) << (print >> 6 & 63);
}

/* Where the search for a gram begins, in a table of so many slots. */
static inline uint64_t filter_slot(uint64_t hash, uint32_t slots)
{
	return (hash >> 32) * slots >> 32;
}

/* A gram of FILTER_GRAM bytes, folded; of fewer with the high bytes cut off. */
static inline uint32_t filter_fold(uint32_t gram)
{
	return gram | UINT32_C(0x20202020);
}
