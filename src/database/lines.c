/* SPDX-License-Identifier: Apache-2.0 */
#include "database/lines.h"

#include <assert.h>
#include <string.h>

#include "bytes/reader.h"

static enum status fill(struct lines *lines);
static enum status skip_to_end(struct lines *lines);

void lines_init(struct lines *lines, const struct source *source, uint8_t *buffer,
		size_t len_max)
{
	assert(len_max <= LINE_LEN_MAX);
	*lines = (struct lines){ .source = *source,
				 .buffer = buffer,
				 .len_max = len_max,
				 .is_over = source->size == 0 };
}

void lines_init_stream(struct lines *lines, struct stream stream, uint8_t *buffer,
		       size_t len_max)
{
	assert(len_max <= LINE_LEN_MAX);
	*lines = (struct lines){ .stream = stream, .buffer = buffer, .len_max = len_max };
}

/* Where the line ends in the buffer: behind its LF, or where the bytes end. */
static size_t find_end(const struct lines *lines)
{
	struct reader reader = reader_of(lines->buffer, lines->end);
	struct slice line;

	reader_seek(&reader, lines->start);
	(void)reader_line(&reader, &line);
	return reader.pos;
}

static bool is_ended(const struct lines *lines, size_t end)
{
	return end > lines->start && lines->buffer[end - 1] == '\n';
}

/* Without LF, and without any number of CRs, as clamscan does. */
static struct slice without_end(const struct lines *lines, size_t end)
{
	end -= is_ended(lines, end);
	while (end > lines->start && lines->buffer[end - 1] == '\r')
		end--;
	return (struct slice){ &lines->buffer[lines->start], end - lines->start };
}

/* Some editors put a byte order mark in front of UTF-8. */
static struct slice without_mark(struct slice line)
{
	struct reader reader = reader_of_slice(line);

	if (reader_has(&reader, 0, slice_of("\xef\xbb\xbf")))
		reader_skip(&reader, 3);
	return reader_rest(&reader);
}

enum status lines_next(struct lines *lines, struct slice *out)
{
	size_t end = find_end(lines);

	if (!is_ended(lines, end) && !lines->is_over) {
		enum status status = fill(lines);
		if (status != STATUS_OK)
			return status;
		end = find_end(lines);
	}
	if (lines->start == lines->end)
		return STATUS_END;
	if (lines->number == UINT32_MAX)
		return STATUS_IO;
	lines->number++;

	bool is_whole = is_ended(lines, end) || lines->is_over;
	*out = without_end(lines, end);
	if (lines->number == 1)
		*out = without_mark(*out);
	lines->start = end;
	if (out->len <= lines->len_max)
		return STATUS_OK;
	out->len = lines->len_max;
	enum status status = is_whole ? STATUS_OK : skip_to_end(lines);
	return status == STATUS_OK ? STATUS_LIMIT : status;
}

/* Fills the buffer from `at` on, as far as there is anything. */
static enum status read_on(struct lines *lines, size_t at)
{
	enum status status = STATUS_OK;

	lines->end = at;
	while (!lines->is_over && lines->end < LINES_BUFFER) {
		uint8_t *free_from = &lines->buffer[lines->end];
		size_t room = LINES_BUFFER - lines->end;
		size_t got;

		if (lines->stream.read) {
			status = stream_read(&lines->stream, free_from, room, &got);
			lines->is_over = status == STATUS_END;
		} else {
			status = source_read(&lines->source, lines->offset, free_from,
					     room, &got);
			lines->offset += got;
			lines->is_over = lines->offset == lines->source.size;
			if (status != STATUS_OK)
				return STATUS_IO;
		}
		if (status != STATUS_OK && status != STATUS_END)
			return status;
		lines->end += got;
	}
	return STATUS_OK;
}

/* Moves what is left to the buffer's start and fills the rest. */
static enum status fill(struct lines *lines)
{
	size_t left = lines->end - lines->start;

	memmove(lines->buffer, &lines->buffer[lines->start], left);
	lines->start = 0;
	return read_on(lines, left);
}

/*
 * The rest of a line that does not fit the buffer. Its beginning, which the
 * caller has, stays: only what is behind it is overwritten.
 */
static enum status skip_to_end(struct lines *lines)
{
	const size_t keep = LINE_LEN_MAX;

	while (!lines->is_over) {
		enum status status = read_on(lines, keep);
		if (status != STATUS_OK)
			return status;
		lines->start = keep;
		size_t end = find_end(lines);
		bool found = is_ended(lines, end);
		lines->start = end;
		if (found)
			break;
	}
	return STATUS_OK;
}
