/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What MD5, SHA-1 and SHA-256 for LANES messages at once share: every word of theirs is a
 * vector. Who includes this says before what a vector is:
 *
 *	LANES                             how many messages; 8 or 16
 *	LANES_TARGET                      the attribute of functions that use it
 *	LANES_LOW(a, b), LANES_HIGH(a, b) half of the lanes of both, by turns
 */
#pragma once

#include <string.h>

#include "base/digest_kernel.h"

#define LANES_INLINE LANES_TARGET static inline __attribute__((always_inline))

enum { BLOCK_WORDS = DIGEST_BLOCK_LEN / 4 };

/*
 * Of no larger alignment than 32, which costs nothing: AddressSanitizer's stack frames have
 * no larger one, and gcc relies on that of the type.
 */
typedef uint32_t lanes __attribute__((vector_size(4 * LANES), aligned(32)));

/* Words of one lane after another become words of all lanes, and the reverse. */
LANES_INLINE void turn(lanes rows[LANES])
{
#pragma GCC unroll 4
	for (unsigned done = 1; done < LANES; done *= 2) {
		lanes dealt[LANES];

#pragma GCC unroll 8
		for (unsigned i = 0; i < LANES / 2; i++) {
			dealt[2 * i] = LANES_LOW(rows[i], rows[i + LANES / 2]);
			dealt[2 * i + 1] = LANES_HIGH(rows[i], rows[i + LANES / 2]);
		}
		memcpy(rows, dealt, sizeof(dealt));
	}
}

LANES_INLINE void read_words(lanes words[BLOCK_WORDS],
			     const uint8_t *const blocks[DIGEST_LANES_MAX])
{
	for (unsigned part = 0; part < BLOCK_WORDS; part += LANES) {
		lanes rows[LANES];

		for (unsigned i = 0; i < LANES; i++)
			memcpy(&rows[i], &blocks[i][4 * part], sizeof(rows[i]));
		turn(rows);
		memcpy(&words[part], rows, sizeof(rows));
	}
}

LANES_INLINE lanes rotate(lanes x, unsigned by)
{
	return x << by | x >> (32 - by);
}

/* The SHA family has the highest byte of a word first. */
LANES_INLINE void read_words_swapped(lanes words[BLOCK_WORDS],
				     const uint8_t *const blocks[DIGEST_LANES_MAX])
{
	read_words(words, blocks);
	for (unsigned i = 0; i < BLOCK_WORDS; i++)
		words[i] = (rotate(words[i], 8) & 0x00ff00ff) |
			   (rotate(words[i], 24) & 0xff00ff00);
}

LANES_INLINE void load_columns(lanes *values, const struct digest_columns *columns,
			       unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		memcpy(&values[i], columns->words[i], sizeof(values[i]));
}

/* Adds what the block made of them. */
LANES_INLINE void add_columns(struct digest_columns *columns, const lanes *values,
			      unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		lanes before;

		memcpy(&before, columns->words[i], sizeof(before));
		before += values[i];
		memcpy(columns->words[i], &before, sizeof(before));
	}
}

/* How the words of a round are mixed. */
typedef lanes mix_words(lanes b, lanes c, lanes d);

/* The second where bits of the first are set, elsewhere the third. */
LANES_INLINE lanes mix_choice(lanes b, lanes c, lanes d)
{
	return d ^ (b & (c ^ d));
}

LANES_INLINE lanes mix_choice_of_last(lanes b, lanes c, lanes d)
{
	return c ^ (d & (b ^ c));
}

LANES_INLINE lanes mix_parity(lanes b, lanes c, lanes d)
{
	return b ^ c ^ d;
}

LANES_INLINE lanes mix_inverse(lanes b, lanes c, lanes d)
{
	return c ^ (b | ~d);
}

LANES_INLINE lanes mix_majority(lanes b, lanes c, lanes d)
{
	return (b & c) | (d & (b | c));
}
