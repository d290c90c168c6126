/* SPDX-License-Identifier: Apache-2.0 */
#include "view/html_sign.h"

#include "base/checked.h"
#include "base/compiler.h"
#include "base/slice.h"

/* Windows overlap by more than the longest sign. */
enum { WINDOW_LEN = 64 * 1024, OVERLAP = 16 };

static bool has_sign(struct slice text);
static bool is_sign(struct slice text);

enum status html_sign_find(struct arena *arena, const struct source *source, uint64_t len,
			   bool *out)
{
	struct source part = source_window(source, 0, len);
	struct arena_mark mark = arena_mark(arena);
	struct slice whole;

	*out = false;
	if (source_memory(&part, &whole)) {
		*out = has_sign(whole);
		return STATUS_OK;
	}
	uint8_t *window = arena_alloc(arena, WINDOW_LEN);
	if (!window)
		return STATUS_NO_MEMORY;
	enum status status = STATUS_OK;
	for (uint64_t offset = 0; offset < part.size && status == STATUS_OK && !*out;
	     offset += WINDOW_LEN - OVERLAP) {
		size_t got;

		status = source_read(&part, offset, window, WINDOW_LEN, &got);
		if (status == STATUS_OK)
			*out = has_sign((struct slice){ window, got });
	}
	arena_rewind(arena, mark);
	return status;
}

static bool has_sign(struct slice text)
{
	struct reader reader = reader_of_slice(text);
	size_t at = 0;

	while (reader_find(&reader, at, slice_of("<"), &at)) {
		reader_seek(&reader, at);
		if (is_sign(reader_rest(&reader)))
			return true;
		at++;
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
