/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an interrupted scan leaves behind so that the next one can go on: a
 * small text file in the user's state folder, one for each set of roots.
 *
 *	custos-resume 1
 *	options <sha256 of all that decides what a scan finds, as hex>
 *	position <number of the root> <path below it, as hex, or ->
 *	count <name> <decimal>            any number of times
 *	end
 *
 * It is written beside its place, synced and renamed over it: a reader sees
 * the old one or the new one, whole. A file that is not ours, that others may
 * write to, or that is not exactly of this form is not believed.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"
#include "host/position.h"

/* Which scan a file belongs to; SHA-256 as lower-case hex with its NUL. */
struct resume_key {
	char roots[65];
	char options[65];
};

/* A number of the summary; `name` is of a-z 0-9 and '_', at most 32 long. */
struct resume_count {
	const char *name;
	uint64_t value;
};

/*
 * The key of a scan: of its roots (absolute paths, in order), and of everything
 * else that decides what is scanned and found (patterns, limits, database
 * digest …). The pieces are told apart by their lengths. OK or NO_MEMORY.
 */
MUST_CHECK enum status resume_key_make(const struct slice *roots, size_t root_count,
				       const struct slice *options, size_t option_count,
				       struct resume_key *out);

/*
 * Writes the file, replacing the one of these roots. `folder` is made if it is
 * not there (its parent must be).
 *   OK
 *   NO_MEMORY
 *   IO         the system refused; errno says why; an older file is still there
 */
MUST_CHECK enum status resume_save(const char *folder, const struct resume_key *key,
				   struct position at, const struct resume_count *counts,
				   size_t count);

/*
 * Reads it. On OK, *ret_path (the caller's to free) holds the path that
 * *ret_position points into, and the values of `counts` whose names are in the
 * file are set.
 *   OK
 *   END        there is none: nothing was interrupted
 *   CHANGED    there is one, of a scan of the same roots with other options
 *   MALFORMED  there is one, but it is not ours or damaged
 *   NO_MEMORY
 *   IO         the system refused; errno says why
 */
MUST_CHECK enum status resume_load(const char *folder, const struct resume_key *key,
				   struct resume_count *counts, size_t count,
				   struct position *ret_position, char **ret_path);

/* Removes it, when the scan is complete. Not being there is fine. OK or IO. */
MUST_CHECK enum status resume_remove(const char *folder, const struct resume_key *key);
