/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the pool of workers is given, and what it tells of it.
 *
 * A job's events come in this order, all of them inside pool_poll():
 *
 *	(object | hit | incomplete | data | line | cost | leave)*  done  settled
 *
 * `done` tells the outcome and comes as soon as it is known. `settled` says
 * whether it may be remembered: a worker's answers are claims about its own
 * batch, and when it dies, hangs or lies before the batch is over, none of
 * them may enter a cache. Whoever keeps no cache leaves `settled` NULL.
 *
 * A job that killed its worker is done with REASON_WORKER; the others that
 * this worker still held are given to a fresh one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/reason.h"
#include "base/slice.h"
#include "base/view.h"
#include "bytes/source.h"
#include "match/watch.h"
#include "type/type.h"
#include "verdict/verdict.h"

enum {
	JOB_ALL_OBJECTS = 1 << 0, /* tell of every object (`ls`, `--json` with objects) */
	JOB_DATA = 1 << 1,        /* send the bytes of objects in the file (`explain`) */
	JOB_AT_ONCE = 1 << 2, /* tell of each thing before the next is begun (`replay`) */
	JOB_DIGESTS = 1 << 3, /* with `leave`, of objects in which something was found */
	JOB_EXPLAIN = 1 << 4, /* tell why a rule matches or not: job.segment, job.rule */
	JOB_COSTS = 1 << 5,   /* tell what rules cost */
	JOB_PRINTS = 1 << 6,  /* tell lines of hash rules for each object */
};

struct pool_job {
	int fd; /* a regular file, open for reading; the pool's from pool_submit() on */
	uint64_t size_bytes;
	const struct extent *extents; /* data, sorted; NULL: all of it. Copied. */
	size_t extent_count;          /* at most JOB_EXTENTS_MAX */
	uid_t owner;                  /* one worker never sees the files of two owners */
	unsigned flags;               /* JOB_… */
	uint32_t known; /* segments whose rules need not be asked, one bit for each */
	uint32_t segment, rule; /* with JOB_EXPLAIN */
	void *user;             /* handed to the events */
};

enum { JOB_EXTENTS_MAX = 1024 }; /* with more, runs are joined */

/* An object as the worker tells of it: claims, all of them. Valid during the event only. */
struct pool_object {
	const struct pool_object *parent; /* NULL for the root */
	struct slice
		name; /* as its container has it: hostile bytes; empty for the root */
	enum file_type type;
	uint64_t size_bytes;
	unsigned depth;        /* 0 for the root */
	const uint8_t *sha256; /* 32 bytes, or NULL: `leave` alone, with JOB_DIGESTS */
};

/* The rule exists: the pool has asked `rule_exists`. */
struct pool_hit {
	uint32_t segment, rule;
	enum view view;       /* in which reading of the object */
	uint64_t offset, len; /* where in that */
	uint8_t sha256[32];   /* of the object */
	bool has_sha256;
	struct slice member; /* of the object, by name, that it is about; mostly empty */
};

/* Something of an object that was not looked at. */
struct pool_gap {
	enum reason reason;
	uint64_t offset;     /* where in the object, or 0 */
	struct slice detail; /* for people; hostile bytes; may be empty */
};

/* A line of an explanation, claimed like all else; the text is hostile. */
struct pool_line {
	unsigned level; /* below the next line above with a lower one */
	enum watch_answer answer;
	struct slice text;
};

struct pool_cost { /* of a rule, since it was last told */
	uint32_t segment, rule;
	uint64_t evaluations, steps, nanoseconds;
};

/* How a worker ended that did not answer. */
enum pool_end {
	POOL_END_NONE,     /* it answered */
	POOL_END_EXITED,   /* by itself; `code` is its exit status */
	POOL_END_KILLED,   /* by a signal; `code` is its number */
	POOL_END_HUNG,     /* did not answer in time, and was killed */
	POOL_END_LIED,     /* sent what no worker of ours sends, and was killed */
	POOL_END_NO_START, /* there was none, and none could be started */
	POOL_END_ZYGOTE, /* the process that all workers come from died, and they with it */
};

/* Where it said it was (untrusted), for `custos replay`. */
struct pool_death {
	enum pool_end end;
	int code;
	const char *breach; /* LIED: which rule; a constant string, else NULL */
	bool has_place;     /* what is below is known */
	enum file_type type;
	unsigned depth;
	uint64_t object; /* the how many-th of this file */
	uint64_t offset; /* where it begins in the file or memory it is read from */
	char text[160];  /* the assertion that failed, hostile; or empty */
};

struct pool_done {
	struct outcome outcome;
	int fd;                  /* the job's descriptor, still open, for a last statx */
	uint32_t objects;        /* scanned, the root among them (claimed) */
	uint64_t bytes;          /* scanned, all levels added up (claimed) */
	struct pool_death death; /* end is not NONE only with REASON_WORKER */
};

/* NULL is allowed for every event but `done`. */
struct pool_events {
	/* `object` and `leave` of objects without hit or reason only with JOB_ALL_OBJECTS. */
	void (*object)(void *context, void *job, const struct pool_object *object);
	void (*leave)(void *context, void *job, const struct pool_object *object,
		      const struct outcome *outcome);
	void (*hit)(void *context, void *job, const struct pool_object *object,
		    const struct pool_hit *hit);
	void (*incomplete)(void *context, void *job, const struct pool_object *object,
			   const struct pool_gap *gap);
	/* Only for jobs with JOB_DATA. */
	void (*data)(void *context, void *job, const struct pool_object *object,
		     const struct view_data *data);
	/* Only for jobs with JOB_EXPLAIN or JOB_PRINTS. */
	void (*line)(void *context, void *job, const struct pool_object *object,
		     const struct pool_line *line);
	/* Only for jobs with JOB_COSTS; of a rule as often as it was put together. */
	void (*cost)(void *context, void *job, const struct pool_cost *cost);
	void (*done)(void *context, void *job, const struct pool_done *done);
	/* The last word on a job. */
	void (*settled)(void *context, void *job, bool is_tainted);
	void *context;
};
