/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the system says of a file, and whether it still says so afterwards.
 *
 * A file is looked at by somebody else, from the same descriptor, for seconds
 * or minutes. Who handed the descriptor out keeps these facts and asks again
 * when the answer is there: a file that was written to in between is
 * `incomplete (changed)`, whatever the answer was.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/status.h"
#include "bytes/source.h"

/* A moment as the file system tells it. */
struct target_time {
	int64_t seconds;
	uint32_t nanoseconds;
};

struct target_facts {
	uint64_t device; /* major in the upper 32 bits, minor in the lower */
	uint64_t inode;
	uint64_t size;      /* bytes */
	uint64_t allocated; /* bytes that take room; below `size`: there are holes */
	struct target_time modified; /* mtime */
	struct target_time touched;  /* ctime */
	struct target_time born;     /* btime, if has_birth */
	bool has_birth;
	uint32_t uid;
	uint16_t mode; /* as st_mode: kind and permissions */
};

/* More pieces of data than this in one file are joined, holes included. */
enum { TARGET_EXTENTS_MAX = 4096 };

/*
 * Asks the system about an open descriptor (O_PATH will do). IO: it refused; errno
 * says why.
 */
MUST_CHECK enum status target_look(int fd, struct target_facts *out);

/*
 * Is the file behind `fd` another one, or written to, since `before`? True too if it
 * cannot be asked.
 */
bool target_changed(int fd, const struct target_facts *before);

/*
 * Where the data of a sparse file lies. *ret_extents (the caller's to free) is
 * NULL, and *ret_count 0, when all of it is to be read: that is every file that
 * takes as much room as it has bytes, and every one whose system cannot tell.
 * A file of nothing but holes has one extent of length 0. The position of the
 * descriptor moves.
 *   OK         also when the system cannot tell
 *   NO_MEMORY
 */
MUST_CHECK enum status target_extents(int fd, const struct target_facts *facts,
				      struct extent **ret_extents, size_t *ret_count);
