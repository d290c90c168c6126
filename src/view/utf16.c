/* SPDX-License-Identifier: Apache-2.0 */
#include "view/utf16.h"

#include "base/growing.h"

enum { WINDOW_LEN = 8 * 1024 };

enum status utf16_read(struct arena *arena, const struct source *wide, struct source *out)
{
	uint8_t *window = arena_alloc(arena, WINDOW_LEN);
	struct growing text;

	if (!window)
		return STATUS_NO_MEMORY;
	growing_init(&text, arena, SIZE_MAX);
	for (uint64_t offset = 0; offset < wide->size; offset += WINDOW_LEN) {
		size_t got;
		enum status status = source_read(wide, offset, window, WINDOW_LEN, &got);

		if (status != STATUS_OK)
			return status;
		/* A mark, or the upper half of a letter: the high byte comes first. */
		if (offset == 0 && got > 0 && (window[0] == 0xfe || window[0] == 0)) {
			*out = *wide;
			return STATUS_OK;
		}
		struct reader units = reader_of(window, got);
		while (reader_left(&units) >= 2) {
			unsigned unit = reader_u16le(&units);

			growing_put(&text, (uint8_t)(unit + (unit >> 8 << 4)));
		}
	}
	if (text.failed != STATUS_OK)
		return STATUS_NO_MEMORY;
	*out = source_of_memory(text.bytes, text.len);
	return STATUS_OK;
}
