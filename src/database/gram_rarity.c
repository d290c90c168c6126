/* SPDX-License-Identifier: Apache-2.0 */
#include "database/gram_rarity.h"

#include "database/gram_table.h"

/* A folded byte's number: bit 5, which folding sets, is left out. */
static unsigned symbol_of(uint8_t byte)
{
	return (byte & 0x1fu) | (byte >> 1 & 0x60u);
}

unsigned gram_rarity(struct slice bytes)
{
	unsigned bits = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		unsigned symbol = symbol_of(bytes.base[i]);

		if (i == 0) {
			bits = gram_first[symbol];
			continue;
		}
		unsigned next = gram_next[symbol_of(bytes.base[i - 1])][symbol / 2];
		bits += symbol & 1 ? next >> 4 : next & 15;
	}
	return bits;
}
