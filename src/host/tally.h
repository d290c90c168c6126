/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a scan has counted: the numbers of its summary, of its exit code, and
 * of the file that an interrupted scan leaves behind (host/resume.h).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "base/reason.h"
#include "host/resume.h"

enum tally_number {
	TALLY_FILES,         /* looked at, known to be clean, or met and not readable */
	TALLY_BYTES,         /* of those files */
	TALLY_OBJECTS,       /* looked at: the files and what was in them */
	TALLY_FINDINGS,      /* shown */
	TALLY_FOUND,         /* files with a finding */
	TALLY_INCOMPLETE,    /* files not looked at in full; found ones not counted */
	TALLY_ALLOWED,       /* findings that the allow list kept back */
	TALLY_ERRORS,        /* paths that could not be scanned at all */
	TALLY_SPECIAL,       /* FIFOs, sockets, devices */
	TALLY_LINKS,         /* symbolic links in trees */
	TALLY_EXCLUDED,      /* names that an exclude pattern matched */
	TALLY_MOUNTS,        /* file systems not entered */
	TALLY_VANISHED,      /* gone before their turn */
	TALLY_OWN,           /* the rules in use, and the like */
	TALLY_CACHED,        /* files known to be clean: not read again */
	TALLY_CACHED_PARTLY, /* files known to be clean by some rules: read for the others */
	/* clean files that are read every time: their file system has no memory */
	TALLY_NO_MEMORY,
	TALLY_REASONS, /* from here one for each reason: objects that are incomplete for it */
};

enum { TALLY_COUNT = TALLY_REASONS + REASON_COUNT };

struct tally {
	uint64_t n[TALLY_COUNT];
};

void tally_add(struct tally *tally, const struct tally *more);

/* The numbers under their names, for resume_save() and resume_load(). */
void tally_to_counts(const struct tally *tally, struct resume_count out[TALLY_COUNT]);
void tally_from_counts(struct tally *tally,
		       const struct resume_count counts[TALLY_COUNT]);

/* 0 clean, 1 found, 2 error, 3 incomplete for a reason that is not in the set `accepted`. */
int tally_exit_code(const struct tally *tally, uint32_t accepted);

/* As fields of the object that is open: "files_scanned" …, "incomplete":{"password":2}. */
void tally_write(struct json *json, const struct tally *tally);
