/* SPDX-License-Identifier: Apache-2.0 */
/* Spreads the bits of numbers that are not chosen by an enemy: for tables, not for secrets. */
#pragma once

#include <stdint.h>

/* The last step of SplitMix64 (Sebastiano Vigna); one number for each. */
static inline uint64_t mix_u64(uint64_t value)
{
	value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
	return value ^ value >> 31;
}
