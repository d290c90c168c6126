/* SPDX-License-Identifier: Apache-2.0 */
#include "host/hearing.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "ipc/job_record.h"

/*
 * Records that a job may have for each object it may have, and besides. The
 * engine tells of at most 256 hits of an object, but of few objects that many.
 */
enum { RECORDS_PER_OBJECT = 8, RECORDS_BESIDE = 16 * 1024 };

/* Of explanations and costs, which only tools for writing rules ask for. */
enum { LINES_MAX = 256 * 1024 * 1024 };

/* All that the handlers of single records work with. */
struct turn {
	struct hearing *hearing;
	const struct hearing_terms *terms;
	const struct task *task;
	struct slice body;
	struct pool_done *done;
	struct record_shared *shared;
};

/* Each takes one kind of record: NULL, or which rule it broke. */
static const char *take_hello(struct turn *turn);
static const char *take_object(struct turn *turn);
static const char *take_leave(struct turn *turn);
static const char *take_hit(struct turn *turn);
static const char *take_incomplete(struct turn *turn);
static const char *take_data(struct turn *turn);
static const char *take_line(struct turn *turn);
static const char *take_cost(struct turn *turn);
static const char *take_pass(struct turn *turn);
static const char *take_shared(struct turn *turn);
static const char *take_done(struct turn *turn);

static const struct {
	uint32_t kind;
	const char *(*take)(struct turn *turn);
} table[] = {
	{ RECORD_HELLO, take_hello },
	{ RECORD_OBJECT, take_object },
	{ RECORD_LEAVE, take_leave },
	{ RECORD_HIT, take_hit },
	{ RECORD_INCOMPLETE, take_incomplete },
	{ RECORD_DATA, take_data },
	{ RECORD_LINE, take_line },
	{ RECORD_COST, take_cost },
	{ RECORD_PASS, take_pass },
	{ RECORD_SHARED, take_shared },
	{ RECORD_DONE, take_done },
};

static const char *take(struct turn *turn, uint32_t kind);
static const char *check_place(const struct turn *turn, uint64_t job, uint32_t depth);
static void forget_objects(struct hearing *hearing, size_t from);
static bool is_too_much(const struct turn *turn);

static const char breach_form[] = "a record that is none";
static const char breach_kind[] = "a record that workers do not send";
static const char breach_turn[] = "a record for a job whose turn it is not";
static const char breach_object[] = "an object where none can be";

bool hearing_init(struct hearing *hearing, const struct hearing_terms *terms)
{
	*hearing = (struct hearing){ 0 };
	hearing->objects = calloc((size_t)terms->limits.depth_max + 1,
				  sizeof(*hearing->objects));
	return hearing->objects != NULL;
}

void hearing_clear(struct hearing *hearing)
{
	forget_objects(hearing, 0);
	free(hearing->objects);
	*hearing = (struct hearing){ 0 };
}

void hearing_reset(struct hearing *hearing)
{
	forget_objects(hearing, 0);
	*hearing = (struct hearing){ .objects = hearing->objects };
}

struct heard hearing_take(struct hearing *hearing, const struct hearing_terms *terms,
			  const struct task *task, struct reader *records)
{
	struct heard heard = { .kind = HEARD_ON };
	struct turn turn = { hearing, terms, task, { 0 }, &heard.done, &heard.shared };
	uint32_t kind = 0;

	switch (message_next(records, &kind, &turn.body)) {
	case MESSAGE_RECORD:
		heard.breach = take(&turn, kind);
		if (heard.breach)
			heard.kind = HEARD_BREACH;
		else if (kind == RECORD_DONE)
			heard.kind = HEARD_DONE;
		else if (kind == RECORD_SHARED)
			heard.kind = HEARD_SHARED;
		break;
	case MESSAGE_END:
		heard.kind = HEARD_END;
		break;
	case MESSAGE_MALFORMED:
		heard.kind = HEARD_BREACH;
		heard.breach = breach_form;
		break;
	}
	return heard;
}

static const char *take(struct turn *turn, uint32_t kind)
{
	if (turn->hearing->has_hello != (kind != RECORD_HELLO))
		return "no hello, or a second one";
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (table[i].kind != kind)
			continue;
		turn->hearing->records++;
		if (is_too_much(turn))
			return "more records than a job can have";
		return table[i].take(turn);
	}
	return breach_kind;
}

static const char *take_hello(struct turn *turn)
{
	if (!zygote_get_hello(turn->body, &turn->hearing->hello))
		return breach_form;
	turn->hearing->has_hello = true;
	turn->hearing->records = 0;
	return NULL;
}

static const char *take_object(struct turn *turn)
{
	struct hearing *hearing = turn->hearing;
	const struct pool_events *events = &turn->terms->events;
	struct record_object got;

	if (!job_get_object(turn->body, &got))
		return breach_form;
	if (!turn->task || got.job != turn->task->id)
		return breach_turn;
	if (got.depth > hearing->told || got.depth > turn->terms->limits.depth_max ||
	    got.type >= TYPE_COUNT)
		return breach_object;

	forget_objects(hearing, got.depth);
	uint8_t *name = malloc(got.name.len + 1);
	if (!name)
		abort();
	if (got.name.len > 0)
		memcpy(name, got.name.base, got.name.len);
	struct pool_object *object = &hearing->objects[got.depth];
	*object = (struct pool_object){
		.name = { name, got.name.len },
		.type = (enum file_type)got.type,
		.size_bytes = got.size_bytes,
		.depth = got.depth,
	};
	if (got.depth > 0)
		object->parent = &hearing->objects[got.depth - 1];
	hearing->told = (size_t)got.depth + 1;
	if (events->object)
		events->object(events->context, turn->task->job.user, object);
	return NULL;
}

static const char *take_leave(struct turn *turn)
{
	const struct pool_events *events = &turn->terms->events;
	struct record_leave got;

	if (!job_get_leave(turn->body, &got))
		return breach_form;
	const char *breach = check_place(turn, got.job, got.depth);
	if (breach)
		return breach;
	const struct outcome outcome = { .findings = got.findings,
					 .reasons = got.reasons };
	if (got.has_sha256)
		turn->hearing->objects[got.depth].sha256 = got.sha256;
	if (events->leave)
		events->leave(events->context, turn->task->job.user,
			      &turn->hearing->objects[got.depth], &outcome);
	forget_objects(turn->hearing, got.depth);
	return NULL;
}

static const char *take_hit(struct turn *turn)
{
	const struct pool_events *events = &turn->terms->events;
	struct record_hit got;

	if (!job_get_hit(turn->body, &got))
		return breach_form;
	const char *breach = check_place(turn, got.job, got.depth);
	if (breach)
		return breach;
	if (!turn->terms->rule_exists(events->context, got.segment, got.rule))
		return "a rule that does not exist";

	struct pool_hit hit = {
		.segment = got.segment,
		.rule = got.rule,
		.view = (enum view)got.view,
		.offset = got.offset,
		.len = got.len,
		.has_sha256 = got.has_sha256,
		.member = got.member,
	};
	memcpy(hit.sha256, got.sha256, sizeof(hit.sha256));
	turn->hearing->hits++;
	if (events->hit)
		events->hit(events->context, turn->task->job.user,
			    &turn->hearing->objects[got.depth], &hit);
	return NULL;
}

static const char *take_incomplete(struct turn *turn)
{
	const struct pool_events *events = &turn->terms->events;
	struct record_incomplete got;

	if (!job_get_incomplete(turn->body, &got))
		return breach_form;
	const char *breach = check_place(turn, got.job, got.depth);
	if (breach)
		return breach;
	const struct pool_gap gap = { (enum reason)got.reason, got.offset, got.detail };
	turn->hearing->reasons |= UINT32_C(1) << got.reason;
	if (events->incomplete)
		events->incomplete(events->context, turn->task->job.user,
				   &turn->hearing->objects[got.depth], &gap);
	return NULL;
}

static const char *take_data(struct turn *turn)
{
	const struct pool_events *events = &turn->terms->events;
	struct record_data got;

	if (!job_get_data(turn->body, &got))
		return breach_form;
	const char *breach = check_place(turn, got.job, got.depth);
	if (breach)
		return breach;
	if (!(turn->task->job.flags & JOB_DATA))
		return "bytes that nobody asked for";
	/* Not counted as records: their limit is that of the bytes out of a root. */
	turn->hearing->records--;
	turn->hearing->data_bytes = add_u64_capped(turn->hearing->data_bytes,
						   got.bytes.len);
	/* Each object may come once in every view. */
	if (got.bytes.len == 0 || turn->hearing->data_bytes / VIEW_COUNT >
					  add_u64_capped(turn->terms->limits.bytes_max,
							 turn->task->job.size_bytes))
		return "more bytes than can come out of a file";
	const struct view_data data = { (enum view)got.view, got.offset, got.bytes };
	if (events->data)
		events->data(events->context, turn->task->job.user,
			     &turn->hearing->objects[got.depth], &data);
	return NULL;
}

static const char *take_line(struct turn *turn)
{
	const struct pool_events *events = &turn->terms->events;
	struct record_line got;

	if (!job_get_line(turn->body, &got))
		return breach_form;
	const char *breach = check_place(turn, got.job, got.depth);
	if (breach)
		return breach;
	if (!(turn->task->job.flags & (JOB_EXPLAIN | JOB_PRINTS)))
		return "an explanation that nobody asked for";
	turn->hearing->records--;
	if (++turn->hearing->lines > LINES_MAX)
		return "more lines than an explanation can have";
	const struct pool_line line = { got.level, (enum watch_answer)got.answer,
					got.text };
	if (events->line)
		events->line(events->context, turn->task->job.user,
			     &turn->hearing->objects[got.depth], &line);
	return NULL;
}

static const char *take_cost(struct turn *turn)
{
	const struct pool_events *events = &turn->terms->events;
	struct record_cost got;

	if (!job_get_cost(turn->body, &got))
		return breach_form;
	if (!turn->task || got.job != turn->task->id)
		return breach_turn;
	if (!(turn->task->job.flags & JOB_COSTS))
		return "costs that nobody asked for";
	if (!turn->terms->rule_exists(events->context, got.segment, got.rule))
		return "a rule that does not exist";
	turn->hearing->records--;
	if (++turn->hearing->lines > LINES_MAX)
		return "more costs than there can be";
	const struct pool_cost cost = {
		.segment = got.segment,
		.rule = got.rule,
		.evaluations = got.evaluations,
		.steps = got.steps,
		.nanoseconds = got.nanoseconds,
	};
	if (events->cost)
		events->cost(events->context, turn->task->job.user, &cost);
	return NULL;
}

static const char *take_pass(struct turn *turn)
{
	struct record_pass got;

	if (!share_get_pass(turn->body, &got))
		return breach_form;
	if (!turn->task || got.job != turn->task->id)
		return breach_turn;
	if (got.from > got.to || turn->task->job.extents)
		return "a pass that cannot be shared";
	turn->hearing->pass = got;
	return NULL;
}

static const char *take_shared(struct turn *turn)
{
	struct hearing *hearing = turn->hearing;
	const struct record_share *asked = &hearing->share;
	struct record_shared got;

	if (!share_get_shared(turn->body, &got))
		return breach_form;
	if (!hearing->is_helping || got.job != asked->job ||
	    got.target != asked->target || got.piece != asked->piece)
		return "help that nobody asked for";
	struct reader ids = reader_of_slice(got.ids);
	while (reader_left(&ids) > 0) {
		uint32_t rule = reader_u32le(&ids);
		uint32_t segment = reader_u32le(&ids);
		if (!turn->terms->rule_exists(turn->terms->events.context, segment, rule))
			return "a rule that does not exist";
	}
	hearing->is_helping = false;
	hearing->records = 0;
	*turn->shared = got;
	return NULL;
}

static const char *take_done(struct turn *turn)
{
	struct hearing *hearing = turn->hearing;
	struct record_done got;

	if (!job_get_done(turn->body, &got))
		return breach_form;
	if (!turn->task || got.job != turn->task->id)
		return breach_turn;
	if ((got.findings > 0) != (hearing->hits > 0) ||
	    (got.reasons & hearing->reasons) != hearing->reasons)
		return "an outcome other than what was told";

	*turn->done = (struct pool_done){
		.outcome = { .findings = got.findings, .reasons = got.reasons },
		.fd = -1,
		.objects = got.objects,
		.bytes = got.bytes,
	};
	forget_objects(hearing, 0);
	hearing->records = 0;
	hearing->data_bytes = 0;
	hearing->lines = 0;
	hearing->hits = 0;
	hearing->reasons = 0;
	hearing->pass = (struct record_pass){ 0 };
	return NULL;
}

/* Is it this job's turn, and was this object told? */
static const char *check_place(const struct turn *turn, uint64_t job, uint32_t depth)
{
	if (!turn->task || job != turn->task->id)
		return breach_turn;
	if (depth >= turn->hearing->told)
		return breach_object;
	return NULL;
}

static void forget_objects(struct hearing *hearing, size_t from)
{
	while (hearing->told > from) {
		struct pool_object *object = &hearing->objects[--hearing->told];
		free((void *)object->name.base);
		*object = (struct pool_object){ 0 };
	}
}

static bool is_too_much(const struct turn *turn)
{
	const uint64_t files = turn->terms->limits.files_max;

	return turn->hearing->records > (files + 1) * RECORDS_PER_OBJECT + RECORDS_BESIDE;
}
