/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a checked program over an object: interpreted, bounded in steps and memory. A
 * program touches nothing but its own variables, what it asked for, and the object's
 * bytes for reading; every access is checked.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "bytecode/code.h"
#include "bytes/source.h"
#include "match/budget.h"
#include "view/executable.h"

enum { BYTECODE_SUBS = 64, BYTECODE_CHILDREN_MAX = 1024 };

/* What no offset is: the one of a subsignature that did not match. */
#define BYTECODE_NO_OFFSET UINT32_MAX

/* What a program may know of the object, and whom it tells. */
struct bytecode_host {
	struct source file;
	enum file_type type;
	/* NULL: not a program file, or not one that a loader would take */
	const struct executable *executable;
	/* of its logical signature's subsignatures: matches, and where the last one is */
	uint32_t match_counts[BYTECODE_SUBS];
	uint32_t match_offsets[BYTECODE_SUBS];
	uint32_t functionality_level;
	uint32_t database_options, scan_options; /* as ClamAV numbers them */

	/* The name that a program gives to what it found; without its NUL. */
	void (*found)(void *context, struct slice name);
	/*
	 * An object that it made out of this one; the bytes live as long as the arena's
	 * mark of the run. False: no more are wanted.
	 */
	bool (*child)(void *context, struct slice bytes, uint32_t id);
	/* What it prints; NULL: nobody listens. */
	void (*print)(void *context, struct slice text);
	void *context;
};

struct bytecode_limits {
	uint64_t steps_max; /* instructions; long operations take more than one */
	size_t memory_max;  /* bytes: variables, globals, and what it asks for */
	size_t child_max;   /* bytes of all that it makes */
	struct clock clock;
	uint64_t deadline_ms;
};

struct bytecode_result {
	uint64_t value;  /* that its first function gave */
	uint64_t steps;  /* taken */
	const char *why; /* what ended it, if it was not run to its end */
};

/*
 * Runs the program's first function. Memory is the arena's.
 *   OK         it came to its end; *out has its result
 *   MALFORMED  it did what it must not: divided by zero, left its memory, called abort
 *   LIMIT      the steps or the depth of calls
 *   NO_MEMORY  memory_max, or the arena's budget
 *   TIME       the deadline
 *   CHANGED, IO  the object could not be read
 * But for OK, the object was not looked at as the program's author meant it, whatever
 * was found before. *out is filled in either way.
 */
MUST_CHECK enum status bytecode_run(const struct program *program,
				    const struct bytecode_host *host,
				    const struct bytecode_limits *limits,
				    struct arena *arena, struct bytecode_result *out);
