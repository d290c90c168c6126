/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a scan tells, on its way to the parent: events become records, records
 * are gathered in one message, and the message leaves when it is full, when
 * long work lies ahead, or when the batch is over.
 *
 * Objects are only told of when there is something to say about them (or all
 * of them, if the job asks for it): a hit in `a.zip ! b.tar ! c` first tells of
 * those of the three that the parent has not heard of yet.
 *
 * A job of which some records have left already has its `done` sent at once:
 * so the parent never has to wonder whether a dead worker was through with it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/compiler.h"
#include "ipc/crumb.h"
#include "ipc/message.h"
#include "match/watch.h"
#include "scan/scan.h"

/* What rules cost, gathered until there are too many of them, or the job is done. */
struct answer_cost {
	uint32_t segment, rule;
	uint64_t evaluations; /* 0: the place is free */
	uint64_t steps, nanoseconds;
};

enum { ANSWER_COSTS = 256 };

struct answer {
	struct message message;
	struct clock clock;
	/* Takes a finished message; false: there is nobody to send it to. */
	bool (*send)(void *context, const struct message *message);
	void *context;
	struct crumb *crumb; /* may be NULL */

	uint64_t job;
	uint32_t flags; /* RECORD_JOB_… */
	unsigned told;  /* so many objects, from the root down, are known to the parent */
	bool is_partly_sent; /* records of this job have left */
	bool is_broken;      /* send() said no: nothing more is sent */
	uint64_t oldest_ms;  /* when the first record of the message came */
	uint32_t objects;
	uint64_t bytes;

	struct match_watch watch;
	struct answer_cost costs[ANSWER_COSTS];
	uint64_t begun_ns; /* when the rule under way was begun */
};

/* crumb, flags and counts zero; the rest is the caller's to fill in before. */
void answer_init(struct answer *answer);

/* The events of scan_run(), their context being the answer. With JOB_DATA for `extract`. */
struct scan_events answer_events(struct answer *answer);

/*
 * Whoever watches the rules of the job begun last, or NULL if it does not ask for that.
 * `segment` and `rule`: what is to be explained.
 */
const struct match_watch *answer_watch(struct answer *answer, uint32_t segment,
				       uint32_t rule);

/* Before and after scan_run(). `size_bytes`: large ones have what came before them sent. */
void answer_begin(struct answer *answer, uint64_t job, uint32_t flags,
		  uint64_t size_bytes);
void answer_done(struct answer *answer, const struct outcome *outcome);

/* Sent at once: what the parent is to know of a pass, and what this worker knows of one. */
struct record_shared;
void answer_pass(struct answer *answer, uint32_t target, uint32_t from, uint32_t to);
void answer_shared(struct answer *answer, const struct record_shared *shared);

/* Sends what there is. False: nobody listens any more. */
MUST_CHECK bool answer_flush(struct answer *answer);
