/* SPDX-License-Identifier: Apache-2.0 */
#include "view/utf16.h"

#include "base/checked.h"
#include "base/growing.h"

enum { WINDOW_LEN = 8 * 1024 };

static void put_unit(struct growing *to, uint16_t unit)
{
	if (unit < 0x80) {
		growing_put(to, (uint8_t)unit);
	} else if (unit < 0x800) {
		growing_put(to, (uint8_t)(0xc0 | unit >> 6));
		growing_put(to, (uint8_t)(0x80 | (unit & 0x3f)));
	} else {
		growing_put(to, (uint8_t)(0xe0 | unit >> 12));
		growing_put(to, (uint8_t)(0x80 | (unit >> 6 & 0x3f)));
		growing_put(to, (uint8_t)(0x80 | (unit & 0x3f)));
	}
}

enum status utf16_read(struct arena *arena, const struct source *wide, struct source *out)
{
	uint8_t *window = arena_alloc(arena, WINDOW_LEN);
	struct growing text;
	bool is_big = false;

	if (!window)
		return STATUS_NO_MEMORY;
	growing_init(&text, arena, SIZE_MAX);
	for (uint64_t offset = 0; offset < wide->size; offset += WINDOW_LEN) {
		size_t got;
		enum status status = source_read(wide, offset, window, WINDOW_LEN, &got);

		if (status != STATUS_OK)
			return status;
		struct reader units = reader_of(window, got);
		if (offset == 0)
			is_big = reader_peek(&units, 0) == 0xfe ||
				 reader_peek(&units, 0) == 0;
		while (reader_left(&units) >= 2)
			put_unit(&text,
				 is_big ? reader_u16be(&units) : reader_u16le(&units));
	}
	if (text.failed != STATUS_OK)
		return STATUS_NO_MEMORY;
	*out = source_of_memory(text.bytes, text.len);
	return STATUS_OK;
}
