/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A build in a test: rule files as texts in, a segment in memory and what was told of
 * the rules as text out.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "database/build.h"
#include "database/database.h"
#include "text_buffer.h"

enum { BUILT_FILES_MAX = 8 };

/* A rule file: its name, its text, and which source it is of (0 to BUILT_FILES_MAX - 1). */
struct built_file {
	const char *name;
	const char *text;
	uint32_t source;
};

struct built {
	enum status status;
	uint8_t *bytes; /* the segment */
	size_t len;
	uint64_t size_bytes;      /* as the build told it */
	struct database database; /* the segment, opened, if the status is OK */
	struct build_count counts[BUILT_FILES_MAX + 1];
	/*
	 * A line for each problem: "refused 0:12:5 message: detail" (file, line, column),
	 * "left out …", "note …".
	 */
	struct text_buffer problems;
	size_t arena_peak_bytes;
	unsigned writes;
};

/* What may go wrong in the machine, and how rules are read. All zeros: nothing, plainly. */
struct built_limits {
	size_t budget_bytes; /* of the arena; 0: plenty */
	unsigned writes_max; /* the write after so many fails; 0: none does */
	bool clamav_compat;  /* of the options */
	struct build_pua pua;
	size_t first_len; /* of the first file, if there are NULs in it; else 0 */
	/* Of each file, or NULL: all are rules. A signature is of the first one. */
	const enum build_role *roles;
	const struct built
		*base; /* a delta of it is built, with the name below; or NULL */
};

#define BUILT_BASE_NAME "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* Builds the files up to one without a name. Sources are called "s0", "s1" … */
void built_make(struct built *out, const struct built_file *files,
		const struct built_limits *limits);

/* One file of source 0, with nothing going wrong. */
void built_one(struct built *out, const char *name, const char *text);

void built_free(struct built *built);
