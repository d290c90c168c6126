/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a worker is asked, and what it answers. Ids are the parent's and mean
 * nothing to the worker; there is never a path in here.
 *
 * A worker takes its jobs in the order it was given them, and a job's records
 * come before its `done`. Objects are told of from the root down, `depth`
 * says where in that line a record belongs.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "bytes/source.h"
#include "ipc/message.h"

enum {
	RECORD_EXTENTS_MAX = 1024,
	RECORD_NAME_MAX = 4096, /* longer names are cut by the worker */
	RECORD_DETAIL_MAX = 256,
	RECORD_DATA_MAX = 60 * 1024,
	RECORD_DEPTH_MAX = 1024, /* deeper than any limit that can be set */
	RECORD_LINE_MAX = 1024,
	RECORD_LEVELS = 64,
	RECORD_ANSWERS = 4,
	RECORD_KNOWN_END = 1 << 4, /* four segments at most: database/database.h */
};

/* Brings its descriptor: in a message of n jobs, the n-th. */
struct record_job {
	uint64_t id;
	uint64_t size_bytes;
	uint32_t flags; /* RECORD_JOB_… */
	bool has_extents;
	uint32_t extent_count;
	struct extent *extents; /* get: room for RECORD_EXTENTS_MAX */
	uint32_t known; /* segments whose rules need not be asked, one bit for each */
	/* with RECORD_JOB_EXPLAIN: what is to be explained */
	uint32_t segment;
	uint32_t rule;
};

enum {
	RECORD_JOB_ALL_OBJECTS = 1 << 0,
	RECORD_JOB_DATA = 1 << 1,
	RECORD_JOB_AT_ONCE = 1 << 2, /* send each record as it comes */
	RECORD_JOB_DIGESTS = 1 << 3,
	RECORD_JOB_EXPLAIN = 1 << 4, /* tell why a rule matches or not */
	RECORD_JOB_COSTS = 1 << 5,   /* tell what rules cost */
	RECORD_JOB_PRINTS = 1 << 6,  /* tell what hash rules for all objects would say */
	RECORD_JOB_FLAGS_END = 1 << 7,
};

struct record_object {
	uint64_t job;
	uint32_t depth;
	uint32_t type;
	uint64_t size_bytes;
	struct slice name;
};

struct record_leave {
	uint64_t job;
	uint32_t depth;
	uint32_t findings;
	uint32_t reasons; /* one bit for each enum reason */
	bool has_sha256;
	uint8_t sha256[32]; /* of the object */
};

struct record_hit {
	uint64_t job;
	uint32_t depth;
	uint32_t segment;
	uint32_t rule;
	uint32_t view; /* enum view */
	uint64_t offset;
	uint64_t len;
	bool has_sha256;
	uint8_t sha256[32];
	struct slice member; /* see struct scan_hit */
};

struct record_incomplete {
	uint64_t job;
	uint32_t depth;
	uint32_t reason; /* enum reason */
	uint64_t offset;
	struct slice detail;
};

struct record_data {
	uint64_t job;
	uint32_t depth;
	uint32_t view; /* enum view: of which reading of the object */
	uint64_t offset;
	struct slice bytes;
};

/* A line of an explanation, of the object last told: match/watch.h. */
struct record_line {
	uint64_t job;
	uint32_t depth;
	uint32_t level;
	uint32_t answer;
	struct slice text;
};

/* What a rule cost in this job since it was last told. */
struct record_cost {
	uint64_t job;
	uint32_t segment;
	uint32_t rule;
	uint64_t evaluations;
	uint64_t steps;
	uint64_t nanoseconds;
};

struct record_done {
	uint64_t job;
	uint32_t findings;
	uint32_t reasons;
	uint32_t objects;
	uint64_t bytes;
};

/* Slices that were got lie in the message. */
MUST_CHECK bool job_add(struct message *to, const struct record_job *job);
MUST_CHECK bool job_get(struct slice body, struct record_job *out);
MUST_CHECK bool job_add_object(struct message *to, const struct record_object *object);
MUST_CHECK bool job_get_object(struct slice body, struct record_object *out);
MUST_CHECK bool job_add_leave(struct message *to, const struct record_leave *leave);
MUST_CHECK bool job_get_leave(struct slice body, struct record_leave *out);
MUST_CHECK bool job_add_hit(struct message *to, const struct record_hit *hit);
MUST_CHECK bool job_get_hit(struct slice body, struct record_hit *out);
MUST_CHECK bool job_add_incomplete(struct message *to,
				   const struct record_incomplete *incomplete);
MUST_CHECK bool job_get_incomplete(struct slice body, struct record_incomplete *out);
MUST_CHECK bool job_add_data(struct message *to, const struct record_data *data);
MUST_CHECK bool job_get_data(struct slice body, struct record_data *out);
MUST_CHECK bool job_add_line(struct message *to, const struct record_line *line);
MUST_CHECK bool job_get_line(struct slice body, struct record_line *out);
MUST_CHECK bool job_add_cost(struct message *to, const struct record_cost *cost);
MUST_CHECK bool job_get_cost(struct slice body, struct record_cost *out);
MUST_CHECK bool job_add_done(struct message *to, const struct record_done *done);
MUST_CHECK bool job_get_done(struct slice body, struct record_done *out);
