/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of one file while it is with a worker and until its lines are
 * written: everything that is told of it is gathered here, so that the lines
 * of one file stay together however many are scanned at once.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "host/allow.h"
#include "host/catalog.h"
#include "host/frontier.h"
#include "host/job.h"
#include "host/tally.h"
#include "host/walk.h"

/* More are counted, but not kept one by one. Names are as long as an attacker likes. */
enum {
	RESULT_HITS_MAX = 10000,
	RESULT_GAPS_MAX = 1000,
	RESULT_NAMES_MAX = 4 * 1024 * 1024, /* bytes of them, all together */
};

/* An object in the file: copied, as events are gone when they have been told. */
struct result_object {
	struct slice *names; /* from the outermost; none: the file itself */
	size_t count;
	const char *type; /* its name; NULL: not known */
	uint64_t size_bytes;
	uint32_t serial; /* in the order they were met, from 0 */
	uint32_t
		*around; /* serials of what it is in, `count` of them, the file's first */
};

/* The digest of an object in which something was found. */
struct result_digest {
	uint32_t serial;
	uint8_t sha256[32];
};

enum hit_state {
	HIT_SHOWN,
	HIT_BESIDE,  /* another finding stands for this object */
	HIT_ALLOWED, /* kept back by the allow list */
	HIT_REMOVED, /* of a rule that is no more (database_is_removed()) */
};

struct result_hit {
	struct result_object object;
	uint32_t segment, rule;
	enum view view;
	uint64_t offset, len;
	uint8_t sha256[32];
	bool has_sha256;
	enum hit_state state;
	const struct allow_entry *allowed; /* by what */
	struct slice member; /* of the object, that it is about; else empty */
};

/* Something that was not looked at. */
struct result_gap {
	struct result_object object;
	enum reason reason;
	uint64_t offset;
	char *detail; /* may be empty, never NULL */
};

struct result {
	struct walk_item item; /* its descriptor is with the pool */
	uint64_t started_ms, ms;
	struct frontier_part *part; /* NULL if nobody asks how far the scan got */
	struct result_hit *hits;
	size_t hit_count;
	struct result_gap *gaps;
	size_t gap_count;
	uint64_t gaps_more;            /* that were not kept */
	struct result_digest *digests; /* of what hits are in */
	size_t digest_count;
	size_t names_len;  /* of all objects kept */
	uint32_t *serials; /* of the object last met at each depth */
	size_t serial_count;
	uint32_t serial_next;
	struct tally tally; /* what this file adds to the numbers */
	/* For the verdict cache: it could be met again; nobody had it open for writing
	 * when it was submitted; it may be remembered. */
	bool can_be_known, was_still, is_memorable;
};

/* How hits become findings. */
struct judgement {
	const struct catalog *catalog;
	const struct allow *allow;
	bool all_matches;
	time_t now;
};

/* Takes the item. free it with result_free(). */
struct result *result_new(struct walk_item *item);
void result_free(struct result *result);

/* The events of a job: see host/job.h. Where results are the jobs, as they come: */
void result_on_object(void *context, void *job, const struct pool_object *object);
void result_on_leave(void *context, void *job, const struct pool_object *object,
		     const struct outcome *outcome);
void result_on_hit(void *context, void *job, const struct pool_object *object,
		   const struct pool_hit *hit);
void result_on_gap(void *context, void *job, const struct pool_object *object,
		   const struct pool_gap *gap);

void result_object(struct result *result, const struct pool_object *object);
void result_leave(struct result *result, const struct pool_object *object);
void result_hit(struct result *result, const struct pool_object *object,
		const struct pool_hit *hit);
void result_gap(struct result *result, const struct pool_object *object,
		const struct pool_gap *gap);

/* Counts it and keeps it, if there is room; what it has is the result's in any case. */
void result_take_gap(struct result *result, struct result_gap *gap);
void result_gap_clear(struct result_gap *gap);

/* The worker is done with it: decides what is shown, and counts. */
void result_judge(struct result *result, const struct pool_done *done,
		  const struct judgement *judgement);

/* found, incomplete or clean; once it is judged. */
enum verdict result_verdict(const struct result *result);
