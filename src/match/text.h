/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of an object, for evaluation to jump about in. A source that is
 * memory is used as it is; any other is seen through a few windows, of which the
 * one not used for longest is filled anew. So an object may be larger than any
 * memory, and holes in it cost nothing.
 *
 * A source that breaks stays broken: everything reads as its end, and `status`
 * says why. What was concluded since is worth nothing; whoever asks for a match
 * looks at the status once, at the end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "bytes/source.h"

/* text_run() gives at least so many bytes in one piece, where there are as many. */
enum { TEXT_RUN_MIN = 64 };

enum {
	TEXT_WINDOWS = 4,
	TEXT_WINDOW_LEN = 128 * 1024,
	TEXT_WINDOW_LEN_MIN = 2 * TEXT_RUN_MIN,
};

struct text_window {
	uint8_t *bytes; /* NULL if the source is memory */
	uint64_t at;
	size_t len;
	uint64_t used; /* the count of text.uses when it was last asked for */
};

struct text {
	uint64_t len; /* of the object */
	struct source source;
	struct slice memory; /* all of it, if it is memory; else empty */
	struct text_window windows[TEXT_WINDOWS];
	size_t window_len;
	uint64_t uses;
	enum status status; /* OK, or why the source broke: IO, CHANGED */
};

/*
 * Windows, if there have to be any, are of `window_len` bytes, at least
 * TEXT_WINDOW_LEN_MIN, and come from the arena.
 *   OK, NO_MEMORY
 */
MUST_CHECK enum status text_open(struct text *text, const struct source *source,
				 struct arena *arena, size_t window_len);

/*
 * The bytes from `at` on, as many as are at hand in one piece: fewer than
 * TEXT_RUN_MIN only if the text ends before; none at or behind its end. Valid
 * until the next call.
 */
struct slice text_run(struct text *text, uint64_t at);

/* The byte at `at`; -1 outside. */
int text_byte(struct text *text, uint64_t at);

/* Where data begins at or after `at`: before it there are only zeros. The end if there is none. */
uint64_t text_next_data(const struct text *text, uint64_t at);
