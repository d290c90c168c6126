/* SPDX-License-Identifier: Apache-2.0 */
#include "match/text.h"

#include <assert.h>

#include "base/checked.h"

static struct text_window *window_at(struct text *text, uint64_t at);
static struct text_window *oldest_window(struct text *text);
static bool window_fill(struct text *text, struct text_window *window, uint64_t at);
static bool window_covers(const struct text *text, const struct text_window *window,
			  uint64_t at);

enum status text_open(struct text *text, const struct source *source, struct arena *arena,
		      size_t window_len)
{
	assert(window_len >= TEXT_WINDOW_LEN_MIN);
	*text = (struct text){
		.len = source->size,
		.source = *source,
		.window_len = (size_t)min_u64(window_len, source->size),
	};
	if (source_memory(source, &text->memory))
		return STATUS_OK;
	text->memory = (struct slice){ 0 };
	for (size_t i = 0; i < TEXT_WINDOWS; i++) {
		text->windows[i].bytes = arena_alloc_unset(arena, text->window_len);
		if (!text->windows[i].bytes)
			return STATUS_NO_MEMORY;
	}
	return STATUS_OK;
}

struct slice text_run(struct text *text, uint64_t at)
{
	struct reader in = reader_of_slice(text->memory);
	uint64_t skip = at;

	if (at >= text->len || text->status != STATUS_OK)
		return (struct slice){ 0 };
	if (!text->memory.base) {
		const struct text_window *window = window_at(text, at);
		if (!window)
			return (struct slice){ 0 };
		in = reader_of(window->bytes, window->len);
		skip = at - window->at;
	}
	reader_seek(&in, (size_t)skip);
	return reader_rest(&in);
}

int text_byte(struct text *text, uint64_t at)
{
	struct slice run = text_run(text, at);

	if (run.len == 0)
		return -1;
	return run.base[0];
}

uint64_t text_next_data(const struct text *text, uint64_t at)
{
	struct extent data;

	if (!text->source.extents)
		return min_u64(at, text->len);
	if (!source_next_data(&text->source, at, &data))
		return text->len;
	return data.offset;
}

static struct text_window *window_at(struct text *text, uint64_t at)
{
	struct text_window *window = NULL;

	text->uses++;
	for (size_t i = 0; i < TEXT_WINDOWS && !window; i++)
		if (window_covers(text, &text->windows[i], at))
			window = &text->windows[i];
	if (!window) {
		window = oldest_window(text);
		if (!window_fill(text, window, at))
			return NULL;
	}
	window->used = text->uses;
	return window;
}

/* Does it hold `at`, and enough behind it? */
static bool window_covers(const struct text *text, const struct text_window *window,
			  uint64_t at)
{
	uint64_t want = min_u64(TEXT_RUN_MIN, text->len - at);

	return window->len > 0 && at >= window->at &&
	       range_fits(at - window->at, want, window->len);
}

static struct text_window *oldest_window(struct text *text)
{
	struct text_window *oldest = &text->windows[0];

	for (size_t i = 1; i < TEXT_WINDOWS; i++)
		if (text->windows[i].used < oldest->used)
			oldest = &text->windows[i];
	return oldest;
}

/* A little of what is before is taken along: candidates begin before what they are found by. */
static bool window_fill(struct text *text, struct text_window *window, uint64_t at)
{
	window->at = at - min_u64(at, text->window_len / 8);
	window->len = 0;
	text->status = source_read(&text->source, window->at, window->bytes,
				   text->window_len, &window->len);
	return text->status == STATUS_OK;
}
