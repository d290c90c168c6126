/* SPDX-License-Identifier: Apache-2.0 */
#include "database/delta.h"

#include <string.h>

#include "base/checked.h"
#include "bytes/reader.h"
#include "bytes/store.h"
#include "database/marks.h"
#include "database/number_set.h"

/* Lines of the base that are looked ahead at, and where to find them by their marks. */
enum { WINDOW = 128 * 1024, SLOTS = 4 * WINDOW };

enum {
	CHANGES_ALWAYS = 64, /* so many are worth it in any base … */
	CHANGES_SHARE = 10,  /* … and up to the tenth part of its lines */
	TEXT_BYTES_MAX = 32 << 20,
};

struct delta_window {
	uint64_t marks[WINDOW];
	uint32_t lines[WINDOW];
	size_t at, end;  /* those not yet met */
	uint64_t passed; /* how many were in the window before its first, in all files */
	uint32_t run;    /* of the base's, that is read next … */
	uint32_t run_end;
	uint32_t line;         /* … and the line that it begins with, from 1 */
	uint32_t slots[SLOTS]; /* by mark: which one of all, from 1 */
};

static uint32_t find_file(const struct delta *delta, struct slice name, uint32_t source);
static enum status fill(struct delta *delta);
static bool find_ahead(const struct delta_window *window, uint64_t mark, size_t *ret_at);
static enum status lose_until(struct delta *delta, size_t at);
static enum status add(struct delta *delta, uint64_t mark, uint32_t line,
		       struct slice text);
static enum status check_change(const struct delta *delta);
static enum status cancel_moved(struct delta *delta);
static enum status look_for_twins(struct delta *delta);

enum status delta_open(struct delta *delta, struct arena *arena, struct source base)
{
	*delta = (struct delta){ .arena = arena };
	enum status status = base_open(&delta->base, arena, base);

	if (status != STATUS_OK)
		return status;
	rows_init(&delta->added, arena, sizeof(struct delta_line));
	rows_init(&delta->gone, arena, sizeof(struct delta_gone));
	delta->changes_max = max_u64(delta->base.lines / CHANGES_SHARE, CHANGES_ALWAYS);
	delta->seen = arena_new_array(arena, bool, delta->base.file_count + (size_t)1);
	delta->window = arena_new(arena, struct delta_window);
	return delta->seen && delta->window ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status delta_begin(struct delta *delta, uint32_t file, struct slice name,
			uint32_t source, uint32_t flags)
{
	const struct base *base = &delta->base;
	struct delta_window *window = delta->window;

	delta->file = file;
	/* What stands in slots of files before is behind all that is in the window. */
	window->passed += window->end;
	window->at = window->end = 0;
	window->run = window->run_end = 0;
	window->line = 1;
	delta->of = find_file(delta, name, source);
	if (delta->of == DELTA_NO_FILE)
		return STATUS_OK;
	if (base->files[delta->of].flags != flags)
		return STATUS_UNSUPPORTED;
	delta->seen[delta->of] = true;
	window->run = base->files[delta->of].run_first;
	window->run_end = window->run + base->files[delta->of].run_count;
	return STATUS_OK;
}

/* They come in the order of last time, mostly: the search goes on where it ended. */
static uint32_t find_file(const struct delta *delta, struct slice name, uint32_t source)
{
	const struct base *base = &delta->base;
	uint32_t at = delta->of == DELTA_NO_FILE ? 0 : delta->of;

	for (uint32_t i = 0; i < base->file_count; i++, at++) {
		const struct base_file *file = &base->files[at % base->file_count];

		if (!delta->seen[at % base->file_count] && file->source == source &&
		    slice_equal(file->name, name))
			return at % base->file_count;
	}
	return DELTA_NO_FILE;
}

enum status delta_take(struct delta *delta, uint32_t line, struct slice text,
		       bool *ret_is_new)
{
	struct delta_window *window = delta->window;
	uint64_t mark = mark_of(text);
	size_t at;

	*ret_is_new = false;
	if (mark == MARK_BLANK)
		return STATUS_OK;
	enum status status = fill(delta);
	if (status != STATUS_OK)
		return status;
	if (window->at < window->end && window->marks[window->at] == mark) {
		window->at++;
		return STATUS_OK;
	}
	if (find_ahead(window, mark, &at)) {
		status = lose_until(delta, at);
		window->at++;
		return status;
	}
	*ret_is_new = true;
	return add(delta, mark, line, text);
}

enum status delta_end(struct delta *delta)
{
	struct delta_window *window = delta->window;

	for (;;) {
		enum status status = fill(delta);

		if (status != STATUS_OK || window->at == window->end)
			return status;
		status = lose_until(delta, window->end);
		if (status != STATUS_OK)
			return status;
	}
}

enum status delta_finish(struct delta *delta)
{
	const struct base *base = &delta->base;

	for (uint32_t i = 0; i < base->file_count; i++)
		if (!delta->seen[i] && base->files[i].lines > 0)
			return STATUS_UNSUPPORTED;
	enum status status = cancel_moved(delta);
	return status == STATUS_OK ? look_for_twins(delta) : status;
}

static void store_mark(uint8_t out[MARK_LEN], uint64_t mark)
{
	store_u32be(&out[0], (uint32_t)(mark >> 32));
	store_u32be(&out[4], (uint32_t)mark);
}

static size_t slot_of(uint64_t mark)
{
	return (size_t)(mark >> 32) % SLOTS;
}

/* Half a window at least is ahead, unless the base's file has no more. */
static enum status fill(struct delta *delta)
{
	struct delta_window *window = delta->window;
	size_t left = window->end - window->at;

	if (left > WINDOW / 2 || window->run == window->run_end)
		return STATUS_OK;
	memmove(window->marks, &window->marks[window->at], left * sizeof(uint64_t));
	memmove(window->lines, &window->lines[window->at], left * sizeof(uint32_t));
	window->passed += window->at;
	window->at = 0;
	window->end = left;
	while (window->run < window->run_end && window->end <= WINDOW - MARKS_RUN) {
		struct reader marks;
		enum status status = base_marks(&delta->base, window->run, &marks);

		if (status != STATUS_OK)
			return status;
		for (; reader_left(&marks) > 0; window->line++) {
			uint64_t mark = reader_u64le(&marks);

			if (mark == MARK_BLANK)
				continue;
			window->marks[window->end] = mark;
			window->lines[window->end++] = window->line;
			window->slots[slot_of(mark)] = (uint32_t)(window->passed +
								  window->end);
		}
		window->run++;
	}
	return STATUS_OK;
}

/* A slot may have been taken by another mark since: then the next line is found. */
static bool find_ahead(const struct delta_window *window, uint64_t mark, size_t *ret_at)
{
	uint64_t number = window->slots[slot_of(mark)];

	if (number <= window->passed + window->at ||
	    number > window->passed + window->end)
		return false;
	*ret_at = (size_t)(number - window->passed - 1);
	return window->marks[*ret_at] == mark;
}

static enum status lose_until(struct delta *delta, size_t at)
{
	struct delta_window *window = delta->window;

	for (; window->at < at; window->at++) {
		struct delta_gone gone;

		store_u32be(&gone.place[0], delta->of);
		store_u32be(&gone.place[4], window->lines[window->at]);
		store_mark(gone.mark, window->marks[window->at]);
		if (!rows_append(&delta->gone, &gone, 1))
			return STATUS_NO_MEMORY;
		enum status status = check_change(delta);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

static enum status add(struct delta *delta, uint64_t mark, uint32_t line,
		       struct slice text)
{
	struct delta_line added = {
		.file = delta->file,
		.of = delta->of,
		.line = line,
	};

	store_mark(added.mark, mark);
	delta->text_bytes += text.len;
	if (delta->text_bytes > TEXT_BYTES_MAX)
		return STATUS_UNSUPPORTED;
	if (!arena_copy(delta->arena, text, &added.text) ||
	    !rows_append(&delta->added, &added, 1))
		return STATUS_NO_MEMORY;
	return check_change(delta);
}

static enum status check_change(const struct delta *delta)
{
	return !delta->is_alone || delta->added.count + delta->gone.count >
					   delta->changes_max ?
		       STATUS_UNSUPPORTED :
		       STATUS_OK;
}

static struct delta_line *added_at(const struct delta *delta, size_t i)
{
	return (struct delta_line *)(void *)rows_at(&delta->added, i);
}

static struct delta_gone *gone_at(const struct delta *delta, size_t i)
{
	return (struct delta_gone *)(void *)rows_at(&delta->gone, i);
}

static uint64_t number_of(const uint8_t bytes[8])
{
	struct reader in = reader_of(bytes, 8);

	return reader_u64be(&in);
}

/* A line, wherever in its file it stands. */
static uint64_t line_key(const uint8_t mark[8], uint32_t of)
{
	uint64_t key = number_of(mark) ^
		       (of + UINT64_C(1)) * UINT64_C(0xff51afd7ed558ccd);

	return key ? key : 1;
}

static uint64_t gone_key(const struct delta_gone *gone)
{
	return line_key(gone->mark, (uint32_t)(number_of(gone->place) >> 32));
}

/* What is new and gone alike, within a file and once each, has only moved. */
static enum status cancel_moved(struct delta *delta)
{
	struct number_set gone, moved;
	size_t kept = 0, open = 0;

	if (!number_set_init(&gone, delta->arena, delta->gone.count) ||
	    !number_set_init(&moved, delta->arena, delta->added.count))
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < delta->gone.count; i++)
		number_set_add(&gone, gone_key(gone_at(delta, i)));
	for (size_t i = 0; i < delta->added.count; i++) {
		const struct delta_line *line = added_at(delta, i);
		uint64_t key = line_key(line->mark, line->of);

		if (!number_set_has(&gone, key)) {
			*added_at(delta, kept++) = *line;
			continue;
		}
		/* Which of several went where cannot be told. */
		if (number_set_has(&moved, key))
			return STATUS_UNSUPPORTED;
		number_set_add(&moved, key);
		open++;
	}
	rows_cut(&delta->added, kept);
	kept = 0;
	for (size_t i = 0; i < delta->gone.count; i++) {
		if (number_set_has(&moved, gone_key(gone_at(delta, i))))
			open--;
		else
			*gone_at(delta, kept++) = *gone_at(delta, i);
	}
	rows_cut(&delta->gone, kept);
	return open == 0 ? STATUS_OK : STATUS_UNSUPPORTED;
}

/*
 * A line that is gone may have a twin that stays, and that was left out for it; one that
 * is new may be the twin of one that is there. Both are rare.
 */
static enum status look_for_twins(struct delta *delta)
{
	const struct base *base = &delta->base;
	struct number_set marks, places;
	struct reader in;

	if (!number_set_init(&marks, delta->arena,
			     delta->added.count + delta->gone.count) ||
	    !number_set_init(&places, delta->arena, delta->gone.count))
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < delta->added.count; i++)
		number_set_add(&marks, number_of(added_at(delta, i)->mark));
	for (size_t i = 0; i < delta->gone.count; i++) {
		number_set_add(&marks, number_of(gone_at(delta, i)->mark));
		number_set_add(&places, number_of(gone_at(delta, i)->place));
	}
	for (uint32_t run = 0, line = 1; run < base->run_count; run++) {
		uint32_t file = base->runs[run].file;

		if (base->files[file].run_first == run)
			line = 1;
		enum status status = base_marks(base, run, &in);
		if (status != STATUS_OK)
			return status;
		for (; reader_left(&in) > 0; line++)
			if (number_set_has(&marks, reader_u64le(&in)) &&
			    !number_set_has(&places, (uint64_t)file << 32 | line))
				return STATUS_UNSUPPORTED;
	}
	return STATUS_OK;
}
