/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The directories from a root down to where a walk is, and the path that leads
 * there. Only the deepest of them are kept open, so that depth costs memory
 * but no descriptors; one that was closed is found again as the ".." of the
 * one below it, if it is still the same directory.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "host/names.h"
#include "host/target.h"

struct frame {
	int fd; /* open directory or O_PATH; -1: closed */
	uint64_t device;
	uint64_t inode;
	size_t domain;   /* of the mount it is on */
	size_t path_len; /* of the path up to it */
	struct names names;
	size_t next; /* the name whose turn it is */
};

/* Starts as all zeros. */
struct trail {
	char *path; /* with a NUL */
	size_t path_len;
	size_t path_room;
	size_t below; /* where the part below the root begins */
	struct frame *frames;
	size_t count;
	size_t room;
};

void trail_clear(struct trail *trail);

/* Begins a root: the path, and nothing below it. False: no memory. */
MUST_CHECK bool trail_start(struct trail *trail, struct slice root);

/* Sets the path to a name in the deepest directory. False: no memory. */
MUST_CHECK bool trail_enter_name(struct trail *trail, const char *name);

/* The path below the root. */
struct slice trail_below(const struct trail *trail);

/* The deepest directory; NULL if there is none. */
struct frame *trail_top(const struct trail *trail);

/* Is the directory one of those on the trail? */
bool trail_has(const struct trail *trail, const struct target_facts *directory);

/*
 * Adds a directory, of the present path. The frame is taken over, with its
 * descriptor and names. False: no memory, and nothing is taken over.
 */
MUST_CHECK bool trail_push(struct trail *trail, struct frame *frame);

/* Closes all but the deepest directory. False: none was open. */
bool trail_close_far(struct trail *trail);

/* Removes the deepest directory. */
void trail_pop(struct trail *trail);
