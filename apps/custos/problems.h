/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong in rule files, as `file:line:column: message` on standard
 * error: the first few, and how many there were.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "build_table.h"
#include "host/rule_compile.h"

struct problems {
	size_t show_max;  /* of each file's problems; the rest is counted */
	bool with_notes;  /* also what was taken, and should be known */
	const char *path; /* of the file last told of */
	size_t shown;     /* of that file */
	uint64_t refused, skipped;
	uint64_t refused_files;        /* of those refused: files as a whole */
	struct build_reasons *reasons; /* where they are counted, or NULL */
};

void problems_add(struct problems *problems, const struct rule_problem *problem);

/* Says how many there were. */
void problems_end(const struct problems *problems);
