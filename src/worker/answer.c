/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/answer.h"

#include <assert.h>
#include <string.h>
#include <time.h>

#include "base/checked.h"
#include "ipc/job_record.h"
#include "ipc/share_record.h"
#include "ipc/wire.h"
#include "unpack/unpack.h"

/* What has been known for longer than this is sent, even in the midst of a job. */
enum { AGE_MAX_MS = 50 };

/* A file this large may take a while. */
enum { LONG_WORK_BYTES = 1024 * 1024 };

static void on_object(void *context, const struct scan_object *object);
static void on_leave(void *context, const struct scan_object *object,
		     const struct outcome *outcome);
static void on_hit(void *context, const struct scan_object *object,
		   const struct scan_hit *hit);
static void on_incomplete(void *context, const struct scan_object *object,
			  enum reason reason, uint64_t offset, struct slice detail);
static void on_data(void *context, const struct scan_object *object,
		    const struct view_data *data);
static void on_begin(void *context);
static void on_end(void *context, uint32_t segment, uint32_t rule, uint64_t steps);
static void on_line(void *context, const struct watch_line *line);
static void tell_cost(struct answer *answer, struct answer_cost *cost);
static uint64_t now_ns(void);
static void leave_crumb(struct answer *answer, const struct scan_object *object);
static void tell_down_to(struct answer *answer, const struct scan_object *object);
static void tell(struct answer *answer, const struct scan_object *object);
static bool make_room(struct answer *answer);
static void added(struct answer *answer);
static struct slice cut(struct slice text, size_t max);

/*
 * Adds a record; if the message is full, sends it and adds the record to the next one.
 * Every record fits an empty message: their parts are cut to what the protocol allows.
 */
#define ADD(answer, function, record) \
	do { \
		if (!function(&(answer)->message, (record)) && \
		    (!make_room(answer) || !function(&(answer)->message, (record)))) \
			assert((answer)->is_broken); \
		added(answer); \
	} while (0)

void answer_init(struct answer *answer)
{
	message_start(&answer->message);
}

struct scan_events answer_events(struct answer *answer)
{
	struct scan_events events = {
		.object = on_object,
		.leave = on_leave,
		.hit = on_hit,
		.incomplete = on_incomplete,
		.context = answer,
	};

	if (answer->flags & RECORD_JOB_DATA)
		events.data = on_data;
	return events;
}

void answer_begin(struct answer *answer, uint64_t job, uint32_t flags,
		  uint64_t size_bytes)
{
	const bool is_old = !message_is_empty(&answer->message) &&
			    clock_now_ms(&answer->clock) - answer->oldest_ms > AGE_MAX_MS;

	if (size_bytes >= LONG_WORK_BYTES || is_old)
		(void)make_room(answer);
	answer->job = job;
	answer->flags = flags;
	answer->told = 0;
	answer->is_partly_sent = false;
	answer->objects = 0;
	answer->bytes = 0;
	if (answer->crumb)
		*answer->crumb = (struct crumb){ .job = job };
}

void answer_done(struct answer *answer, const struct outcome *outcome)
{
	const struct record_done done = {
		.job = answer->job,
		.findings = outcome->findings,
		.reasons = outcome->reasons,
		.objects = answer->objects,
		.bytes = answer->bytes,
	};

	if (answer->flags & RECORD_JOB_COSTS)
		for (size_t i = 0; i < ANSWER_COSTS; i++)
			tell_cost(answer, &answer->costs[i]);
	ADD(answer, job_add_done, &done);
	if (answer->is_partly_sent)
		(void)make_room(answer);
	if (answer->crumb)
		*answer->crumb = (struct crumb){ 0 };
}

void answer_pass(struct answer *answer, uint32_t target, uint32_t from, uint32_t to)
{
	const struct record_pass pass = { answer->job, target, from, to };

	ADD(answer, share_add_pass, &pass);
	(void)make_room(answer);
}

void answer_shared(struct answer *answer, const struct record_shared *shared)
{
	ADD(answer, share_add_shared, shared);
	(void)make_room(answer);
}

bool answer_flush(struct answer *answer)
{
	return make_room(answer);
}

static void on_object(void *context, const struct scan_object *object)
{
	struct answer *answer = context;

	answer->objects++;
	if (object->size_bytes != CHILD_SIZE_UNKNOWN)
		answer->bytes = add_u64_capped(answer->bytes, object->size_bytes);
	if (answer->told > object->depth)
		answer->told = object->depth;
	leave_crumb(answer, object);
	if (answer->flags &
	    (RECORD_JOB_ALL_OBJECTS | RECORD_JOB_EXPLAIN | RECORD_JOB_PRINTS))
		tell_down_to(answer, object);
	if (!message_is_empty(&answer->message) &&
	    clock_now_ms(&answer->clock) - answer->oldest_ms > AGE_MAX_MS)
		(void)make_room(answer);
}

static void on_leave(void *context, const struct scan_object *object,
		     const struct outcome *outcome)
{
	struct answer *answer = context;
	struct record_leave leave = {
		.job = answer->job,
		.depth = object->depth,
		.findings = outcome->findings,
		.reasons = outcome->reasons,
		.has_sha256 = object->sha256 != NULL,
	};

	if (answer->told <= object->depth)
		return;
	if (object->sha256)
		memcpy(leave.sha256, object->sha256, sizeof(leave.sha256));
	ADD(answer, job_add_leave, &leave);
	answer->told = object->depth;
}

static void on_hit(void *context, const struct scan_object *object,
		   const struct scan_hit *hit)
{
	struct answer *answer = context;
	struct record_hit record = {
		.job = answer->job,
		.depth = object->depth,
		.segment = hit->segment,
		.rule = hit->rule,
		.view = (uint32_t)hit->view,
		.offset = hit->offset,
		.len = hit->len,
		.has_sha256 = hit->sha256 != NULL,
		.member = cut(hit->member, RECORD_NAME_MAX),
	};

	tell_down_to(answer, object);
	if (hit->sha256)
		memcpy(record.sha256, hit->sha256, sizeof(record.sha256));
	ADD(answer, job_add_hit, &record);
}

static void on_incomplete(void *context, const struct scan_object *object,
			  enum reason reason, uint64_t offset, struct slice detail)
{
	struct answer *answer = context;
	const struct record_incomplete record = {
		.job = answer->job,
		.depth = object->depth,
		.reason = (uint32_t)reason,
		.offset = offset,
		.detail = cut(detail, RECORD_DETAIL_MAX),
	};

	tell_down_to(answer, object);
	ADD(answer, job_add_incomplete, &record);
}

static void on_data(void *context, const struct scan_object *object,
		    const struct view_data *data)
{
	struct answer *answer = context;
	struct reader left = reader_of_slice(data->bytes);
	uint64_t offset = data->offset;

	tell_down_to(answer, object);
	while (reader_left(&left) > 0) {
		const struct record_data record = {
			.job = answer->job,
			.depth = object->depth,
			.view = (uint32_t)data->view,
			.offset = offset,
			.bytes = reader_slice(
				&left, min_size(reader_left(&left), RECORD_DATA_MAX)),
		};
		ADD(answer, job_add_data, &record);
		offset += record.bytes.len;
	}
}

const struct match_watch *answer_watch(struct answer *answer, uint32_t segment,
				       uint32_t rule)
{
	struct match_watch *watch = &answer->watch;

	static_assert((int)WATCH_TEXT_MAX <= (int)RECORD_LINE_MAX &&
			      (int)WATCH_LEVEL_MAX < (int)RECORD_LEVELS &&
			      (int)WATCH_ANSWERS == (int)RECORD_ANSWERS,
		      "lines fit their records");
	if (!(answer->flags &
	      (RECORD_JOB_EXPLAIN | RECORD_JOB_COSTS | RECORD_JOB_PRINTS)))
		return NULL;
	*watch = (struct match_watch){
		.prints = answer->flags & RECORD_JOB_PRINTS,
		.line = on_line,
		.context = answer,
	};
	if (answer->flags & RECORD_JOB_COSTS) {
		watch->begin = on_begin;
		watch->end = on_end;
	}
	if (answer->flags & RECORD_JOB_EXPLAIN) {
		watch->explains = true;
		watch->segment = segment;
		watch->rule = rule;
	}
	return watch;
}

static void on_begin(void *context)
{
	struct answer *answer = context;

	answer->begun_ns = now_ns();
}

/* Two rules with one place take turns in it. */
static void on_end(void *context, uint32_t segment, uint32_t rule, uint64_t steps)
{
	struct answer *answer = context;
	struct answer_cost *cost = &answer->costs[(rule + segment) % ANSWER_COSTS];

	if (cost->segment != segment || cost->rule != rule)
		tell_cost(answer, cost);
	cost->segment = segment;
	cost->rule = rule;
	cost->evaluations++;
	cost->steps = add_u64_capped(cost->steps, steps);
	cost->nanoseconds += now_ns() - answer->begun_ns;
}

/* And forgets it. */
static void tell_cost(struct answer *answer, struct answer_cost *cost)
{
	const struct record_cost record = {
		.job = answer->job,
		.segment = cost->segment,
		.rule = cost->rule,
		.evaluations = cost->evaluations,
		.steps = cost->steps,
		.nanoseconds = cost->nanoseconds,
	};

	if (cost->evaluations > 0)
		ADD(answer, job_add_cost, &record);
	*cost = (struct answer_cost){ 0 };
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Of the object told of last: all are told of, as they come. */
static void on_line(void *context, const struct watch_line *line)
{
	struct answer *answer = context;
	const struct record_line record = {
		.job = answer->job,
		.depth = answer->told - 1,
		.level = line->level,
		.answer = (uint32_t)line->answer,
		.text = cut(line->text, RECORD_LINE_MAX),
	};

	ADD(answer, job_add_line, &record);
}

static void leave_crumb(struct answer *answer, const struct scan_object *object)
{
	struct crumb *crumb = answer->crumb;

	if (!crumb)
		return;
	crumb->object = answer->objects;
	crumb->offset = object->offset;
	crumb->size_bytes = object->size_bytes;
	crumb->depth = object->depth;
	crumb->type = (uint32_t)object->type;
}

/* Tells of the object and of those around it, as far as the parent does not know them. */
static void tell_down_to(struct answer *answer, const struct scan_object *object)
{
	while (answer->told <= object->depth) {
		const struct scan_object *next = object;
		while (next->depth > answer->told)
			next = next->parent;
		tell(answer, next);
	}
}

static void tell(struct answer *answer, const struct scan_object *object)
{
	const struct record_object record = {
		.job = answer->job,
		.depth = object->depth,
		.type = (uint32_t)object->type,
		.size_bytes = object->size_bytes,
		.name = cut(object->name, RECORD_NAME_MAX),
	};

	ADD(answer, job_add_object, &record);
	answer->told = object->depth + 1;
}

/* Sends the message and starts a new one. */
static bool make_room(struct answer *answer)
{
	if (!answer->is_broken && !message_is_empty(&answer->message)) {
		message_finish(&answer->message);
		answer->is_broken = !answer->send(answer->context, &answer->message);
		answer->is_partly_sent = true;
	}
	message_start(&answer->message);
	return !answer->is_broken;
}

/* A record was added to the message. */
static void added(struct answer *answer)
{
	if (answer->message.records == 1)
		answer->oldest_ms = clock_now_ms(&answer->clock);
	if (answer->flags & RECORD_JOB_AT_ONCE)
		(void)make_room(answer);
}

static struct slice cut(struct slice text, size_t max)
{
	return (struct slice){ text.base, min_size(text.len, max) };
}
