/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where walks begin: the arguments, then the lines of a list that is read as
 * it is needed, so that it may be a pipe and of any length.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"

struct roots_block;

struct roots {
	const char *const *arguments;
	size_t argument_count;
	int list_fd; /* -1: there is no list */
	char separator;
	const volatile sig_atomic_t *stop;
	uint64_t number;           /* of the next root */
	struct roots_block *block; /* what was read of the list */
	char *line;                /* the last line that was handed out */
	size_t line_len;
	size_t line_room;
};

/*
 * The next one, with a NUL behind it, valid until the next call. Empty lines
 * are passed over. A line longer than any path may be is handed out cut, still
 * longer than WALK_PATH_MAX.
 *   OK
 *   END        no more, or *stop was set
 *   NO_MEMORY
 *   IO         the list cannot be read; errno says why
 */
MUST_CHECK enum status roots_next(struct roots *roots, struct slice *out);

void roots_clear(struct roots *roots);
