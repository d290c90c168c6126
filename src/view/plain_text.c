/* SPDX-License-Identifier: Apache-2.0 */
#include "view/plain_text.h"

#include "base/checked.h"

static enum status read_text(void *state, uint8_t *buffer, size_t len, size_t *ret_len);
static size_t fold(struct plain_text *text, struct reader raw, uint8_t *buffer);
static bool is_space(uint8_t c);

enum status plain_text_open(struct arena *arena, struct source in,
			    struct plain_text **out)
{
	struct plain_text *text = arena_new(arena, struct plain_text);

	if (!text)
		return STATUS_NO_MEMORY;
	text->in = in;
	text->window = arena_alloc(arena, PLAIN_TEXT_WINDOW);
	if (!text->window)
		return STATUS_NO_MEMORY;
	*out = text;
	return STATUS_OK;
}

struct stream plain_text_stream(struct plain_text *text)
{
	return (struct stream){ .read = read_text, .state = text };
}

/* Text shrinks on its way, so no more raw bytes are taken than there is room for. */
static enum status read_text(void *state, uint8_t *buffer, size_t len, size_t *ret_len)
{
	struct plain_text *text = state;
	size_t room = min_size(len, PLAIN_TEXT_WINDOW);
	size_t got;

	*ret_len = 0;
	while (*ret_len == 0) {
		enum status status = source_read(&text->in, text->offset, text->window,
						 room, &got);
		if (status != STATUS_OK)
			return status;
		if (got == 0)
			return STATUS_END;
		text->offset += got;
		*ret_len = fold(text, reader_of(text->window, got), buffer);
	}
	return STATUS_OK;
}

static size_t fold(struct plain_text *text, struct reader raw, uint8_t *buffer)
{
	size_t n = 0;

	while (reader_left(&raw) > 0) {
		uint8_t c = reader_u8(&raw);

		if (is_space(c)) {
			if (!text->in_space)
				buffer[n++] = ' ';
			text->in_space = true;
		} else if (c > ' ' && c < 0x80) {
			if (c >= 'A' && c <= 'Z')
				c |= 0x20;
			buffer[n++] = c;
			text->in_space = false;
		}
	}
	return n;
}

bool plain_text_reads_wide(struct reader head)
{
	/* BEL BS HT LF FF CR ESC */
	const uint32_t spoken = 1u << 7 | 1u << 8 | 1u << 9 | 1u << 10 | 1u << 12 |
				1u << 13 | 1u << 27;

	if (head.len < PLAIN_TEXT_WIDE_MIN)
		return false;
	while (reader_left(&head) >= 2) {
		unsigned unit = reader_u16be(&head);

		if ((unit < ' ' && !(spoken >> unit & 1)) || unit == 0x7f ||
		    unit == 0xfffe)
			return false;
	}
	return true;
}

static bool is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}
