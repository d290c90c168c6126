/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MD5 (RFC 1321) for LANES messages at once. Behind digest_lanes.h alone.
 */
#pragma once

#include "base/digest_lanes.h"

/* floor(2^32 × |sin(i + 1)|) */
static const uint32_t md5_sums[64] = {
	0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a,
	0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be,
	0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340,
	0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
	0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8,
	0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c,
	0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa,
	0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
	0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92,
	0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1,
	0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

/* Sixteen steps; which words, in which order, and how far each sum is rotated. */
struct md5_round {
	mix_words *mix;
	unsigned first_sum, first_word, word_step, by[4];
};

LANES_INLINE lanes md5_addend(const lanes words[BLOCK_WORDS], struct md5_round round,
			      unsigned step)
{
	unsigned word = round.first_word + round.word_step * step;

	return words[word % BLOCK_WORDS] + md5_sums[round.first_sum + step];
}

LANES_INLINE void md5_round(lanes v[4], const lanes words[BLOCK_WORDS],
			    struct md5_round round)
{
	lanes a = v[0], b = v[1], c = v[2], d = v[3];

#pragma GCC unroll 4
	for (unsigned i = 0; i < 16; i += 4) {
		a += round.mix(b, c, d) + md5_addend(words, round, i);
		a = b + rotate(a, round.by[0]);
		d += round.mix(a, b, c) + md5_addend(words, round, i + 1);
		d = a + rotate(d, round.by[1]);
		c += round.mix(d, a, b) + md5_addend(words, round, i + 2);
		c = d + rotate(c, round.by[2]);
		b += round.mix(c, d, a) + md5_addend(words, round, i + 3);
		b = c + rotate(b, round.by[3]);
	}
	v[0] = a;
	v[1] = b;
	v[2] = c;
	v[3] = d;
}

/* hot loop */
LANES_TARGET static void take_md5(struct digest_columns *columns,
				  const uint8_t *const blocks[DIGEST_LANES_MAX])
{
	lanes words[BLOCK_WORDS], v[4];

	read_words(words, blocks);
	load_columns(v, columns, 4);
	md5_round(v, words, (struct md5_round){ mix_choice, 0, 0, 1, { 7, 12, 17, 22 } });
	md5_round(v, words,
		  (struct md5_round){ mix_choice_of_last, 16, 1, 5, { 5, 9, 14, 20 } });
	md5_round(v, words,
		  (struct md5_round){ mix_parity, 32, 5, 3, { 4, 11, 16, 23 } });
	md5_round(v, words,
		  (struct md5_round){ mix_inverse, 48, 0, 7, { 6, 10, 15, 21 } });
	add_columns(columns, v, 4);
}
