/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which lines of rule files are new, and which are gone, since a base was built from them.
 *
 * The files are read once, and their lines' marks (database/marks.h) compared with those of
 * the base in their order: what is not the next line of the base is looked for among those
 * ahead, and is new if it is not there. Lines that moved are new at one place and gone from
 * another, and are neither in the end. Memory grows with what differs, not with the files.
 *
 * Where a difference cannot be told line by line, or is too large to be worth it, the answer
 * is UNSUPPORTED: build all of it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "database/base.h"
#include "database/rows.h"

/* A line that is not in the base. */
struct delta_line {
	uint8_t mark[8]; /* big-endian, so that memcmp() orders it */
	uint32_t file;   /* of the build */
	uint32_t of;     /* of the base; DELTA_NO_FILE */
	uint32_t line;
	struct slice text; /* in the arena */
};

enum { DELTA_NO_FILE = UINT32_MAX };

/* A line of the base that is no more. */
struct delta_gone {
	uint8_t place[8]; /* file of the base and line (u32 BE each) */
	uint8_t mark[8];
};

struct delta_window;

struct delta {
	struct base base;
	struct arena *arena;
	struct rows added; /* struct delta_line */
	struct rows gone;  /* struct delta_gone */
	uint64_t changes_max;
	uint64_t text_bytes;
	bool *seen; /* files of the base that were begun */
	/* the caller's: lines of the file act on none but themselves, else none may differ */
	bool is_alone;
	uint32_t file; /* of the build, that is being read */
	uint32_t of;   /* … and of the base */
	struct delta_window *window;
};

/*
 * OK, NO_MEMORY, IO, CHANGED, UNSUPPORTED   as base_open()
 */
MUST_CHECK enum status delta_open(struct delta *delta, struct arena *arena,
				  struct source base);

/* A file of the build is read from its beginning. As above. */
MUST_CHECK enum status delta_begin(struct delta *delta, uint32_t file, struct slice name,
				   uint32_t source, uint32_t flags);

/* Its next line. *ret_is_new: it is not the one that the base has there. As above. */
MUST_CHECK enum status delta_take(struct delta *delta, uint32_t line, struct slice text,
				  bool *ret_is_new);

/* It has no more lines. As above. */
MUST_CHECK enum status delta_end(struct delta *delta);

/* All files were read: `added` and `gone` are what differs. As above. */
MUST_CHECK enum status delta_finish(struct delta *delta);
