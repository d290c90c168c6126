/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory for the program's own small things. Without it nothing can be done or even
 * said, so that ends the program. What hostile input could make large has a limit of
 * its own, where it is kept.
 */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "base/slice.h"

/* `count` zeroed elements of `size` bytes, and one more; free() it. */
static inline void *memory_zeroed(size_t count, size_t size)
{
	void *zeroed = calloc(count + 1, size);

	if (!zeroed)
		abort();
	return zeroed;
}

/* `array` with room for one element more behind its `count`. */
static inline void *memory_grow(void *array, size_t count, size_t size)
{
	void *larger = reallocarray(array, count + 1, size);

	if (!larger)
		abort();
	return larger;
}

/* The bytes of a slice, with a NUL behind them; free() it. */
static inline char *memory_text(struct slice text)
{
	char *copy = memory_zeroed(text.len, 1);

	if (text.len > 0)
		memcpy(copy, text.base, text.len);
	return copy;
}
