/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the zip files of this folder share: an archive that is being walked. Not for
 * anybody else.
 *
 *   zip.c         opens it; walks the directory; compares the two records of a member
 *   zip_member.c  makes a child of a member's bytes, and finds where they end
 *   zip_unlock.c  tries passwords
 *   zip_gap.c     hands out what no entry of the directory lists
 */
#pragma once

#include "bytes/readahead.h"
#include "codec/decoder.h"
#include "codec/pkware.h"
#include "codec/winzip.h"
#include "unpack/check.h"
#include "unpack/ranges.h"
#include "unpack/unpack.h"
#include "unpack/zip_end.h"
#include "unpack/zip_record.h"

/* The member handed out last: how far it reaches is known when it has been read. */
struct zip_member {
	bool is_open;
	uint64_t local_at; /* its record */
	uint64_t data_at;  /* its bytes, */
	uint64_t end;      /* as far as the record tells, */
	bool knows_end;    /* if it does */
	uint16_t flags;
	uint32_t crc;
	uint64_t size;
	struct decoder *decoder; /* which knows better where they end; NULL: stored */
};

struct zip {
	struct unpack *unpack;
	struct readahead entries; /* in the directory */
	struct readahead locals;  /* elsewhere */
	struct decoder *decoder;  /* one for all members */
	struct check check;       /* of the member being read */
	/* Of encrypted members, in the old way and with AES; NULL: there are no passwords. */
	struct decoder *unlocker, *aes_unlocker;
	size_t password; /* the one that opened a member last */
	struct pkware_parameters locked_by;
	struct winzip_parameters aes_locked_by;

	struct zip_end end;
	bool is_spanned;   /* begins with the mark of several volumes */
	bool in_directory; /* else: in the gaps */
	uint64_t entry_at; /* the next one */
	uint64_t entries_seen;

	struct zip_member member;
	struct ranges used; /* members, directory, end records */
	bool used_is_full;  /* not all of them are in it: gaps would be wrong */

	uint64_t gap_at;
	uint64_t search_left; /* bytes that may still be searched for ends */
};

/*
 * Fills in the child: the member whose record in front of its bytes is at `local_at` and
 * `record.len` long. `record` may be that of the directory otherwise. If it does not know
 * sizes (`knows_sizes`) they are found by decoding, or by what follows.
 *   OK, CHANGED, IO
 */
MUST_CHECK enum status zip_member_open(struct zip *zip, const struct zip_record *record,
				       uint64_t local_at, bool knows_sizes,
				       struct child *child);

/* zip_unlock.c: makes the unlockers.  OK, NO_MEMORY */
MUST_CHECK enum status zip_unlock_init(struct zip *zip);

/*
 * zip_unlock.c: does a password open the member at zip->member, whose sizes are known?
 * Then zip->member.decoder stands at the beginning of its bytes.
 *   OK, CHANGED, IO, NO_MEMORY
 */
MUST_CHECK enum status zip_unlock(struct zip *zip, const struct zip_record *record,
				  bool *ret_is_open);

/* zip_unlock.c: its bytes, once it is open, compared at their end with the record. */
struct stream zip_unlocked(struct zip *zip, const struct zip_record *record);

/* The same for a member without bytes that is not handed out. */
void zip_member_pass(struct zip *zip, const struct zip_record *record, uint64_t local_at);

/* After the child was read: *ret_end is the first byte behind the member and its descriptor. */
MUST_CHECK enum status zip_member_close(struct zip *zip, uint64_t *ret_end);

/* Adds to zip->used. */
void zip_account(struct zip *zip, uint64_t start, uint64_t end);

/* The next child out of a gap; END, if there is none. */
MUST_CHECK enum status zip_gap_next(struct zip *zip, struct child *child);
