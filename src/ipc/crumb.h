/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a worker is: one page that the worker writes and the parent reads
 * after the worker's death. A note of the dead, and possibly of their murderer:
 * it says which file to look at, and decides nothing that a lie could turn to
 * its advantage.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

enum { CRUMB_LEN = 4096 };

/* The assertions that ended it, shortened. */
enum { CRUMB_TEXT_LEN = 160 };

struct crumb {
	uint64_t job;    /* 0: between two jobs */
	uint64_t object; /* how many objects of this job were entered */
	uint64_t offset; /* where in its file the object begins, as far as known */
	uint64_t size_bytes;
	uint32_t depth;
	uint32_t type;
	char text[CRUMB_TEXT_LEN]; /* a failed assertion, or empty; NUL-terminated */
};

/* A page of CRUMB_LEN bytes, all zeros, that can neither grow nor shrink. -1 with errno. */
int crumb_make(void);

/* Maps it for writing; NULL with errno. The descriptor is not needed afterwards. */
struct crumb *crumb_map(int fd);

/* What it says. False if it cannot be read. `text` is terminated, printable, and a claim. */
MUST_CHECK bool crumb_read(int fd, struct crumb *out);
