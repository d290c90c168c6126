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
				 .len_max = len_max };
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

	if (!is_ended(lines, end) && lines->offset < lines->source.size) {
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

	bool is_whole = is_ended(lines, end) || lines->offset == lines->source.size;
	*out = without_end(lines, end);
	if (lines->number == 1)
		*out = without_mark(*out);
	lines->start = end;
	if (out->len <= lines->len_max)
		return STATUS_OK;
	out->len = lines->len_max;
	if (!is_whole && skip_to_end(lines) != STATUS_OK)
		return STATUS_IO;
	return STATUS_LIMIT;
}

/* Moves what is left to the buffer's start and fills the rest. */
static enum status fill(struct lines *lines)
{
	size_t left = lines->end - lines->start;
	size_t got;

	memmove(lines->buffer, &lines->buffer[lines->start], left);
	lines->start = 0;
	lines->end = left;
	enum status status = source_read(&lines->source, lines->offset,
					 &lines->buffer[left], LINES_BUFFER - left, &got);
	if (status != STATUS_OK)
		return STATUS_IO;
	lines->offset += got;
	lines->end += got;
	return STATUS_OK;
}

/*
 * The rest of a line that does not fit the buffer. Its beginning, which the
 * caller has, stays: only what is behind it is overwritten.
 */
static enum status skip_to_end(struct lines *lines)
{
	const size_t keep = LINE_LEN_MAX;

	while (lines->offset < lines->source.size) {
		size_t got;

		if (source_read(&lines->source, lines->offset, &lines->buffer[keep],
				LINES_BUFFER - keep, &got) != STATUS_OK)
			return STATUS_IO;
		lines->offset += got;
		lines->start = keep;
		lines->end = keep + got;
		size_t end = find_end(lines);
		bool found = is_ended(lines, end);
		lines->start = end;
		if (found)
			break;
	}
	return STATUS_OK;
}
