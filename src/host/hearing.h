/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a worker says, checked. A worker looks at hostile bytes and may have
 * become somebody else's: nothing of what it says is believed before it was
 * found to be what a worker of ours could have said. What could not, breaks
 * the protocol, and that worker has said its last.
 *
 * The rules, each with its name in `breach`:
 *   - records are whole, of a worker's kinds, after one `hello` and no second
 *   - they speak of the job whose turn it is, in the order the jobs were given
 *   - an object stands right below one that was told, and is of a type there is
 *   - a rule that is said to match exists
 *   - bytes come only where they were asked for
 *   - `done` agrees with what was told before it
 *   - one job has no more records than its limits allow
 *   - help is asked for with a file without holes, and given where it was asked for;
 *     candidates are rules that exist
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/limits.h"
#include "host/job.h"
#include "host/task.h"
#include "ipc/message.h"
#include "ipc/share_record.h"
#include "ipc/zygote_record.h"

/* What is the same for all workers of a pool. */
struct hearing_terms {
	struct scan_limits limits;
	bool (*rule_exists)(void *context, uint32_t segment, uint32_t rule);
	struct pool_events events;
};

/* What one worker has said so far. */
struct hearing {
	bool has_hello;
	struct record_hello hello;
	struct pool_object
		*objects; /* told of, from the root down; limits.depth_max + 1 */
	size_t told;
	uint64_t records; /* of the job whose turn it is, as all below */
	uint64_t data_bytes;
	uint64_t lines; /* of explanations and costs */
	uint32_t hits;
	uint32_t reasons;
	struct record_pass pass; /* the pieces that others may look at; may be none */
	bool is_helping;         /* with this piece of another's: */
	struct record_share share;
};

/* False: no memory. */
MUST_CHECK bool hearing_init(struct hearing *hearing, const struct hearing_terms *terms);
void hearing_clear(struct hearing *hearing);

/* A new worker speaks from here on. */
void hearing_reset(struct hearing *hearing);

enum heard_kind {
	HEARD_ON,     /* a record was taken */
	HEARD_DONE,   /* the job is answered; `done` says how, but for its descriptor */
	HEARD_SHARED, /* a piece of another's is looked at: `shared`, in the message */
	HEARD_END,    /* the message is over */
	HEARD_BREACH, /* `breach` says which rule was broken */
};

struct heard {
	enum heard_kind kind;
	struct pool_done done;
	struct record_shared shared;
	const char *breach; /* a constant string */
};

/*
 * Takes the next record of a message and tells the events of it; of `done` the
 * caller tells. `task` is the job whose turn it is, or NULL if there is none.
 */
MUST_CHECK struct heard hearing_take(struct hearing *hearing,
				     const struct hearing_terms *terms,
				     const struct task *task, struct reader *records);
