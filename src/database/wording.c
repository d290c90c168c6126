/* SPDX-License-Identifier: Apache-2.0 */
#include "database/wording.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/checked.h"

static const char cut_mark[] = " …";

bool wording_init(struct wording *wording, struct arena *arena)
{
	*wording = (struct wording){ .text = arena_alloc(arena, WORDING_MAX) };
	return wording->text != NULL;
}

void wording_add(struct wording *wording, const char *format, ...)
{
	char piece[512];
	va_list arguments;

	va_start(arguments, format);
	int len = vsnprintf(piece, sizeof(piece), format, arguments);
	va_end(arguments);
	if (len > 0)
		wording_add_bytes(wording, (struct slice){ (uint8_t *)piece,
							   min_size((size_t)len,
								    sizeof(piece) - 1) });
}

void wording_add_bytes(struct wording *wording, struct slice bytes)
{
	size_t room = WORDING_MAX - sizeof(cut_mark) - wording->len;

	if (wording->is_cut || bytes.len == 0)
		return;
	if (bytes.len > room) {
		wording->is_cut = true;
		bytes = (struct slice){ (const uint8_t *)cut_mark, sizeof(cut_mark) - 1 };
	}
	memcpy(&wording->text[wording->len], bytes.base, bytes.len);
	wording->len += bytes.len;
}

struct slice wording_take(struct wording *wording)
{
	struct slice text = { (const uint8_t *)wording->text, wording->len };

	wording->len = 0;
	wording->is_cut = false;
	return text;
}
