/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that a process needs to scan: the database mapped, the digests loaded,
 * memory, the spool. Made before the process is locked up; afterwards it runs
 * batches of jobs, and opens nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/cpu_path.h"
#include "base/digest.h"
#include "base/limits.h"
#include "bytes/spool.h"
#include "database/database.h"
#include "ipc/channel.h"
#include "ipc/job_record.h"
#include "ipc/zygote_record.h"
#include "match/regex_cache.h"
#include "worker/answer.h"
#include "worker/helped.h"
#include "worker/prehash.h"

struct engine {
	struct database database;
	struct slice maps[SETUP_SEGMENTS_MAX]; /* what it lies in */
	size_t map_count;
	struct digests digests;
	struct digest_state digest_state;
	struct scan_limits limits;
	bool clamav_compat;
	bool no_bytecode;
	enum cpu_path cpu_path;
	struct arena arena;
	struct regex_cache regexes;
	struct spool spool;
	struct answer answer;
	struct helped helped; /* its `receive` is the caller's to set, too */
	struct extent extents[RECORD_EXTENTS_MAX];
	struct prehash prehash;
};

/*
 * Maps the segments (their descriptors may be closed afterwards), loads the
 * digests and computes some, so that nothing is loaded any more later on. The
 * answer's clock, sink and crumb are the caller's to set. False: *failed says
 * what is wrong; the engine is of no use then.
 */
MUST_CHECK bool engine_open(struct engine *engine, const struct record_setup *setup,
			    const struct channel_fds *segments,
			    struct record_failed *failed);

/*
 * Reads the segments' headers: the first look at bytes that somebody else may
 * have written, so it comes after the process is shut in. False as above.
 */
MUST_CHECK bool engine_read_segments(struct engine *engine, struct record_failed *failed);

/* Undoes engine_open(), even where it failed. The engine must have been all zeros before. */
void engine_close(struct engine *engine);

/* How a batch went, for a worker's exit status. */
enum engine_result {
	ENGINE_OK,
	ENGINE_NOBODY_LISTENS, /* the sink refused */
	ENGINE_BAD_BATCH,      /* not what a parent of ours sends */
};

/*
 * Runs the jobs of a message in order, or a share of somebody else's; closes each
 * descriptor of *fds when its job is done, and all of them in any case. Everything has
 * been sent on return.
 */
MUST_CHECK enum engine_result engine_run(struct engine *engine,
					 const struct message *batch,
					 struct channel_fds *fds);
