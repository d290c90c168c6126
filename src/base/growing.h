/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A text that grows at its end, in an arena. What it outgrows stays in the arena until
 * that is rewound: all of it together is less than twice the text.
 *
 * When memory or the limit ends, `failed` is set and stays set, and nothing more is
 * added: ask once, at the end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"

struct growing {
	struct arena *arena;
	uint8_t *bytes;
	size_t len;
	size_t size;
	size_t limit;
	/* OK, NO_MEMORY, or LIMIT: it would be longer than `limit` */
	enum status failed;
};

void growing_init(struct growing *text, struct arena *arena, size_t limit);

/* Makes room for one more byte; false: it failed. */
MUST_CHECK bool growing_room(struct growing *text);

void growing_add(struct growing *text, struct slice bytes);

static inline void growing_put(struct growing *text, uint8_t byte)
{
	if (text->len < text->size || growing_room(text))
		text->bytes[text->len++] = byte;
}

static inline struct slice growing_slice(const struct growing *text)
{
	return (struct slice){ text->bytes, text->len };
}
