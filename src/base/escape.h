/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes any bytes safe to show: on a terminal, in a log, on one line. A file name is
 * chosen by an attacker, and a terminal obeys what it is shown.
 *
 * Kept: valid UTF-8 that prints. Written as \xNN for each byte: control characters (C0,
 * DEL, C1, so ESC and newlines too), characters that reorder or hide text (bidi
 * marks, embeddings, isolates; zero-width space, word joiner, byte order mark; tags),
 * line and paragraph separators, and bytes that are not UTF-8. A backslash is written
 * as two, so that nothing can pretend to be an escape and the original can be had back.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

enum { ESCAPE_GROWTH_MAX = 4 }; /* one byte becomes at most this many */

/*
 * Writes the escaped text and a NUL into `buffer` of `size` bytes (at least 1). What
 * does not fit is left out; a character or an escape is never cut in two. Returns the
 * length that the whole escaped text has, without the NUL: all of it was written if
 * that is less than `size`.
 */
size_t escape_text(struct slice text, char *buffer, size_t size);

/* Must this character not reach a terminal as it is? (The backslash may.) */
bool escape_is_unsafe(uint32_t code);
