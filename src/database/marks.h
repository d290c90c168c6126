/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mark of each line of the rule files, 8 bytes, so that the next build can tell which
 * lines are new and which are gone (build_delta.c). They are many, and are known while
 * STRINGS is being written: so they are written there, in runs between the texts, and
 * SECTION_MARKS says where.
 */
#pragma once

#include <stdint.h>

#include "base/slice.h"
#include "base/status.h"
#include "database/output.h"
#include "database/rows.h"

enum { MARK_LEN = 8, MARKS_RUN = 4096 };

/* Of lines that hold no rule: comments and empty ones. No other line has it. */
enum { MARK_BLANK = 0 };

struct marks {
	struct rows runs; /* as on disk: struct marks_record */
	struct output *output;
	uint32_t file;
	size_t count;
	uint8_t run[MARKS_RUN * MARK_LEN];
};

/*
 * The mark of a line. Two lines have the same one by chance once in 2^64; who writes both
 * could make them so, and would lose the second.
 */
uint64_t mark_of(struct slice line);

/* The marks of lines in the order of files and lines; the last one of a file ends it. */
void marks_init(struct marks *marks, struct arena *arena, struct output *output);
MUST_CHECK enum status marks_add(struct marks *marks, uint32_t file, uint64_t mark);
MUST_CHECK enum status marks_end(struct marks *marks);
