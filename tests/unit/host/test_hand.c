/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker as the parent has it, without a worker: messages are written here,
 * and its crumb, too.
 */
#include "host/hand.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ipc/crumb.h"
#include "ipc/job_record.h"
#include "ipc/share_record.h"
#include "test.h"

enum { JOBS = 4 };

struct told {
	struct pool_done done;
	unsigned dones, settleds, hits, objects;
	bool is_tainted;
	char line[64]; /* the last object, from the root down */
};

static struct told told[JOBS];
static struct task_queue queue;
static size_t pending;
static struct message room;
static struct hand hand;
static struct crumb *crumb;

static bool rule_exists(void *context, uint32_t segment, uint32_t rule)
{
	(void)context;
	return segment == 0 && rule < 10;
}

static void on_object(void *context, void *job, const struct pool_object *object)
{
	struct told *mine = job;
	char line[64] = "";

	(void)context;
	for (unsigned depth = 0; depth <= object->depth; depth++) {
		const struct pool_object *at = object;
		while (at->depth > depth)
			at = at->parent;
		size_t used = strlen(line);
		snprintf(line + used, sizeof(line) - used, "/%.*s", (int)at->name.len,
			 (const char *)at->name.base);
	}
	memcpy(mine->line, line, sizeof(line));
	mine->objects++;
}

static void on_hit(void *context, void *job, const struct pool_object *object,
		   const struct pool_hit *hit)
{
	struct told *mine = job;

	(void)context;
	(void)object;
	(void)hit;
	mine->hits++;
}

static void on_done(void *context, void *job, const struct pool_done *done)
{
	struct told *mine = job;

	(void)context;
	mine->done = *done;
	mine->dones++;
}

static void on_settled(void *context, void *job, bool is_tainted)
{
	struct told *mine = job;

	(void)context;
	mine->settleds++;
	mine->is_tainted = is_tainted;
}

static const struct hearing_terms hearing = {
	.limits = { .depth_max = 4, .files_max = 2, .bytes_max = 1000 },
	.rule_exists = rule_exists,
	.events = {
		.object = on_object,
		.hit = on_hit,
		.done = on_done,
		.settled = on_settled,
	},
};
static const struct hand_terms terms = {
	.hearing = &hearing, .queue = &queue, .pending = &pending, .room = &room
};

/* A worker that has said hello and has four jobs: 1, 2, 3, 4. */
static void begin(void)
{
	memset(told, 0, sizeof(told));
	hand = (struct hand){
		.is_live = true, .socket = -1, .crumb = crumb_make(), .batch_count = 1
	};
	crumb = crumb_map(hand.crumb);
	CHECK(crumb != NULL);
	CHECK(hearing_init(&hand.hearing, &hearing));
	hand.hearing.has_hello = true;
	for (uint64_t i = 0; i < JOBS; i++)
		hand.batches[0].tasks[i] = task_new(
			&(struct pool_job){ .fd = -1, .user = &told[i] }, i + 1);
	hand.batches[0].count = JOBS;
	pending = JOBS;
	message_start(&room);
}

static struct hand_news speak(void)
{
	message_finish(&room);
	struct hand_news news = hand_hear_message(&hand, &terms, &room);
	message_start(&room);
	return news;
}

static void say_done(uint64_t job, uint32_t findings)
{
	CHECK(job_add_done(&room,
			   &(struct record_done){ .job = job, .findings = findings }));
}

static void say_object(uint64_t job, uint32_t depth, const char *name)
{
	CHECK(job_add_object(&room, &(struct record_object){ .job = job,
							     .depth = depth,
							     .name = slice_of(name) }));
}

static void say_hit(uint64_t job, uint32_t depth)
{
	CHECK(job_add_hit(&room, &(struct record_hit){ .job = job, .depth = depth }));
}

static void die(void)
{
	const struct pool_death death = { .end = POOL_END_KILLED, .code = 9 };

	hand_bury(&hand, &terms, &death);
}

/* What is left is thrown away. */
static void end(void)
{
	hand_forget(&hand);
	for (struct task *task; (task = task_queue_take(&queue)) != NULL;)
		task_free(task);
	hearing_clear(&hand.hearing);
}

TEST("a batch that is all answered is settled, and may be remembered")
{
	begin();
	for (uint64_t job = 1; job < JOBS; job++)
		say_done(job, 0);
	CHECK_EQ(speak().kind, HAND_SPOKE);
	CHECK_EQ(told[2].dones, 1);
	CHECK_EQ(told[2].settleds, 0);
	say_done(JOBS, 0);
	CHECK_EQ(speak().kind, HAND_SPOKE);
	for (size_t i = 0; i < JOBS; i++) {
		CHECK_EQ(told[i].settleds, 1);
		CHECK(!told[i].is_tainted);
	}
	CHECK_EQ(pending, 0);
	CHECK_EQ(hand.batch_count, 0);
	end();
}

TEST("an object comes with all that it is in")
{
	begin();
	say_object(1, 0, "");
	say_object(1, 1, "a.zip");
	say_object(1, 2, "b");
	say_hit(1, 2);
	CHECK_EQ(speak().kind, HAND_SPOKE);
	CHECK_STR(told[0].line, "//a.zip/b");
	say_object(1, 1, "c");
	CHECK_EQ(speak().kind, HAND_SPOKE);
	CHECK_STR(told[0].line, "//c");
	say_hit(1, 2);
	CHECK_EQ(speak().kind, HAND_LIED);
	end();
}

TEST("the crumb tells which file it was, and where in it")
{
	begin();
	*crumb = (struct crumb){
		.job = 3, .object = 7, .offset = 99, .depth = 2, .type = 1
	};
	die();
	CHECK_EQ(told[2].dones, 1);
	CHECK(outcome_has_reason(&told[2].done.outcome, REASON_WORKER));
	CHECK(told[2].done.death.has_place);
	CHECK_EQ(told[2].done.death.object, 7);
	CHECK_EQ(told[2].done.death.offset, 99);
	CHECK(told[2].is_tainted);
	CHECK_EQ(queue.count, 3);
	CHECK_EQ(queue.first->id, 1);
	CHECK_EQ(queue.first->next->id, 2);
	CHECK_EQ(queue.last->id, 4);
	CHECK_EQ(pending, 3);
	end();
}

TEST("what was answered before a death is told, but not to be remembered")
{
	begin();
	say_done(1, 0);
	CHECK_EQ(speak().kind, HAND_SPOKE);
	crumb->job = 2;
	die();
	CHECK_EQ(told[0].done.death.end, POOL_END_NONE);
	CHECK(told[0].is_tainted);
	CHECK_EQ(told[1].done.death.end, POOL_END_KILLED);
	CHECK_EQ(queue.count, 2);
	end();
}

TEST("a crumb about a file that the worker does not have is not believed")
{
	begin();
	*crumb = (struct crumb){ .job = 77, .object = 7 };
	die();
	CHECK_EQ(told[0].dones, 1);
	CHECK(!told[0].done.death.has_place);
	CHECK_EQ(queue.count, 3);
	end();
}

TEST("what a worker found before it died stays found")
{
	begin();
	say_object(1, 0, "");
	say_hit(1, 0);
	CHECK_EQ(speak().kind, HAND_SPOKE);
	die();
	CHECK_EQ(told[0].dones, 1);
	CHECK_EQ(outcome_verdict(&told[0].done.outcome, 0), VERDICT_FOUND);
	CHECK(outcome_has_reason(&told[0].done.outcome, REASON_WORKER));
	CHECK_EQ(told[1].done.outcome.findings, 0);
	end();
}

TEST("nor one that names another file than the one it just spoke of")
{
	begin();
	crumb->job = 4;
	say_object(1, 0, "");
	CHECK_EQ(speak().kind, HAND_SPOKE);
	die();
	CHECK_EQ(told[0].dones, 1);
	CHECK_EQ(told[3].dones, 0);
	end();
}

TEST("a death between two files blames nobody, but not without end")
{
	begin();
	die();
	for (size_t i = 0; i < JOBS; i++)
		CHECK_EQ(told[i].dones, 0);
	CHECK_EQ(queue.count, JOBS);
	CHECK_EQ(queue.first->attempts, 1);
	end();

	begin();
	hand.batches[0].tasks[0]->attempts = 3;
	die();
	CHECK_EQ(told[0].dones, 1);
	end();
}

TEST("a worker that had nothing to do dies without a word")
{
	begin();
	for (uint64_t job = 1; job <= JOBS; job++)
		say_done(job, 0);
	CHECK_EQ(speak().kind, HAND_SPOKE);
	die();
	for (size_t i = 0; i < JOBS; i++) {
		CHECK_EQ(told[i].dones, 1);
		CHECK(!told[i].is_tainted);
	}
	end();
}

TEST("more records than a file can have are a breach")
{
	enum hand_news_kind kind = HAND_SPOKE;

	begin();
	for (int i = 0; i < 100000 && kind == HAND_SPOKE; i++) {
		say_object(1, 0, "");
		kind = speak().kind;
	}
	CHECK_EQ(kind, HAND_LIED);
	CHECK(told[0].objects < 50000);
	end();
}

TEST("an outcome has the findings that were told, and none that were not")
{
	begin();
	say_object(1, 0, "");
	say_hit(1, 0);
	say_done(1, 1);
	CHECK_EQ(speak().kind, HAND_SPOKE);
	say_done(2, 1);
	CHECK_EQ(speak().kind, HAND_LIED);
	end();

	begin();
	say_object(1, 0, "");
	say_hit(1, 0);
	say_done(1, 0);
	CHECK_EQ(speak().kind, HAND_LIED);
	CHECK_EQ(told[0].dones, 0);
	end();
}

TEST("when all is given up, each job is done and settled")
{
	const struct pool_done done = { .fd = -1 };

	begin();
	say_done(1, 0);
	CHECK_EQ(speak().kind, HAND_SPOKE);
	batch_put_back(&hand.batches[0], &queue, 0);
	hand_abandon(&hand, &terms, &done);
	hand_abandon_queue(&terms, &done);
	for (size_t i = 0; i < JOBS; i++) {
		CHECK_EQ(told[i].dones, 1);
		CHECK_EQ(told[i].settleds, 1);
		CHECK(told[i].is_tainted);
	}
	CHECK_EQ(pending, 0);
	end();
}

/* What a helper says of piece 4 of job 77, and of this rule. */
static void say_shared(uint64_t job, uint32_t piece, uint8_t rule)
{
	const uint8_t id[RECORD_ID_LEN] = { rule };
	const struct record_shared shared = { job, 2, piece, true, { id, sizeof(id) } };

	CHECK(share_add_shared(&room, &shared));
}

static uint32_t handed_on;

static void on_shared(void *context, const struct record_shared *shared)
{
	(void)context;
	handed_on = shared->piece;
}

TEST("help is asked for by the one whose turn it is, with files without holes")
{
	begin();
	CHECK(share_add_pass(&room, &(struct record_pass){ 1, 2, 1, 9 }));
	CHECK_EQ(speak().kind, HAND_SPOKE);
	CHECK_EQ(hand.hearing.pass.to, 9);
	say_done(1, 0);
	CHECK_EQ(speak().kind, HAND_SPOKE);
	CHECK_EQ(hand.hearing.pass.to, 0);
	CHECK(share_add_pass(&room, &(struct record_pass){ 1, 2, 1, 9 }));
	CHECK_EQ(speak().kind, HAND_LIED);
	CHECK(share_add_pass(&room, &(struct record_pass){ 2, 2, 10, 9 }));
	CHECK_EQ(speak().kind, HAND_LIED);
	hand_current(&hand)->job.extents = calloc(1, sizeof(struct extent));
	CHECK(share_add_pass(&room, &(struct record_pass){ 2, 2, 1, 9 }));
	CHECK_EQ(speak().kind, HAND_LIED);
	end();
}

TEST("help is given once, with what it was asked for, in rules that exist")
{
	struct hand_terms with = terms;

	begin();
	with.hand_on = on_shared;
	handed_on = 0;
	say_shared(77, 4, 1);
	CHECK_EQ(speak().kind, HAND_LIED);
	hand.hearing.is_helping = true;
	hand.hearing.share = (struct record_share){ .job = 77, .target = 2, .piece = 4 };
	say_shared(77, 5, 1);
	CHECK_EQ(speak().kind, HAND_LIED);
	say_shared(78, 4, 1);
	CHECK_EQ(speak().kind, HAND_LIED);
	say_shared(77, 4, 10);
	CHECK_EQ(speak().kind, HAND_LIED);
	CHECK_EQ(handed_on, 0);
	say_shared(77, 4, 9);
	message_finish(&room);
	CHECK_EQ(hand_hear_message(&hand, &with, &room).kind, HAND_SPOKE);
	message_start(&room);
	CHECK_EQ(handed_on, 4);
	CHECK(!hand.hearing.is_helping);
	say_shared(77, 4, 9);
	CHECK_EQ(speak().kind, HAND_LIED);
	end();
}

TEST_MAIN()
