/* SPDX-License-Identifier: Apache-2.0 */
#include "base/growing.h"

#include <string.h>

#include "base/checked.h"

enum { FIRST_SIZE = 256 };

void growing_init(struct growing *text, struct arena *arena, size_t limit)
{
	*text = (struct growing){ .arena = arena, .limit = limit };
}

bool growing_room(struct growing *text)
{
	size_t size = FIRST_SIZE;

	if (text->failed != STATUS_OK)
		return false;
	if (text->len >= text->limit) {
		text->failed = STATUS_LIMIT;
		return false;
	}
	if (text->size > 0 && !mul_size(text->size, 2, &size))
		size = text->limit;
	size = min_size(size, text->limit);
	uint8_t *bytes = arena_alloc_unset(text->arena, size);
	if (!bytes) {
		text->failed = STATUS_NO_MEMORY;
		return false;
	}
	if (text->len > 0)
		memcpy(bytes, text->bytes, text->len);
	text->bytes = bytes;
	text->size = size;
	return true;
}

void growing_add(struct growing *text, struct slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		growing_put(text, bytes.base[i]);
}
