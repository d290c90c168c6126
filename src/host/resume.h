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
 * the old one or the new one, whole. A file that others may write to, or that
 * is not exactly of this form, is not believed.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/digest.h"
#include "base/slice.h"
#include "base/status.h"
#include "host/position.h"

/* Which scan a file belongs to; SHA-256 as lower-case hex with its NUL. */
struct resume_key {
	char roots[DIGEST_HEX_MAX];
	char options[DIGEST_HEX_MAX];
};

/*
 * What tells one scan from another: its roots (absolute paths, in order), and
 * everything else that decides what is scanned and found (patterns, limits,
 * digest of the database …). The pieces are told apart by their lengths.
 */
struct resume_subject {
	const struct slice *roots;
	size_t root_count;
	const struct slice *options;
	size_t option_count;
};

/*
 * A root as it is to stand in a subject: absolute, without "." and doubled or
 * last slashes; free() it. Made from the text alone: to ask the file system
 * where a path leads could hang. NULL: no memory.
 */
char *resume_root_name(const char *root);

/* OK or NO_MEMORY. */
MUST_CHECK enum status resume_key_make(const struct resume_subject *subject,
				       struct digest_state *digester,
				       struct resume_key *out);

enum { RESUME_COUNTS_MAX = 256 };

/* A number of the summary; its name is of a-z 0-9 '_' '-' alone. */
struct resume_count {
	const char *name;
	uint64_t value;
};

/* How far a scan got. */
struct resume_point {
	struct position at;
	struct resume_count *counts;
	size_t count; /* at most RESUME_COUNTS_MAX */
};

/*
 * Writes the file, replacing the one of these roots. `folder` is made if it is
 * not there.
 *   OK
 *   NO_MEMORY
 *   CHANGED    others may write to the folder
 *   IO         the system refused; errno says why; an older file is still there
 */
MUST_CHECK enum status resume_save(const char *folder, const struct resume_key *key,
				   const struct resume_point *point);

/*
 * Reads it. On OK, `point->at` is set and points into *ret_text (the caller's
 * to free), and so are the values of those `point->counts` that the file names;
 * otherwise nothing is.
 *   OK
 *   END        there is none: nothing was interrupted
 *   CHANGED    there is one, of a scan of the same roots with other options
 *   MALFORMED  there is one, but it is damaged, or others may have written it
 *   NO_MEMORY
 *   IO         the system refused; errno says why
 */
MUST_CHECK enum status resume_load(const char *folder, const struct resume_key *key,
				   struct resume_point *point, char **ret_text);

/* The file itself, as an O_PATH descriptor of the caller's, to know it by; -1: none. */
int resume_open(const char *folder, const struct resume_key *key);

/* Removes it, when the scan is complete. Not being there is fine. OK or IO. */
MUST_CHECK enum status resume_remove(const char *folder, const struct resume_key *key);
