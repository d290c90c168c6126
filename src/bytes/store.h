/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Integers into bytes, little-endian: the other direction of reader.h, for
 * what we write ourselves.
 */
#pragma once

#include <stdint.h>

static inline void store_u16le(uint8_t out[2], uint16_t value)
{
	out[0] = (uint8_t)value;
	out[1] = (uint8_t)(value >> 8);
}

static inline void store_u32le(uint8_t out[4], uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		out[i] = (uint8_t)(value >> (8 * i));
}

static inline void store_u64le(uint8_t out[8], uint64_t value)
{
	for (unsigned i = 0; i < 8; i++)
		out[i] = (uint8_t)(value >> (8 * i));
}

static inline void store_u32be(uint8_t out[4], uint32_t value)
{
	store_u32le(out, __builtin_bswap32(value));
}
