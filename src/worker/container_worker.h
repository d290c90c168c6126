/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What else the process that reads rule files does with ClamAV's containers: says who signed
 * them, takes them apart, applies differences.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/slice.h"
#include "base/status.h"
#include "bytes/source.h"
#include "cvd/room.h"
#include "database/build.h"
#include "ipc/compile_record.h"

struct container_job {
	enum record_action action;
	struct slice argument;           /* RECORD_UNPACK: the member; empty: all */
	const struct build_input *files; /* names tell what they are */
	size_t file_count;
	size_t beside_count; /* with signatures of them, and certificates, behind them */
	struct arena *arena;
	const struct digests *digests;
	struct cvd_room *room;
	/* What is known of a file; texts are valid during the call. */
	void (*fact)(void *context, const struct record_fact *fact);
	/* What was made, in the room. */
	void (*piece)(void *context, const struct record_piece *piece);
	void *context;
};

/*
 *   OK
 *   MALFORMED  a fact "refused" says of which file, and why
 *   NO_MEMORY, CHANGED, IO, LIMIT
 */
MUST_CHECK enum status container_job_run(const struct container_job *job);
