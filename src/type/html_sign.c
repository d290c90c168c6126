/* SPDX-License-Identifier: Apache-2.0 */
#include "type/html_sign.h"

#include "base/checked.h"
#include "base/compiler.h"
#include "base/slice.h"

/* Windows overlap by more than the longest sign. */
enum { WINDOW_LEN = 64 * 1024, OVERLAP = 16 };

static bool has_sign(struct slice text, bool *has_anchor);
static bool has_link(struct slice text, size_t from);
static bool is_sign(struct slice text);

enum status html_sign_find(struct arena *arena, const struct source *source, uint64_t len,
			   bool *out)
{
	struct source part = source_window(source, 0, len);
	struct arena_mark mark = arena_mark(arena);
	struct slice whole;
	bool has_anchor = false;

	*out = false;
	if (source_memory(&part, &whole)) {
		*out = has_sign(whole, &has_anchor);
		return STATUS_OK;
	}
	uint8_t *window = arena_alloc_unset(arena, WINDOW_LEN);
	if (!window)
		return STATUS_NO_MEMORY;
	enum status status = STATUS_OK;
	for (uint64_t offset = 0; offset < part.size && status == STATUS_OK && !*out;
	     offset += WINDOW_LEN - OVERLAP) {
		size_t got;

		status = source_read(&part, offset, window, WINDOW_LEN, &got);
		if (status == STATUS_OK)
			*out = has_sign((struct slice){ window, got }, &has_anchor);
	}
	arena_rewind(arena, mark);
	return status;
}

bool html_sign_is_in(struct slice text)
{
	bool has_anchor = false;

	return has_sign(text, &has_anchor);
}

static bool has_sign(struct slice text, bool *has_anchor)
{
	struct reader reader = reader_of_slice(text);
	size_t at = 0;

	if (*has_anchor && has_link(text, 0))
		return true;
	while (reader_find(&reader, at, slice_of("<"), &at)) {
		reader_seek(&reader, at);
		struct slice rest = reader_rest(&reader);
		if (is_sign(rest))
			return true;
		if (!*has_anchor && slice_begins_nocase(rest, "<a ")) {
			*has_anchor = true;
			if (has_link(text, at))
				return true;
		}
		at++;
	}
	return false;
}

static bool has_link(struct slice text, size_t from)
{
	struct reader reader = reader_of_slice(text);

	for (size_t at = from; at < text.len; at++) {
		reader_seek(&reader, at);
		if ((text.base[at] | 0x20) == 'h' &&
		    slice_begins_nocase(reader_rest(&reader), "href"))
			return true;
	}
	return false;
}

static bool is_sign(struct slice text)
{
	static const char *const signs[] = {
		"<html>", "<head>", "<script", "<iframe",
		"<img",   "<table", "<object", "<a href",
	};

	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (slice_begins_nocase(text, signs[i]))
			return true;
	return false;
}
