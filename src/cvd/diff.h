/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Differences between two versions of a database (cdiff), as ClamAV publishes them:
 *
 *   ClamAV-Diff:version:size:SCRIPT:signature
 *
 * The script is packed as gzip does; `size` is its length before; the signature is of
 * everything in front of the last colon. docs/formats/cvd.md has the script's commands.
 */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/slice.h"
#include "base/status.h"
#include "bytes/source.h"
#include "cvd/files.h"

enum { CVD_SCRIPT_MAX = 256 * 1024 * 1024 };

struct cvd_diff {
	uint32_t version;    /* that it leads to */
	struct slice script; /* in the arena */
	/* Why it is not to be believed, or cannot be applied: a constant string. */
	const char *reason;
	uint32_t line; /* of the script, from 1; 0: it is not about a line */
};

/*
 * Reads and verifies it. `digest` is borrowed for the call.
 *   OK
 *   MALFORMED  `reason` says what is wrong
 *   NO_MEMORY, CHANGED, IO
 */
MUST_CHECK enum status cvd_diff_open(struct cvd_diff *diff, struct source source,
				     struct arena *arena, struct digest_state *digest);

/*
 * Applies the script to files. All memory is the arena's.
 *   OK
 *   MALFORMED  `reason` and `line` say what did not fit; the files are as they were before
 *              the command, or the CLOSE, that did not fit
 *   NO_MEMORY, CHANGED, IO, LIMIT (the room's)
 */
MUST_CHECK enum status cvd_diff_apply(struct cvd_diff *diff, struct cvd_files *files,
				      struct arena *arena);
