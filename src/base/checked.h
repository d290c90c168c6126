/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Size arithmetic that cannot wrap. Each function returns false, and leaves
 * *out alone, when the true result does not fit: a size from a hostile file is
 * never added or multiplied in any other way.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

MUST_CHECK static inline bool add_size(size_t a, size_t b, size_t *out)
{
	size_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return false;
	*out = sum;
	return true;
}

MUST_CHECK static inline bool mul_size(size_t a, size_t b, size_t *out)
{
	size_t product;

	if (__builtin_mul_overflow(a, b, &product))
		return false;
	*out = product;
	return true;
}

MUST_CHECK static inline bool add_u64(uint64_t a, uint64_t b, uint64_t *out)
{
	uint64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return false;
	*out = sum;
	return true;
}

MUST_CHECK static inline bool mul_u64(uint64_t a, uint64_t b, uint64_t *out)
{
	uint64_t product;

	if (__builtin_mul_overflow(a, b, &product))
		return false;
	*out = product;
	return true;
}

/* Is [offset, offset + len) inside [0, size)? An empty range at the end is. */
static inline bool range_fits(uint64_t offset, uint64_t len, uint64_t size)
{
	return offset <= size && len <= size - offset;
}

/* The sum, or the largest value there is. For limits and estimates only. */
static inline uint64_t add_u64_capped(uint64_t a, uint64_t b)
{
	uint64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return UINT64_MAX;
	return sum;
}

static inline uint64_t min_u64(uint64_t a, uint64_t b)
{
	if (a < b)
		return a;
	return b;
}

static inline uint64_t max_u64(uint64_t a, uint64_t b)
{
	if (a > b)
		return a;
	return b;
}

static inline size_t min_size(size_t a, size_t b)
{
	if (a < b)
		return a;
	return b;
}

static inline size_t max_size(size_t a, size_t b)
{
	if (a > b)
		return a;
	return b;
}
