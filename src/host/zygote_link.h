/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent's end of the zygote: started as a program of its own, with an
 * empty environment, in a process group of its own (a ^C at the terminal is
 * for the parent alone), it forks workers on demand and tells how they end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "host/pool_error.h"
#include "ipc/channel.h"
#include "ipc/zygote_record.h"

struct zygote_link {
	pid_t pid;  /* 0: there is none */
	int socket; /* to be polled; -1: there is none */
	bool is_ready;
};

/*
 * Starts it and sends the set-up with the segments' descriptors; does not wait.
 * `path` NULL: where it belongs. False, with *error filled in, if there is no program
 * to start.
 */
MUST_CHECK bool zygote_link_open(struct zygote_link *link, const char *path,
				 const struct record_setup *setup,
				 const struct channel_fds *segments,
				 struct pool_error *error);

/* Kills it, and with it all its workers; waits for its end. How it ended, as waitpid() says. */
int zygote_link_close(struct zygote_link *link);

/* A worker's ends of what it is given. The caller closes them. */
struct worker_fds {
	int socket;
	int crumb;
	int write; /* -1: none */
};

/* False: the zygote cannot take it, now (errno EAGAIN) or ever. */
MUST_CHECK bool zygote_link_start(struct zygote_link *link, uint32_t slot, uint32_t life,
				  const struct worker_fds *fds);

/* Has a worker killed. It need not be there any more. */
void zygote_link_kill(struct zygote_link *link, uint32_t slot, uint32_t life);

/* What the zygote said. */
struct zygote_news {
	enum zygote_news_kind {
		ZYGOTE_NOTHING, /* for now */
		ZYGOTE_READY,
		ZYGOTE_FAILED, /* to set itself up: no use to try again */
		ZYGOTE_STARTED,
		ZYGOTE_ENDED,
		ZYGOTE_GONE, /* dead, or not itself any more */
	} kind;
	union {
		struct record_failed failed;
		struct record_started started;
		struct record_ended ended;
	};
};

/* `room` is for a message. */
struct zygote_news zygote_link_hear(struct zygote_link *link, struct message *room);

/* In words, for people. */
void zygote_link_explain(const struct record_failed *failed, struct pool_error *error);
