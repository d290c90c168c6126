/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent's side against a hostile worker: the input is what it sends, one
 * message after another (length in 2 bytes, then the records), about four jobs.
 * Whatever it says, each job is done once and settled once.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "host/hand.h"
#include "ipc/compile_record.h"
#include "ipc/job_record.h"
#include "ipc/wire.h"
#include "ipc/zygote_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { JOBS = 4 };

struct told {
	unsigned done;
	unsigned settled;
};

static bool rule_exists(void *context, uint32_t segment, uint32_t rule)
{
	(void)context;
	return segment == 0 && rule < 10;
}

static void on_object(void *context, void *job, const struct pool_object *object)
{
	const struct told *told = job;

	(void)context;
	assert(told->done == 0);
	/* The line up to the root can be followed, and counts. */
	for (unsigned depth = object->depth; object; object = object->parent)
		assert(object->depth == depth--);
}

static void on_hit(void *context, void *job, const struct pool_object *object,
		   const struct pool_hit *hit)
{
	assert(rule_exists(context, hit->segment, hit->rule));
	on_object(context, job, object);
}

static void on_line(void *context, void *job, const struct pool_object *object,
		    const struct pool_line *line)
{
	(void)context;
	(void)job;
	assert(object && line->answer < WATCH_ANSWERS);
}

static void on_cost(void *context, void *job, const struct pool_cost *cost)
{
	(void)context;
	(void)job;
	assert(rule_exists(NULL, cost->segment, cost->rule));
}

static void on_done(void *context, void *job, const struct pool_done *done)
{
	struct told *told = job;

	(void)context;
	(void)done;
	assert(told->done++ == 0);
}

static void on_settled(void *context, void *job, bool is_tainted)
{
	struct told *told = job;

	(void)context;
	(void)is_tainted;
	assert(told->done == 1 && told->settled++ == 0);
}

/* The records with a header that fits them, as far as they are records. */
static void make_message(struct message *message, struct slice records)
{
	struct reader count = reader_of_slice(records);
	struct slice body;
	uint32_t kind;

	message_start(message);
	if (records.len > 0)
		memcpy(&message->bytes[message->len], records.base, records.len);
	message->len += records.len;
	while (message_next(&count, &kind, &body) == MESSAGE_RECORD)
		message->records++;
	message_finish(message);
}

/* No body may do harm to any getter, whatever the kind it came as. */
static void get_everything(struct slice body)
{
	static struct extent extents[RECORD_EXTENTS_MAX];
	union {
		struct record_setup setup;
		struct record_worker worker;
		struct record_kill kill;
		struct record_failed failed;
		struct record_started started;
		struct record_ended ended;
		struct record_compile compile;
		struct record_rule_source rule_source;
		struct record_rule_file rule_file;
		struct record_problem problem;
		struct record_count_of_file count;
		struct record_built built;
	} out;
	struct record_job job = { .extents = extents };

	(void)!job_get(body, &job);
	(void)!zygote_get_setup(body, &out.setup);
	(void)!zygote_get_worker(body, &out.worker);
	(void)!zygote_get_kill(body, &out.kill);
	(void)!zygote_get_failed(body, &out.failed);
	(void)!zygote_get_started(body, &out.started);
	(void)!zygote_get_ended(body, &out.ended);
	(void)!compile_get(body, &out.compile);
	(void)!compile_get_rule_source(body, &out.rule_source);
	(void)!compile_get_rule_file(body, &out.rule_file);
	(void)!compile_get_problem(body, &out.problem);
	(void)!compile_get_count_of_file(body, &out.count);
	(void)!compile_get_built(body, &out.built);
}

/* Feeds the hand until it lies or the input is over. */
static void feed(struct hand *hand, const struct hand_terms *terms, struct reader input)
{
	static struct message message;
	enum hand_news_kind kind = HAND_SPOKE;

	while (kind == HAND_SPOKE && reader_left(&input) >= 2) {
		struct slice records = reader_slice(&input, reader_u16le(&input));
		if (!reader_ok(&input) || records.len > MESSAGE_MAX - MESSAGE_HEADER_LEN)
			return;
		get_everything(records);
		make_message(&message, records);
		kind = hand_hear_message(hand, terms, &message).kind;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct message room;
	struct told told[JOBS] = { 0 };
	struct task_queue queue = { 0 };
	size_t pending = JOBS;
	struct hearing_terms hearing = {
		.limits = { .depth_max = 3, .files_max = 10, .bytes_max = 1 << 20 },
		.rule_exists = rule_exists,
		.events = {
			.object = on_object,
			.hit = on_hit,
			.line = on_line,
			.cost = on_cost,
			.done = on_done,
			.settled = on_settled,
		},
	};
	const struct hand_terms terms = {
		.hearing = &hearing, .queue = &queue, .pending = &pending, .room = &room
	};
	const struct pool_death death = { .end = POOL_END_LIED };
	const struct pool_done lost = { .fd = -1 };
	struct hand hand = { .socket = -1, .crumb = -1, .batch_count = 1 };

	if (!hearing_init(&hand.hearing, &hearing))
		abort();
	for (uint64_t i = 0; i < JOBS; i++)
		hand.batches[0].tasks[i] = task_new(
			&(struct pool_job){
				.fd = -1,
				.flags = JOB_DATA | JOB_EXPLAIN | JOB_COSTS,
				.user = &told[i],
			},
			i + 1);
	hand.batches[0].count = JOBS;
	feed(&hand, &terms, reader_of(data, size));
	hand_bury(&hand, &terms, &death);
	hand_abandon_queue(&terms, &lost);
	for (size_t i = 0; i < JOBS; i++)
		assert(told[i].done == 1 && told[i].settled == 1);
	assert(pending == 0);
	hearing_clear(&hand.hearing);
	return 0;
}
