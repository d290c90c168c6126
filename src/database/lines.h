/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines of a rule file, one after another, in a buffer of fixed size
 * however long the file or a line of it is.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "bytes/source.h"
#include "bytes/stream.h"

struct lines {
	struct source source;
	uint64_t offset;      /* in the source: of what is read next */
	struct stream stream; /* instead of a source, if it is one */
	bool is_over;         /* all of it is in the buffer */
	uint8_t *buffer;
	size_t start; /* of what is not yet handed out, in the buffer */
	size_t end;
	size_t len_max;  /* of a line */
	uint32_t number; /* of the line handed out last, from 1 */
};

/* The longest lines of any language here, without their ends. */
enum { LINE_LEN_MAX = 32 * 1024, LINES_BUFFER = 4 * LINE_LEN_MAX };

/* `buffer` has LINES_BUFFER bytes; `len_max` is LINE_LEN_MAX at most. */
void lines_init(struct lines *lines, const struct source *source, uint8_t *buffer,
		size_t len_max);

/* The same of bytes that come one after another. */
void lines_init_stream(struct lines *lines, struct stream stream, uint8_t *buffer,
		       size_t len_max);

/*
 * The next line without its end (LF, CRLF), the first without a byte order mark; valid
 * until the next call.
 *   OK
 *   END
 *   LIMIT    a line longer than len_max: skipped; *out is its beginning
 *   IO       the source could not be read, or there are too many lines to count
 *   other    of the stream
 */
MUST_CHECK enum status lines_next(struct lines *lines, struct slice *out);
