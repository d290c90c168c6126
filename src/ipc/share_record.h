/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How workers share the pass over one huge file (match/help.h). All goes through the
 * parent: workers know nothing of each other.
 *
 *	owner  -> parent   pass: pieces from … to - 1 are welcome; none, when it is over
 *	parent -> helper   share: one piece, with a descriptor of the file
 *	helper -> parent   shared: the candidates of the piece, or that it has none to give
 *	parent -> owner    shared: the same, checked
 *
 * `job` is the owner's in all of them. What is lost on the way is not missed: the owner
 * looks at each piece itself that it has not heard of when its turn comes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "ipc/message.h"

enum {
	RECORD_PIECES_MAX = 1024,
	RECORD_TARGETS = 16,
	RECORD_IDS_MAX =
		7000, /* candidates of a piece; with more there is nothing to share */
	RECORD_ID_LEN = 8,
};

struct record_pass {
	uint64_t job;
	uint32_t target;
	uint32_t from, to; /* pieces */
};

/* Brings its descriptor. */
struct record_share {
	uint64_t job;
	uint64_t size_bytes; /* of the file */
	uint32_t known;      /* as in struct record_job */
	uint32_t target;
	uint32_t piece;
};

struct record_shared {
	uint64_t job;
	uint32_t target;
	uint32_t piece;
	bool is_whole; /* else the piece was not looked at, or not to its end */
	/* candidates, in the order in which they were found: segment << 32 | rule, each of
	 * RECORD_ID_LEN bytes, little-endian */
	struct slice ids;
};

/* Slices that were got lie in the message. */
MUST_CHECK bool share_add_pass(struct message *to, const struct record_pass *pass);
MUST_CHECK bool share_get_pass(struct slice body, struct record_pass *out);
MUST_CHECK bool share_add(struct message *to, const struct record_share *share);
MUST_CHECK bool share_get(struct slice body, struct record_share *out);
MUST_CHECK bool share_add_shared(struct message *to, const struct record_shared *shared);
MUST_CHECK bool share_get_shared(struct slice body, struct record_shared *out);
