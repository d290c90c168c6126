/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one datagram carries between parent, zygote and worker: a header and
 * records, little-endian, at most MESSAGE_MAX bytes in all.
 *
 *   offset  size  field
 *   0       4     "CUS1"
 *   4       4     bytes behind the header
 *   8       4     number of records
 *   12      -     records: kind (4), length (4), body (length)
 *
 * The receiver believes none of it: a message whose numbers do not fit its
 * bytes exactly is refused as a whole, and a record whose body does not end
 * where its last field does, too.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "bytes/reader.h"

enum {
	MESSAGE_MAX = 64 * 1024,
	MESSAGE_HEADER_LEN = 12,
	MESSAGE_RECORD_HEADER_LEN = 8,
};

/* All kinds of all directions: a number means one thing everywhere. */
enum record_kind {
	/* parent to zygote */
	RECORD_SETUP = 1,
	RECORD_WORKER,
	RECORD_KILL,
	/* zygote to parent */
	RECORD_READY = 16,
	RECORD_FAILED,
	RECORD_STARTED,
	RECORD_ENDED,
	/* parent to worker */
	RECORD_JOB = 32,
	RECORD_SHARE,
	RECORD_SHARED, /* and worker to parent */
	/* worker to parent */
	RECORD_HELLO = 48,
	RECORD_OBJECT,
	RECORD_LEAVE,
	RECORD_HIT,
	RECORD_INCOMPLETE,
	RECORD_DATA,
	RECORD_DONE,
	RECORD_LINE,
	RECORD_COST,
	RECORD_PASS,
	/* parent to compiler */
	RECORD_COMPILE = 64,
	RECORD_RULE_SOURCE,
	RECORD_RULE_FILE,
	RECORD_BUILD,
	/* compiler to parent */
	RECORD_PROBLEM = 80,
	RECORD_COUNT_OF_FILE,
	RECORD_BUILT,
	RECORD_FACT,
	RECORD_PIECE,
	/* custos-prove-worker to custos prove */
	RECORD_ATTACK = 96,
	RECORD_CALL_LIST,
	RECORD_PROVED,
};

struct message {
	size_t len; /* header included */
	uint32_t records;
	uint8_t bytes[MESSAGE_MAX];
};

/* Empties it; what is then added follows the header. */
void message_start(struct message *message);

/* Writes the header. Afterwards bytes[0..len) is what is sent. */
void message_finish(struct message *message);

/* Nothing was added since message_start(). */
bool message_is_empty(const struct message *message);

/*
 * The records of a received message. False: the header does not fit the `len`
 * bytes that came.
 */
MUST_CHECK bool message_open(const void *bytes, size_t len, struct reader *out);

/*
 * The next record; `body` lies in the message. END at the end, MALFORMED if what is
 * left is no record.
 */
enum message_step { MESSAGE_RECORD, MESSAGE_END, MESSAGE_MALFORMED };
MUST_CHECK enum message_step message_next(struct reader *records, uint32_t *ret_kind,
					  struct slice *ret_body);
