/* SPDX-License-Identifier: Apache-2.0 */
#include "view/plain_text.h"

#include "base/checked.h"

static enum status read_text(void *state, uint8_t *buffer, size_t len, size_t *ret_len);
static size_t fold(struct plain_text *text, struct reader raw, uint8_t *buffer);
static bool is_space(unsigned unit);

enum status plain_text_open(struct arena *arena, struct source in, enum file_type type,
			    struct plain_text **out)
{
	struct plain_text *text = arena_new(arena, struct plain_text);

	if (!text)
		return STATUS_NO_MEMORY;
	text->in = in;
	text->step = 1;
	if (type == TYPE_TEXT_UTF16LE || type == TYPE_TEXT_UTF16BE)
		text->step = 2;
	if (type == TYPE_TEXT_UTF16BE)
		text->low_at = 1;
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
	size_t room = min_size(len, PLAIN_TEXT_WINDOW / 2);
	size_t got;

	*ret_len = 0;
	while (*ret_len == 0) {
		enum status status = source_read(&text->in, text->offset, text->window,
						 room * text->step, &got);
		if (status != STATUS_OK)
			return status;
		if (got < text->step)
			return STATUS_END;
		text->offset += got;
		*ret_len = fold(text, reader_of(text->window, got), buffer);
	}
	return STATUS_OK;
}

static size_t fold(struct plain_text *text, struct reader raw, uint8_t *buffer)
{
	size_t n = 0;

	while (reader_left(&raw) >= text->step) {
		unsigned unit = reader_u8(&raw);
		if (text->step == 2) {
			unsigned second = reader_u8(&raw);
			unit = text->low_at == 0 ? unit | second << 8 :
						   unit << 8 | second;
		}
		if (is_space(unit)) {
			if (!text->in_space)
				buffer[n++] = ' ';
			text->in_space = true;
		} else if (unit > 0x20 && unit < 0x7f) {
			if (unit >= 'A' && unit <= 'Z')
				unit |= 0x20;
			buffer[n++] = (uint8_t)unit;
			text->in_space = false;
		}
	}
	return n;
}

static bool is_space(unsigned unit)
{
	return unit == ' ' || (unit >= '\t' && unit <= '\r');
}
