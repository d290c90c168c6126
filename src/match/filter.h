/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The prefilter: one pass over the bytes that finds the few places where a
 * rule could begin to be true.
 *
 * Each rule that can be anchored has a group of *trigger* literals, at least
 * one of which must be in an object for the rule to match. Of each literal one
 * gram of FILTER_GRAM bytes is chosen, the one least common in ordinary files.
 * A gram is folded (each byte | 0x20), so that one table serves literals with
 * and without regard to case. For every position of the text the folded gram
 * is looked up
 *
 *   1. in a Bloom filter of the object's target (SECTION_FILTERS), sized to
 *      stay in the second-level cache: two bits in one 64-bit word;
 *   2. if that says maybe, in the exact table (SECTION_GRAMS), which gives a
 *      run of triggers; each literal is then compared in full.
 *
 * A literal of 2 or 3 bytes has its first two as its gram, folded the same way,
 * looked up in a plain bitmap of 65,536 bits: gram g is bit g & 7 of byte g >> 3. A
 * rule that has a shorter one in its group, or no group at all, goes to SECTION_ALWAYS.
 *
 * SECTION_FILTERS begins with a struct filter_record for each target (those of
 * target 0 included in every one); then come the bitmaps and the words.
 *
 * The idea is that of Rabin–Karp, Wu–Manber and Hash-AV: hashes and Bloom
 * filters, not shift-or tables.
 *
 * The hash of a gram, for the filter and the table alike, is filter_hash(). A
 * gram's record is in the slot filter_slot() or in one of the FILTER_PROBES_MAX - 1
 * behind it (the first slot follows the last); an empty slot ends the search.
 */
#pragma once

#include <stdint.h>

enum { FILTER_GRAM = 4, FILTER_SHORT = 2, FILTER_LITERAL_MAX = 64 };
enum { FILTER_PROBES_MAX = 256 };

struct trigger_record {   /* 16 bytes: SECTION_TRIGGERS */
	uint32_t literal; /* LITERALS */
	uint32_t rule;
	/* bit t: fits objects of target t; rules for target 0 have all bits */
	uint16_t targets;
	uint8_t len;     /* of the literal, at most FILTER_LITERAL_MAX */
	uint8_t gram_at; /* where in the literal the gram begins */
	uint8_t flags;   /* TRIGGER_FOLD */
	uint8_t reserved[3];
};

enum { TRIGGER_FOLD = 1, TRIGGER_RECORD_LEN = 16, GRAM_RECORD_LEN = 12 };

struct gram_record {   /* 12 bytes: SECTION_GRAMS; open addressing, count 0: empty slot */
	uint32_t gram; /* folded bytes, the first one lowest; unused high bytes 0 */
	uint32_t first; /* TRIGGERS */
	uint16_t count;
	uint8_t len; /* FILTER_SHORT or FILTER_GRAM */
	uint8_t reserved;
};

/* 16 bytes, TARGET_COUNT of them at the start of SECTION_FILTERS */
struct filter_record {
	/* where the 64-bit words of the Bloom filter begin; a multiple of 64 */
	uint32_t words;
	/* 1 << this of them; FILTER_NONE: no trigger of FILTER_GRAM bytes */
	uint32_t words_log2;
	uint32_t bitmap;     /* where the 8192 bytes of the two-byte bitmap begin */
	uint32_t has_bitmap; /* 0: no trigger of two or three bytes */
};

#define FILTER_NONE UINT32_MAX
enum { FILTER_RECORD_LEN = 16 };

/* A number whose high half depends on every bit of the gram. */
static inline uint64_t filter_hash(uint32_t folded_gram, unsigned len)
{
	uint64_t key = (uint64_t)(FILTER_GRAM - len) << 32 | folded_gram;

	return key * UINT64_C(0x9e3779b97f4a7c15);
}

/*
 * Word and bits of a gram in a Bloom filter of 1 << words_log2 words: the word from the
 * hash's bits 44 and up, two bit numbers from its bits 32-37 and 38-43.
 */
enum { FILTER_WORDS_LOG2_MAX = 20 };

static inline uint64_t filter_word(uint64_t hash, unsigned words_log2)
{
	return hash >> 44 & ((UINT64_C(1) << words_log2) - 1);
}

static inline uint64_t filter_bits(uint64_t hash)
{
	return UINT64_C(1) << (hash >> 32 & 63) | UINT64_C(1) << (hash >> 38 & 63);
}

/* Where the search for a gram begins, in a table of 1 << slots_log2 slots. */
static inline uint64_t filter_slot(uint64_t hash, unsigned slots_log2)
{
	if (slots_log2 == 0)
		return 0;
	return hash >> (64 - slots_log2);
}

/* A gram of FILTER_GRAM bytes, folded; of FILTER_SHORT with the high bytes cut off. */
static inline uint32_t filter_fold(uint32_t gram)
{
	return gram | UINT32_C(0x20202020);
}
