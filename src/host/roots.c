/* SPDX-License-Identifier: Apache-2.0 */
#include "host/roots.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/checked.h"
#include "host/walk.h"

enum {
	LINE_LEN_MAX = WALK_PATH_MAX + 1, /* one more shows that it is too long */
	BLOCK_BYTES = 64 * 1024,
};

struct roots_block {
	size_t pos;
	size_t len;
	char bytes[BLOCK_BYTES];
};

static MUST_CHECK enum status next_line(struct roots *roots);
static MUST_CHECK enum status read_block(struct roots *roots);
static MUST_CHECK bool append(struct roots *roots, const char *bytes, size_t len);

enum status roots_next(struct roots *roots, struct slice *out)
{
	if (roots->number < roots->argument_count) {
		*out = slice_of(roots->arguments[roots->number++]);
		return STATUS_OK;
	}
	if (roots->list_fd < 0)
		return STATUS_END;
	if (!roots->block)
		roots->block = calloc(1, sizeof(*roots->block));
	if (!roots->block)
		return STATUS_NO_MEMORY;
	do {
		enum status status = next_line(roots);

		if (status != STATUS_OK)
			return status;
	} while (roots->line_len == 0);
	roots->number++;
	*out = (struct slice){ (const uint8_t *)roots->line, roots->line_len };
	return STATUS_OK;
}

void roots_clear(struct roots *roots)
{
	free(roots->block);
	free(roots->line);
	*roots = (struct roots){ .list_fd = -1 };
}

static enum status next_line(struct roots *roots)
{
	struct roots_block *block = roots->block;

	roots->line_len = 0;
	for (;;) {
		const char *bytes = &block->bytes[block->pos];
		size_t left = block->len - block->pos;
		const char *end = memchr(bytes, roots->separator, left);

		if (!append(roots, bytes, end ? (size_t)(end - bytes) : left))
			return STATUS_NO_MEMORY;
		if (end) {
			block->pos += (size_t)(end - bytes) + 1;
			return STATUS_OK;
		}

		enum status status = read_block(roots);

		if (status == STATUS_END && roots->line_len > 0)
			return STATUS_OK; /* the last line need not be ended */
		if (status != STATUS_OK)
			return status;
	}
}

static enum status read_block(struct roots *roots)
{
	struct roots_block *block = roots->block;

	block->pos = 0;
	block->len = 0;
	for (;;) {
		struct pollfd readable = { roots->list_fd, POLLIN, 0 };
		int ready = poll(&readable, 1, -1);
		ssize_t got = ready > 0 ?
				      read(roots->list_fd, block->bytes, BLOCK_BYTES) :
				      -1;

		if (roots->stop && *roots->stop)
			return STATUS_END;
		if (got < 0 && errno != EINTR && errno != EAGAIN)
			return STATUS_IO;
		if (got == 0)
			return STATUS_END;
		if (got > 0) {
			block->len = (size_t)got;
			return STATUS_OK;
		}
	}
}

/* What makes the line longer than LINE_LEN_MAX is dropped. */
static bool append(struct roots *roots, const char *bytes, size_t len)
{
	len = min_size(len, LINE_LEN_MAX - roots->line_len);
	if (roots->line_room - roots->line_len < len + 1) {
		size_t room = (roots->line_len + len + 1) * 2;
		char *line = realloc(roots->line, room);

		if (!line)
			return false;
		roots->line = line;
		roots->line_room = room;
	}
	if (len > 0)
		memcpy(&roots->line[roots->line_len], bytes, len);
	roots->line_len += len;
	roots->line[roots->line_len] = '\0';
	return true;
}
