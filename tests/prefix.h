/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Every prefix of a valid file is safe": the property that every parser has to have.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "guard.h"

/* Looks at some bytes; whatever it finds, it must come back. */
typedef void prefix_callback(const uint8_t *bytes, size_t len, void *context);

/*
 * Calls `look` for the first 0, 1, 2 … `len` bytes, each time in a buffer that ends at
 * a page nobody may touch.
 */
static inline void every_prefix_is_safe(prefix_callback *look, const uint8_t *bytes,
					size_t len, void *context)
{
	for (size_t n = 0; n <= len; n++) {
		struct guard guard = guard_copy(bytes, n);

		look(guard.bytes, n, context);
		guard_free(&guard);
	}
}
