/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of rules, by language: how many were taken, left out and refused, and for
 * which reasons. Printed at the end of `custos db build` and `custos db check`.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "host/rule_compile.h"

/* More different ones are "other reasons". */
enum { BUILD_REASONS_MAX = 200, BUILD_LANGUAGE_MAX = 12 };

struct build_reason {
	char language[BUILD_LANGUAGE_MAX]; /* as files of it end */
	char *message;                     /* NULL: other reasons */
	enum build_severity severity;
	uint64_t count;
};

struct build_reasons {
	struct build_reason list[BUILD_REASONS_MAX];
	size_t count;
};

/* Counts a problem; notes are none. */
void build_reasons_add(struct build_reasons *reasons, const struct rule_problem *problem);

/* `fd` is the segment that was built: it knows the files of containers, too. */
void build_table_print(const struct build_reasons *reasons, int fd);

void build_reasons_clear(struct build_reasons *reasons);
