/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Buffers whose last byte is the last before a page that may not be touched: reading
 * or writing one byte too far kills the test, with or without a sanitizer.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct guard {
	uint8_t *bytes; /* `len` of them, writable; never NULL, even when len is 0 */
	size_t len;
	void *map;
	size_t map_len;
};

/* A zeroed buffer of `len` bytes. Ends the program when memory is refused. */
struct guard guard_new(size_t len);

/* The same, holding a copy of `bytes`. */
struct guard guard_copy(const void *bytes, size_t len);

void guard_free(struct guard *guard);
