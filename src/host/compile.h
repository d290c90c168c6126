/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rule text into a segment, in a locked-up process of its own: rule files are
 * as hostile as any other. It reads the descriptors it is given and writes one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "database/build.h"
#include "host/pool.h"
#include "ipc/compile_record.h"

struct compile_file {
	struct slice name; /* file name without folders: its ending is its language */
	int fd;            /* open for reading, a regular file; borrowed */
	uint64_t size_bytes;
	uint32_t source_id; /* index into compile_options.sources */
	enum build_role role;
	uint32_t of; /* as in struct build_input */
};

struct compile_options {
	enum record_action action;
	struct slice argument;   /* as in struct record_compile */
	const char *worker_path; /* as in struct pool_options */
	const struct build_source *sources;
	size_t source_count;
	const struct compile_file *files;
	size_t file_count;
	struct slice build_id;
	struct build_pua pua;
	bool clamav_compat;     /* as in struct build_options */
	bool bytecode_unsigned; /* likewise */
	int out_fd; /* an empty regular file or memfd, open for writing; borrowed */
	uint64_t out_bytes_max; /* 0: 8 GiB */
	uint64_t memory_bytes;  /* private memory; 0: 4 GiB */
	uint32_t time_ms;       /* 0: ten minutes */
	/* Problems in the order of their files; slices are valid during the call. */
	void (*problem)(void *context, const struct build_problem *problem);
	/* Of other actions than compiling: what is told of the files, and what was made. */
	void (*fact)(void *context, const struct record_fact *fact);
	void (*piece)(void *context, const struct record_piece *piece);
	void *context;
};

/*
 * Waits until it is done. False, with *error filled in, if there is no segment
 * (`out_fd` may then hold half of one). `counts` has an element for each file; other
 * actions than compiling fill none in.
 */
MUST_CHECK bool compile_rules(const struct compile_options *options,
			      struct build_count *counts, uint64_t *ret_size_bytes,
			      struct pool_error *error);
