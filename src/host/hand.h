/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One worker as the parent has it: its ends of socket and crumb, what it was
 * given and has not answered, and how it goes when it goes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "host/hearing.h"
#include "host/task.h"
#include "host/zygote_link.h"

/* One it works on, one that waits in its socket: so it never has to wait for us. */
enum { HAND_BATCHES_MAX = 2 };

struct hand {
	bool is_live;     /* has a socket */
	bool has_hung_up; /* its other end is closed; how it ended is not known yet */
	unsigned zygote;  /* which of the crew's it came from, and its number there */
	uint32_t slot;
	uint32_t life;
	pid_t pid; /* 0: not known yet */
	int socket;
	int crumb;
	uid_t owner;     /* of all files it ever sees; once it has seen one */
	unsigned files;  /* it was given, and pieces of others' */
	uint64_t helped; /* the id of the last task with which it did; 0: none */
	uint64_t born_ms;
	uint64_t turn_ms; /* since when it is the current job's turn */
	struct batch batches[HAND_BATCHES_MAX]; /* in the order they were given */
	size_t batch_count;
	struct hearing hearing;
};

/* What a hand's functions need of the pool. */
struct hand_terms {
	const struct hearing_terms *hearing;
	struct task_queue *queue; /* where unanswered tasks go back to */
	size_t *pending;          /* tasks that are not done */
	struct message *room;
	uint64_t now_ms;
	/* Takes what a helper says of a piece. */
	void (*hand_on)(void *context, const struct record_shared *shared);
	void *context;
};

/* A worker is asked for; work may be given to it at once. False: none can be had now. */
MUST_CHECK bool hand_start(struct hand *hand, struct zygote_link *link, uint32_t slot,
			   uint32_t life, uint64_t now_ms);

/* Fills a batch from the queue and sends it. False: not now; the queue is as it was. */
MUST_CHECK bool hand_give(struct hand *hand, const struct hand_terms *terms,
			  const struct batch_terms *batch_terms);

/* How hearing a hand went. */
struct hand_news {
	enum hand_news_kind {
		HAND_QUIET, /* nothing more for now */
		HAND_SPOKE, /* a message was taken; there may be more */
		HAND_HUNG_UP,
		HAND_LIED, /* `breach` says how */
	} kind;
	const char *breach;
};

/* Takes one message and tells its events. */
struct hand_news hand_hear(struct hand *hand, const struct hand_terms *terms);

/* Takes a message that came without a socket: of an engine in this process. */
struct hand_news hand_hear_message(struct hand *hand, const struct hand_terms *terms,
				   const struct message *message);

/*
 * It is no more, and was not asked to go: finds out which job it died on and
 * tells of that; the others go back to the queue; closes what is open.
 */
void hand_bury(struct hand *hand, const struct hand_terms *terms,
	       const struct pool_death *death);

/* Gives it no more, and tells nothing of what it had: it goes when it sees that. */
void hand_forget(struct hand *hand);

/* All it has is done with this outcome; closes what is open. */
void hand_abandon(struct hand *hand, const struct hand_terms *terms,
		  const struct pool_done *done);

/* The same for those that nobody has yet. */
void hand_abandon_queue(const struct hand_terms *terms, const struct pool_done *done);

/* For an engine in this process: as hand_give(), but the descriptors are copies in *fds. */
void hand_give_local(struct hand *hand, const struct hand_terms *terms,
		     struct channel_fds *fds);

/* Can it be given something at once? */
static inline bool hand_is_idle(const struct hand *hand)
{
	return hand->batch_count == 0 && !hand->has_hung_up && !hand->hearing.is_helping;
}

/* The job whose turn it is, or NULL. */
static inline struct task *hand_current(const struct hand *hand)
{
	return hand->batch_count > 0 ? batch_current(&hand->batches[0]) : NULL;
}
