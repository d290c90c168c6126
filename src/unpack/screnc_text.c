/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scripts in Microsoft's encoding (codec/screnc.h), a whole file of it or in the midst of
 * other text: the encoder leaves what stands before its start mark as it is, and
 * pages have several. The one child is all of the text with the encoded parts decoded.
 *
 * What does not look like markup is put between "<script>" and "</script>", as clamscan
 * does it, so that rules for pages and scripts are asked about it.
 */
#include "unpack/screnc_text.h"

#include "base/checked.h"
#include "codec/screnc.h"

enum { WINDOW_LEN = 4 * 1024 };

struct screnc_text {
	struct unpack *unpack;
	bool is_handed_out;
	struct slice before, after; /* what is put around the text */
	struct screnc screnc;
	struct screnc_out out;
	size_t out_at;
	uint64_t at; /* of the source: what comes into the window next */
	uint8_t window[WINDOW_LEN];
	struct reader in;
	enum status ended; /* OK, or what every further read says */
};

static enum status screnc_open(struct unpack *unpack, void **state);
static enum status screnc_next(void *state, struct child *child);
static bool is_markup(struct reader text);
static enum status read_text(void *state, uint8_t *buffer, size_t len, size_t *ret_len);
static bool refill(struct screnc_text *text);
static size_t move(struct slice *from, uint8_t *to, size_t room);
static uint64_t taken(const void *state);

const struct unpacker screnc_text_unpacker = {
	.type = TYPE_SCRENC,
	.name = "screnc",
	.open = screnc_open,
	.next = screnc_next,
};

static enum status screnc_open(struct unpack *unpack, void **state)
{
	struct screnc_text *text = arena_new(unpack->arena, struct screnc_text);
	size_t got;

	if (!text)
		return STATUS_NO_MEMORY;
	text->unpack = unpack;
	enum status status = source_read(&unpack->source, 0, text->window, WINDOW_LEN,
					 &got);
	if (status != STATUS_OK)
		return status;
	struct reader head = reader_of(text->window, got);
	/* What begins with the sign is nothing else, whatever its length. */
	text->screnc.is_due = reader_has(&head, 0, slice_of("#@~^"));
	if (!is_markup(head)) {
		text->before = slice_of("<script>");
		text->after = slice_of("</script>");
	}
	*state = text;
	return STATUS_OK;
}

static bool is_markup(struct reader text)
{
	static const uint8_t passed[] = "\0 \t\r\n\xef\xbb\xbf\xff\xfe";
	const struct slice blanks = { passed, sizeof(passed) - 1 };

	while (reader_left(&text) > 0) {
		uint8_t c = reader_u8(&text);

		if (!memchr(blanks.base, c, blanks.len))
			return c == '<';
	}
	return false;
}

static enum status screnc_next(void *state, struct child *child)
{
	struct screnc_text *text = state;

	if (text->is_handed_out)
		return STATUS_END;
	text->is_handed_out = true;
	child->name = slice_of("decoded");
	child->is_stream = true;
	child->stream = (struct stream){ read_text, text, taken };
	child->packed_bytes = text->unpack->source.size;
	child->claimed_bytes = CHILD_SIZE_UNKNOWN;
	return STATUS_OK;
}

static enum status read_text(void *state, uint8_t *buffer, size_t len, size_t *ret_len)
{
	struct screnc_text *text = state;
	size_t done = move(&text->before, buffer, len);

	while (done < len && text->ended == STATUS_OK) {
		struct slice out = { text->out.bytes, text->out.len };

		if (text->out_at == out.len && !refill(text))
			break;
		out = (struct slice){ text->out.bytes, text->out.len };
		while (done < len && text->out_at < out.len)
			buffer[done++] = out.base[text->out_at++];
	}
	if (text->ended == STATUS_END)
		done += move(&text->after, &buffer[done], len - done);
	*ret_len = done;
	if (done > 0)
		return STATUS_OK;
	if (text->ended == STATUS_END && text->screnc.is_damaged)
		text->ended = STATUS_MALFORMED;
	return text->ended;
}

/* Decodes a byte or more; false: no more come. */
static bool refill(struct screnc_text *text)
{
	size_t got = 0;

	text->out_at = 0;
	text->out.len = 0;
	while (text->out.len == 0 && text->ended == STATUS_OK) {
		if (reader_left(&text->in) > 0) {
			screnc_take(&text->screnc, reader_u8(&text->in), &text->out);
			if (text->out.kind == SCRENC_HEAD)
				text->out.len = 0;
			continue;
		}
		text->ended = source_read(&text->unpack->source, text->at, text->window,
					  WINDOW_LEN, &got);
		text->in = reader_of(text->window, got);
		text->at += got;
		if (text->ended == STATUS_OK && got == 0)
			screnc_end(&text->screnc, &text->out);
		if (text->ended == STATUS_OK && got == 0 && text->out.len == 0)
			text->ended = STATUS_END;
	}
	return text->out.len > 0;
}

static size_t move(struct slice *from, uint8_t *to, size_t room)
{
	struct reader reader = reader_of_slice(*from);
	size_t len = min_size(from->len, room);

	reader_bytes(&reader, to, len);
	*from = reader_rest(&reader);
	return len;
}

static uint64_t taken(const void *state)
{
	const struct screnc_text *text = state;

	return text->at;
}
