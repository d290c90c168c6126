/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent's side of the workers: files go in as descriptors, what is known
 * of them comes out through events. No threads: everything happens inside
 * pool_poll(), in the caller's own thread.
 */
#pragma once

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cpu_path.h"
#include "base/limits.h"
#include "base/reason.h"
#include "host/job.h"
#include "host/pool_error.h"
#include "sandbox/walls.h"

struct pool;

struct local_engine; /* ipc/local_engine.h */

struct pool_options {
	const char
		*worker_path; /* NULL: beside this program, else where it was installed */
	unsigned jobs;        /* workers at once; 0: one for each CPU */
	bool isolate;         /* one file per worker */
	bool clamav_compat;   /* as in struct scan_setup */
	bool no_bytecode;     /* likewise */
	enum cpu_path cpu_path; /* one that this processor can run */
	struct scan_limits limits;
	uint64_t memory_bytes; /* private memory of a worker; 0: 256 MiB */
	uint64_t
		/* of a worker; 0: the limit of one child, and as much again */
		spool_bytes;
	const int *
		/* segments, in the order of `struct database`; borrowed until
		 * pool_close() */
		database_fds;
	size_t database_fd_count;
	bool (*rule_exists)(void *context, uint32_t segment, uint32_t rule);
	struct pool_events events; /* rule_exists is given its context, too */
	const struct local_engine
		*engine; /* NULL, but in builds with engine_in_process */
};

/*
 * Starts the zygote; does not wait for it. False, with *error filled in, if
 * that is not possible. What goes wrong later (a database that cannot be
 * opened, no seccomp) is told by pool_poll().
 */
MUST_CHECK bool pool_open(const struct pool_options *options, struct pool **out,
			  struct pool_error *error);

/* Kills what still runs, tells nobody. NULL is fine. */
void pool_close(struct pool *pool);

/* May another job be submitted? While true, pool_submit() takes one. */
bool pool_has_room(const struct pool *pool);

/* Takes the job and its descriptor. Nothing is told of it before the next pool_poll(). */
void pool_submit(struct pool *pool, const struct pool_job *job);

/* Jobs submitted and not yet done. */
size_t pool_pending(const struct pool *pool);

/*
 * Waits until something happens, at most `timeout_ms` (-1: no limit), and
 * hands it to the events. `also` are descriptors of the caller's, polled along
 * with the pool's own (may be NULL); their revents are set.
 * False, with *error filled in: no file can be scanned any more; all pending
 * jobs have been done with REASON_WORKER.
 */
MUST_CHECK bool pool_poll(struct pool *pool, struct pollfd *also, size_t also_count,
			  int timeout_ms, struct pool_error *error);

/*
 * Ends every pending job with `reason` (INTERRUPTED, at the end of the user's
 * patience).
 */
void pool_cancel(struct pool *pool, enum reason reason);

/* Which walls the workers stand behind; false while no worker has said so. */
MUST_CHECK bool pool_walls(const struct pool *pool, struct walls *out);

/* The numbers of the workers that are there now; returns how many, at most `max`. */
size_t pool_workers(const struct pool *pool, pid_t *out, size_t max);

/* How many workers died, hung or lied since pool_open(). */
uint32_t pool_deaths(const struct pool *pool);
