/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rule files into a segment, in a locked worker (host/compile.h), with what is
 * wrong in them told by path, line and column.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "database/build.h"
#include "host/rule_files.h"

struct rule_problem {
	enum build_severity severity;
	const char *path; /* of the rule file; the same pointer for all its problems */
	struct slice
		member; /* of a container, which is at `path`; may be empty, or hostile */
	uint32_t line, column;
	const char *message;
	struct slice detail; /* may be hostile, may be long */
};

struct rule_report {
	void (*problem)(void *context,
			const struct rule_problem *problem); /* may be NULL */
	void *context;
};

/* Why there are no rules: one line; names in it may be hostile. */
struct rule_error_text {
	char text[1024];
};

/*
 * Compiles into `out_fd`, an empty file. `counts` has an element for each file, or is
 * NULL. False, with *error filled in, if there is no segment.
 */
MUST_CHECK bool rule_compile(const struct rule_files *files,
			     const struct rule_report *report, int out_fd,
			     struct build_count *counts, struct rule_error_text *error);

/* A segment that was compiled of the same sources before. */
struct rule_base {
	int fd; /* open for reading; borrowed */
	uint64_t size_bytes;
	const char *key; /* 64 bytes, by which the delta names it */
};

/*
 * Compiles what has changed since then. False: nothing is told, and all of it is to be
 * compiled; `out_fd` is empty again.
 */
MUST_CHECK bool rule_compile_delta(const struct rule_files *files,
				   const struct rule_report *report,
				   const struct rule_base *base, int out_fd);
