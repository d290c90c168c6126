/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ClamAV's containers of rule files (docs/formats/cvd.md): 512 bytes of header and a tar
 * archive, plain or in gzip's format. The ending of a container's name says what it is
 * signed with:
 *
 *   cvd  published: the MD5 of its body and its list of members
 *   cld  a cvd to which differences were applied on this machine: its list alone
 *   cud  by somebody else: nothing
 *
 * A container is believed as a whole or not at all: first cvd_check() reads all of it, then
 * its members are read, as often as wanted; what has become another meanwhile is CHANGED.
 * It is read from front to back in little memory, however large it is.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/slice.h"
#include "base/status.h"
#include "bytes/source.h"
#include "bytes/stream.h"
#include "cvd/header.h"
#include "cvd/info.h"
#include "cvd/tape.h"
#include "unpack/unpack.h"

enum cvd_kind { CVD_PUBLISHED, CVD_PATCHED, CVD_UNSIGNED };

enum { CVD_KINDS = CVD_UNSIGNED + 1 };

/* All members together; a bomb ends here. */
#define CVD_BODY_MAX (UINT64_C(8) << 30)

struct cvd_member {
	uint8_t name_bytes[TAPE_NAME_MAX];
	struct slice name; /* plain, as tape_name_is_plain() says */
	uint64_t size;
	struct digest sha256;
	bool is_listed; /* its size and digest are those of the list */
};

/* A detached signature that holds (cvd/vouch.h): of the whole file. */
struct cvd_voucher {
	bool is_there;
	struct slice file; /* its name; borrowed */
	char signer[256];  /* may be hostile */
	/* Why the container is not believed for its own; a constant string, or NULL. */
	const char *instead_of;
};

struct cvd {
	enum cvd_kind kind;
	/* It is believed for this one, and asked for no signature of its own. */
	struct cvd_voucher voucher;
	struct source source;
	struct arena *arena;
	struct digest_state *digest;
	struct cvd_header header; /* points into `head` */
	uint8_t head[CVD_HEADER_LEN];
	struct cvd_info info;
	struct cvd_member *members; /* in the order of the archive */
	size_t member_count;
	bool is_checked;
	/* Not to be believed because of this; a constant string, or NULL. */
	const char *reason;
	struct slice detail; /* the member it is about; may be empty */

	uint8_t *info_text; /* CVD_INFO_BYTES_MAX */
	size_t info_len;

	/* A pass over the body; what it takes from the arena is behind the mark. */
	struct arena_mark mark;
	struct unpack unpack; /* of gzip */
	bool is_damaged;      /* … which says so */
	struct stream body;
	uint64_t body_at; /* of the unpacked bytes: what is read next */
	struct tape tape;
	size_t next;       /* the member that comes next */
	enum status ended; /* what every read of the member says once it is not OK */
};

/* Which kind a file of this name is; false: it is no container. */
MUST_CHECK bool cvd_kind_of(struct slice file_name, enum cvd_kind *out);

/*
 * Reads the header. All memory is the arena's. `digest` is borrowed; it is used by every
 * function here, and must not be in use when one is called.
 *   OK
 *   MALFORMED  `reason` says why it is none
 *   NO_MEMORY, CHANGED, IO
 */
MUST_CHECK enum status cvd_open(struct cvd *cvd, enum cvd_kind kind, struct source source,
				struct arena *arena, struct digest_state *digest);

/*
 * Is it whole, and signed as its kind asks? Fills in `info` and `members`.
 *   OK
 *   MALFORMED  `reason` says what is not so
 *   NO_MEMORY, CHANGED, IO
 */
MUST_CHECK enum status cvd_check(struct cvd *cvd);

/*
 * Begins a pass over the members of a checked container. Until its cvd_finish() nothing
 * else that is taken from the arena may outlive it.
 *   OK, NO_MEMORY, CHANGED, IO
 */
MUST_CHECK enum status cvd_start(struct cvd *cvd);

/*
 * The next member: an index into `members`. Its bytes come from cvd_stream(), until the
 * next call; CHANGED where they are not those of the check.
 *   OK, END, NO_MEMORY, CHANGED, IO
 */
MUST_CHECK enum status cvd_next(struct cvd *cvd, size_t *ret_index);
struct stream cvd_stream(struct cvd *cvd);

void cvd_finish(struct cvd *cvd);
