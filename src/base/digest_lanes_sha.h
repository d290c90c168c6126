/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-1 and SHA-256 (FIPS 180-4) for LANES messages at once. Behind digest_lanes.h alone.
 */
#pragma once

#include "base/digest_lanes.h"

enum { SHA1_STEPS = 80, SHA256_STEPS = 64 };

/* Twenty steps, of which five bring each word to its place again. */
LANES_INLINE void sha1_round(lanes v[5], const lanes *words, mix_words *mix, uint32_t sum)
{
	lanes a = v[0], b = v[1], c = v[2], d = v[3], e = v[4];

	for (unsigned i = 0; i < 20; i += 5) {
		e += rotate(a, 5) + mix(b, c, d) + words[i] + sum;
		b = rotate(b, 30);
		d += rotate(e, 5) + mix(a, b, c) + words[i + 1] + sum;
		a = rotate(a, 30);
		c += rotate(d, 5) + mix(e, a, b) + words[i + 2] + sum;
		e = rotate(e, 30);
		b += rotate(c, 5) + mix(d, e, a) + words[i + 3] + sum;
		d = rotate(d, 30);
		a += rotate(b, 5) + mix(c, d, e) + words[i + 4] + sum;
		c = rotate(c, 30);
	}
	v[0] = a;
	v[1] = b;
	v[2] = c;
	v[3] = d;
	v[4] = e;
}

/* hot loop */
LANES_TARGET static void take_sha1(struct digest_columns *columns,
				   const uint8_t *const blocks[DIGEST_LANES_MAX])
{
	lanes words[SHA1_STEPS], v[5];

	read_words_swapped(words, blocks);
	for (unsigned i = BLOCK_WORDS; i < SHA1_STEPS; i++)
		words[i] = rotate(
			words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
	load_columns(v, columns, 5);
	sha1_round(v, &words[0], mix_choice, 0x5a827999);
	sha1_round(v, &words[20], mix_parity, 0x6ed9eba1);
	sha1_round(v, &words[40], mix_majority, 0x8f1bbcdc);
	sha1_round(v, &words[60], mix_parity, 0xca62c1d6);
	add_columns(columns, v, 5);
}

/* The fractions of the cube roots of the first primes. */
static const uint32_t sha256_sums[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

LANES_INLINE lanes sha256_early(lanes x)
{
	return rotate(x, 25) ^ rotate(x, 14) ^ x >> 3;
}

LANES_INLINE lanes sha256_late(lanes x)
{
	return rotate(x, 15) ^ rotate(x, 13) ^ x >> 10;
}

/* One step; the other words stay, a place further on. */
LANES_INLINE void sha256_step(lanes v[8], lanes addend)
{
	lanes a = v[0], e = v[4];
	lanes sum = v[7] + (rotate(e, 26) ^ rotate(e, 21) ^ rotate(e, 7)) +
		    mix_choice(e, v[5], v[6]) + addend;
	lanes top = (rotate(a, 30) ^ rotate(a, 19) ^ rotate(a, 10)) +
		    mix_majority(a, v[1], v[2]);

	v[7] = v[6];
	v[6] = v[5];
	v[5] = e;
	v[4] = v[3] + sum;
	v[3] = v[2];
	v[2] = v[1];
	v[1] = a;
	v[0] = sum + top;
}

/* hot loop */
LANES_TARGET static void take_sha256(struct digest_columns *columns,
				     const uint8_t *const blocks[DIGEST_LANES_MAX])
{
	lanes words[SHA256_STEPS], v[8];

	read_words_swapped(words, blocks);
	for (unsigned i = BLOCK_WORDS; i < SHA256_STEPS; i++)
		words[i] = words[i - 16] + sha256_early(words[i - 15]) + words[i - 7] +
			   sha256_late(words[i - 2]);
	load_columns(v, columns, 8);
#pragma GCC unroll 8
	for (unsigned i = 0; i < SHA256_STEPS; i += 8)
#pragma GCC unroll 8
		for (unsigned k = 0; k < 8; k++)
			sha256_step(v, words[i + k] + sha256_sums[i + k]);
	add_columns(columns, v, 8);
}
