/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file of the verdict cache (host/verdict_cache.h): in which files nothing was found,
 * by which rules, and when. For this machine and this user alone. It is replaced whole and
 * never changed.
 *
 *	header     64 bytes: "custos verdict 3", u64 slots, u32 bytes of terms, u32 terms,
 *	           for each of VERDICT_TERMS_MAX u32 when they were last in use
 *	terms      u32 length and bytes of each: what verdicts were made with; filled up to
 *	           a multiple of 64
 *	slots      a power of two, each a struct verdict_entry as the machine has it, or
 *	           zeros: a table open to the next slot
 *	notes      the rest: for each entry that has some u32 length, u32 sum and bytes,
 *	           filled up to a multiple of 8; what they say is the cache's user's matter
 *
 * Numbers of all but the slots are little-endian. A file that is not of this form is as good
 * as none. An entry whose sum is wrong is as good as none: zeros in place of what was
 * written are what a power cut may leave.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"

enum {
	VERDICT_TERMS_MAX = 8,                 /* texts in one file */
	VERDICT_TERMS_BYTES_MAX = 1024 * 1024, /* of all of them */
	VERDICT_ENTRIES_MAX = 2 * 1024 * 1024,
	VERDICT_PROBES_MAX = 256,      /* slots that are looked at for one file */
	VERDICT_NOTES_MAX = 16 * 1024, /* bytes of one entry */
	VERDICT_NOTES_BYTES_MAX = 64 * 1024 * 1024, /* of all of them */
};

/* What a file was when nothing was found in it. All numbers are those of its file system. */
struct verdict_entry {
	uint64_t volume; /* host/volume.h; never 0 in an entry */
	uint64_t inode;
	uint64_t size;
	int64_t touched; /* ctime, nanoseconds since 1970 … */
	int64_t modified;
	int64_t born;
	uint32_t scanned;      /* Unix seconds */
	uint32_t terms : 4;    /* number of the text */
	uint32_t objects : 28; /* that were in the file, itself among them */
	uint32_t notes; /* where in the file's they are, in eights, from 1; 0: none */
	uint32_t sum;   /* of all the above */
};

struct verdict_file {
	void *map; /* NULL: there is none */
	size_t map_len;
	const struct verdict_entry *slots;
	uint64_t slot_count;
	struct slice terms[VERDICT_TERMS_MAX];
	uint32_t used[VERDICT_TERMS_MAX]; /* when they were last in use, Unix seconds */
	size_t terms_count;
	struct slice notes;
};

/*
 * Maps it if the effective user owns it and nobody else may read or write it.
 *   OK
 *   END        there is none, or none that can be believed
 */
MUST_CHECK enum status verdict_file_open(int folder_fd, const char *name,
					 struct verdict_file *out);
void verdict_file_close(struct verdict_file *file);

/* The number of the text; false: no verdict was made with it. */
MUST_CHECK bool verdict_file_terms(const struct verdict_file *file, struct slice text,
				   uint32_t *ret_terms);

/* The entry of that volume, inode and terms, whatever else it says; NULL: none. */
const struct verdict_entry *verdict_file_find(const struct verdict_file *file,
					      uint64_t volume, uint64_t inode,
					      uint32_t terms);

/* Those of an entry of this file, borrowed; none: empty. False: they are damaged. */
MUST_CHECK bool verdict_file_notes(const struct verdict_file *file,
				   const struct verdict_entry *entry, struct slice *out);

/* Its `terms`, `notes` and `sum` do not matter. */
struct verdict_fresh {
	struct verdict_entry entry;
	struct slice notes; /* VERDICT_NOTES_MAX at most */
};

/* What is to be in a new file. */
struct verdict_merge {
	const struct verdict_file *old; /* kept, unless replaced or too old */
	struct slice terms;             /* of the new ones */
	const struct verdict_fresh *entries;
	size_t count;
	uint32_t now;       /* Unix seconds */
	uint32_t kept_from; /* what was scanned before is left out */
};

/*
 * Writes a new file and gives it the name.
 *   OK
 *   LIMIT    no room on the disk for it
 *   IO       errno says why
 */
MUST_CHECK enum status verdict_file_write(int folder_fd, const char *name,
					  const struct verdict_merge *merge);
