/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compiled rules hold what they look for, and would be found by themselves and by
 * every other scanner. So the bytes of patterns and the lines of rules lie in a
 * segment under a veil: each is xored with a byte that depends on where in its
 * section it stands, so that no literal looks the same twice and none like itself.
 * It hides nothing from anybody; it only keeps rules from being mistaken for what
 * they describe.
 *
 * The bytes are those of the numbers veil_word(0), veil_word(1) …, each lowest
 * byte first.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* For the bytes 8 n … 8 n + 7 of a section. */
static inline uint64_t veil_word(uint64_t n)
{
	uint64_t word = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);

	word = (word ^ word >> 32) * UINT64_C(0xd6e8feb86659fd93);
	return word ^ word >> 32;
}

/*
 * Puts on the veil, or takes it off: the same. `at` is where in their section the
 * bytes stand. `out` may be `bytes`, else they do not overlap.
 */
static inline void veil_apply(uint8_t *out, const uint8_t *bytes, size_t len, uint64_t at)
{
	size_t i = 0;

	while (i < len) {
		uint64_t word = veil_word((at + i) / 8) >> 8 * ((at + i) % 8);

		do {
			out[i] = (uint8_t)(bytes[i] ^ word);
			word >>= 8;
			i++;
		} while (i < len && (at + i) % 8 != 0);
	}
}
