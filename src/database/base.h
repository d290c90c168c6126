/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A segment that was built before, as the build of a delta on top of it reads it: in
 * pieces, from a source, however large it is. It is believed no more than a segment ever
 * is; one that is not whole is not built upon.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "bytes/source.h"
#include "database/segment.h"

struct base_file {
	struct slice name;
	uint32_t source;
	uint32_t flags;
	uint32_t run_first, run_count; /* of `runs` */
	uint64_t lines;
};

struct base {
	struct source source;
	struct section_place places[SECTION_COUNT];
	struct base_file *files;
	uint32_t file_count;
	struct marks_record *runs;
	uint32_t run_count;
	uint64_t lines; /* of all files */
	uint8_t *piece; /* BASE_PIECE bytes */
};

enum { BASE_PIECE = 64 * 1024 };

/*
 * What lives as long as the base is taken from the arena.
 *   OK, NO_MEMORY, IO, CHANGED
 *   UNSUPPORTED   no segment that a delta can be built upon: damaged, another format, a
 *                 delta itself
 */
MUST_CHECK enum status base_open(struct base *base, struct arena *arena,
				 struct source source);

/* All bytes of a section, in pieces of whole items. */
struct base_walk {
	const struct base *base;
	enum section_id section;
	size_t item_len;
	uint64_t at; /* in the section */
};

/*
 * The next items, valid until the next call of anything here.
 *   OK, IO, CHANGED
 *   END   no more
 */
MUST_CHECK enum status base_next(struct base_walk *walk, struct reader *out);

/* The marks of a run, of which there are at most MARKS_RUN. As base_next(), without END. */
MUST_CHECK enum status base_marks(const struct base *base, uint32_t run,
				  struct reader *out);

/* How many rules `source` has, and the record of a subsignature; zeros if there is none. */
MUST_CHECK enum status base_source_rules(const struct base *base, uint32_t source,
					 uint32_t *ret_rules);
MUST_CHECK enum status base_sub_offset(const struct base *base, uint32_t sub,
				       uint8_t *ret_offset_kind);
