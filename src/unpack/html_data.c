/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page as a container: the files that stand in its data: URIs (RFC 2397),
 *
 *	data:[type][;parameter]…[;base64],bytes
 *
 * wherever browsers take them: in attributes, with quotes or without, and in the url(…)
 * of styles, in any case. Their bytes end at the quote or the parenthesis that the URI
 * began behind, or, behind neither, at white space or '>'. What is not base64 is taken
 * with its %41s decoded. All else in a page is text, and matched as the view of it. Pages
 * in UTF-16 are read with a byte for each unit.
 */
#include "unpack/html_data.h"

#include <string.h>

#include "base/base64.h"
#include "base/checked.h"
#include "base/hex.h"
#include "bytes/narrow.h"
#include "type/encoding.h"

/* What stands before the bytes is no longer than that, or it is no URI. */
enum { HEAD_MAX = 512, WINDOW_LEN = 16 * 1024, PIECE_LEN = 4 * 1024 };

/* One URI: where its bytes are, and how they are written. */
struct data_uri {
	const struct source *source;
	uint64_t at;
	uint8_t end; /* the byte that ends it; 0: white space, '>' or a quote */
	bool is_base64;

	uint8_t piece[PIECE_LEN];
	size_t piece_len;
	size_t piece_at;
	uint32_t bits; /* of base64, not given out yet */
	unsigned bit_count;
	bool is_over;
	enum status status; /* OK, or why no more can be read */
};

struct html_data {
	struct unpack *unpack;
	struct source text;   /* the page */
	struct narrow narrow; /* what it is made of, if it is in UTF-16 */
	uint64_t next;        /* where to look on */
	uint8_t *window;
	struct data_uri uri;
};

static enum status html_open(struct unpack *unpack, void **state);
static enum status open_text(struct html_data *page);
static enum status html_next(void *state, struct child *child);
static bool find_uri(struct slice window, size_t from, size_t *ret_at);
static bool read_head(struct html_data *page, struct slice window, size_t at,
		      struct child *child);
static enum status read_uri(void *state, uint8_t *buffer, size_t len, size_t *ret_len);
static enum status fill(struct data_uri *uri);
static int next_byte(struct data_uri *uri, enum status *status);
static int take(struct data_uri *uri, enum status *status);
static uint64_t taken(const void *state);

const struct unpacker html_data_unpacker = {
	.type = TYPE_HTML,
	.name = "html",
	.open = html_open,
	.next = html_next,
};

static enum status html_open(struct unpack *unpack, void **state)
{
	struct html_data *page = arena_new(unpack->arena, struct html_data);

	if (!page)
		return STATUS_NO_MEMORY;
	page->unpack = unpack;
	page->window = arena_alloc_unset(unpack->arena, WINDOW_LEN);
	if (!page->window)
		return STATUS_NO_MEMORY;
	*state = page;
	return open_text(page);
}

static enum status open_text(struct html_data *page)
{
	const struct source *source = &page->unpack->source;
	struct sample sample = { .size = source->size };
	size_t got;
	enum status status = source_read(source, 0, page->window, WINDOW_LEN, &got);

	if (status != STATUS_OK)
		return status;
	sample.head = reader_of(page->window, got);
	enum file_type encoding = encoding_of(&sample);
	page->text = *source;
	page->narrow = (struct narrow){ *source, encoding == TYPE_TEXT_UTF16BE };
	if (encoding == TYPE_TEXT_UTF16LE || encoding == TYPE_TEXT_UTF16BE)
		page->text = narrow_source(&page->narrow);
	return STATUS_OK;
}

/* Windows overlap, so that no head of a URI is cut. */
static enum status html_next(void *state, struct child *child)
{
	struct html_data *page = state;
	const struct source *source = &page->text;

	while (page->next < source->size) {
		uint64_t start = page->next - (page->next > 0);
		size_t at = (size_t)(page->next - start), got;
		enum status status = source_read(source, start, page->window, WINDOW_LEN,
						 &got);

		if (status != STATUS_OK)
			return status;
		struct slice window = { page->window, got };
		bool is_last = start + got == source->size;
		while (find_uri(window, at, &at)) {
			if (!is_last && got - at < HEAD_MAX)
				break;
			page->next = start + at + 1;
			if (read_head(page, window, at, child)) {
				page->uri.at += start;
				return STATUS_OK;
			}
			at++;
		}
		if (is_last)
			page->next = source->size;
		else
			page->next = max_u64(page->next, start + got - HEAD_MAX);
	}
	return STATUS_END;
}

/* The next "data:" that begins a value. */
static bool find_uri(struct slice window, size_t from, size_t *ret_at)
{
	struct reader reader = reader_of_slice(window);

	for (size_t at = from; at < window.len; at++) {
		reader_seek(&reader, at);
		if ((window.base[at] | 0x20) == 'd' && at > 0 &&
		    strchr("\"'(= \t\n", window.base[at - 1]) &&
		    slice_begins_nocase(reader_rest(&reader), "data:")) {
			*ret_at = at;
			return true;
		}
	}
	*ret_at = window.len;
	return false;
}

static bool read_head(struct html_data *page, struct slice window, size_t at,
		      struct child *child)
{
	struct reader reader = reader_of(window.base,
					 min_size(window.len, at + HEAD_MAX));
	uint8_t before = window.base[at - 1];
	size_t comma;

	if (!reader_find(&reader, at, slice_of(","), &comma))
		return false;
	reader_seek(&reader, at + 5);
	struct slice head = reader_slice(&reader, comma - at - 5);
	for (size_t i = 0; i < head.len; i++)
		if (head.base[i] < ' ' || strchr("<>\"'()", head.base[i]))
			return false;
	reader_seek(&reader, comma - min_size(comma - at, 7));
	page->uri = (struct data_uri){
		.source = &page->text,
		.at = comma + 1,
		.is_base64 = slice_begins_nocase(reader_rest(&reader), ";base64,"),
	};
	if (before == '"' || before == '\'')
		page->uri.end = before;
	else if (before == '(')
		page->uri.end = ')';
	if (!arena_copy(page->unpack->arena, head, &child->name))
		child->name = (struct slice){ 0 };
	child->is_stream = true;
	child->stream = (struct stream){ read_uri, &page->uri, taken };
	child->packed_bytes = page->text.size - min_u64(comma, page->text.size);
	child->claimed_bytes = CHILD_SIZE_UNKNOWN;
	return true;
}

static enum status read_uri(void *state, uint8_t *buffer, size_t len, size_t *ret_len)
{
	struct data_uri *uri = state;
	enum status *status = &uri->status;

	*ret_len = 0;
	while (*ret_len < len && *status == STATUS_OK) {
		int c = next_byte(uri, status);

		if (c < 0)
			break;
		buffer[(*ret_len)++] = (uint8_t)c;
	}
	if (*status != STATUS_OK)
		return *status;
	return *ret_len > 0 ? STATUS_OK : STATUS_END;
}

/* A decoded byte; -1: no more. */
static int next_byte(struct data_uri *uri, enum status *status)
{
	if (!uri->is_base64) {
		int c = take(uri, status);
		if (c != '%' || uri->piece_len - uri->piece_at < 2)
			return c;
		int high = hex_digit(uri->piece[uri->piece_at]);
		int low = hex_digit(uri->piece[uri->piece_at + 1]);
		if (high < 0 || low < 0)
			return c;
		uri->piece_at += 2;
		return high << 4 | low;
	}
	while (uri->bit_count < 8) {
		int c = take(uri, status);
		if (c == '=') {
			uri->is_over = true;
			uri->piece_at = uri->piece_len;
		}
		if (c < 0 || c == '=')
			return -1;
		int value = base64_value(c);
		if (value < 0)
			continue;
		uri->bits = uri->bits << 6 | (uint32_t)value;
		uri->bit_count += 6;
	}
	uri->bit_count -= 8;
	return (int)(uri->bits >> uri->bit_count & 0xff);
}

/* The next byte as it is written. */
static int take(struct data_uri *uri, enum status *status)
{
	/* So much is there that an escape is not cut. */
	if (!uri->is_over && uri->piece_len - uri->piece_at < 3)
		*status = fill(uri);
	if (*status != STATUS_OK || uri->piece_at == uri->piece_len)
		return -1;
	return uri->piece[uri->piece_at++];
}

static bool ends(const struct data_uri *uri, uint8_t c)
{
	if (uri->end != 0)
		return c == uri->end;
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '>' || c == '"' || c == '\'';
}

static enum status fill(struct data_uri *uri)
{
	size_t left = uri->piece_len - uri->piece_at, got;

	memmove(uri->piece, &uri->piece[uri->piece_at], left);
	enum status status = source_read(uri->source, uri->at, &uri->piece[left],
					 PIECE_LEN - left, &got);
	if (status != STATUS_OK)
		return status;
	uri->piece_at = 0;
	uri->piece_len = left + got;
	uri->at += got;
	if (got == 0)
		uri->is_over = true;
	for (size_t i = left; i < uri->piece_len; i++) {
		if (ends(uri, uri->piece[i])) {
			uri->piece_len = i;
			uri->is_over = true;
		}
	}
	return STATUS_OK;
}

/* Decoding never makes more of it: bytes read from the page will do. */
static uint64_t taken(const void *state)
{
	const struct data_uri *uri = state;

	return uri->at;
}
