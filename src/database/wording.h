/* SPDX-License-Identifier: Apache-2.0 */
/* Text that grows up to a limit, and then ends in "…". */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/slice.h"

enum { WORDING_MAX = 64 * 1024 };

struct wording {
	char *text; /* WORDING_MAX bytes of the arena's */
	size_t len;
	bool is_cut;
};

/* False: no memory. */
MUST_CHECK bool wording_init(struct wording *wording, struct arena *arena);

void wording_add(struct wording *wording, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Any bytes, as they are. */
void wording_add_bytes(struct wording *wording, struct slice bytes);

/* What there is, to be told; then it is empty again. */
struct slice wording_take(struct wording *wording);
