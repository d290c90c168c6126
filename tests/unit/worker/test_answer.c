/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/answer.h"

#include <string.h>

#include "ipc/job_record.h"
#include "test.h"

/* What was sent, as a line: o depth, h depth, i depth, l depth, d job; messages end with |. */
static char sent[16384];
static bool is_refused;
static uint64_t now_ms;
static struct answer answer;
static struct crumb crumb;
static struct scan_events events;

static const char *describe(uint32_t kind, struct slice body, char *text, size_t len)
{
	struct record_object object;
	struct record_hit hit;
	struct record_incomplete incomplete;
	struct record_leave leave;
	struct record_data data;
	struct record_done done;

	if (kind == RECORD_OBJECT && job_get_object(body, &object))
		snprintf(text, len, "o%u ", object.depth);
	else if (kind == RECORD_HIT && job_get_hit(body, &hit))
		snprintf(text, len, "h%u ", hit.depth);
	else if (kind == RECORD_INCOMPLETE && job_get_incomplete(body, &incomplete))
		snprintf(text, len, "i%u ", incomplete.depth);
	else if (kind == RECORD_LEAVE && job_get_leave(body, &leave))
		snprintf(text, len, "l%u ", leave.depth);
	else if (kind == RECORD_DATA && job_get_data(body, &data))
		snprintf(text, len, "b%zu ", data.bytes.len);
	else if (kind == RECORD_DONE && job_get_done(body, &done))
		snprintf(text, len, "d%u ", (unsigned)done.job);
	else
		snprintf(text, len, "? ");
	return text;
}

static bool on_send(void *context, const struct message *message)
{
	struct reader records;
	struct slice body;
	uint32_t kind;
	char text[32];

	(void)context;
	if (is_refused)
		return false;
	CHECK(message_open(message->bytes, message->len, &records));
	while (message_next(&records, &kind, &body) == MESSAGE_RECORD)
		strncat(sent, describe(kind, body, text, sizeof(text)),
			sizeof(sent) - strlen(sent) - 1);
	strncat(sent, "|", sizeof(sent) - strlen(sent) - 1);
	return true;
}

static uint64_t on_clock(void *context)
{
	(void)context;
	return now_ms;
}

static void begin(uint32_t flags)
{
	sent[0] = '\0';
	is_refused = false;
	now_ms = 0;
	answer = (struct answer){ .send = on_send,
				  .clock = { on_clock, NULL },
				  .crumb = &crumb };
	answer_init(&answer);
	answer_begin(&answer, 1, flags, 10);
	events = answer_events(&answer);
}

/* A root, a container in it, and a file in that. */
static const struct scan_object root = { .size_bytes = 100, .depth = 0 };
static const struct scan_object middle = { .parent = &root,
					   .size_bytes = 50,
					   .depth = 1 };
static const struct scan_object leaf = { .parent = &middle,
					 .size_bytes = 25,
					 .depth = 2 };

static void enter(const struct scan_object *object)
{
	events.object(&answer, object);
}

static void leave(const struct scan_object *object)
{
	const struct outcome outcome = { 0 };

	events.leave(&answer, object, &outcome);
}

static void hit(const struct scan_object *object)
{
	events.hit(&answer, object, &(struct scan_hit){ .rule = 1 });
}

static void done(void)
{
	const struct outcome outcome = { 0 };

	answer_done(&answer, &outcome);
}

TEST("of objects with nothing to tell nothing is told but done")
{
	begin(0);
	enter(&root);
	enter(&middle);
	enter(&leaf);
	leave(&leaf);
	leave(&middle);
	leave(&root);
	done();
	CHECK(answer_flush(&answer));
	CHECK_STR(sent, "d1 |");
}

TEST("a hit brings the objects around it, those that are not known yet")
{
	begin(0);
	enter(&root);
	enter(&middle);
	enter(&leaf);
	hit(&leaf);
	leave(&leaf);
	enter(&leaf);
	hit(&leaf);
	leave(&leaf);
	leave(&middle);
	leave(&root);
	done();
	CHECK(answer_flush(&answer));
	CHECK_STR(sent, "o0 o1 o2 h2 l2 o2 h2 l2 l1 l0 d1 |");
}

TEST("when all objects are asked for, all are told of")
{
	begin(RECORD_JOB_ALL_OBJECTS);
	enter(&root);
	enter(&middle);
	leave(&middle);
	leave(&root);
	done();
	CHECK(answer_flush(&answer));
	CHECK_STR(sent, "o0 o1 l1 l0 d1 |");
}

TEST("when it is to be at once, each record is a message")
{
	begin(RECORD_JOB_ALL_OBJECTS | RECORD_JOB_AT_ONCE);
	enter(&root);
	hit(&root);
	leave(&root);
	done();
	CHECK_STR(sent, "o0 |h0 |l0 |d1 |");
}

TEST("answers wait for each other, but not when long work lies ahead")
{
	begin(0);
	done();
	answer_begin(&answer, 2, 0, 10);
	done();
	CHECK_STR(sent, "");
	answer_begin(&answer, 3, 0, 10 << 20);
	CHECK_STR(sent, "d1 d2 |");
	done();
	CHECK_STR(sent, "d1 d2 |");
}

TEST("nor when they have waited already")
{
	begin(0);
	done();
	now_ms = 1000;
	answer_begin(&answer, 2, 0, 10);
	CHECK_STR(sent, "d1 |");
}

TEST("in a long job what is known leaves early, and then its done does at once")
{
	begin(0);
	enter(&root);
	hit(&root);
	now_ms = 1000;
	enter(&middle);
	CHECK_STR(sent, "o0 h0 |");
	leave(&middle);
	leave(&root);
	done();
	CHECK_STR(sent, "o0 h0 |l0 d1 |");
}

TEST("a message that is full leaves, and the next one goes on")
{
	size_t messages = 0;
	size_t hits = 0;

	begin(0);
	enter(&root);
	for (int i = 0; i < 1500; i++)
		hit(&root);
	leave(&root);
	done();
	for (const char *c = sent; *c; c++) {
		messages += *c == '|';
		hits += *c == 'h';
	}
	CHECK(messages >= 2);
	CHECK(hits > 600);
	CHECK(!answer.is_broken);
}

TEST("names and details are cut to what a record may hold")
{
	static uint8_t name[RECORD_NAME_MAX + 100];
	const struct scan_object odd = { .name = { name, sizeof(name) } };

	begin(0);
	enter(&odd);
	events.incomplete(&answer, &odd, REASON_DAMAGED, 0, odd.name);
	done();
	CHECK(answer_flush(&answer));
	CHECK_STR(sent, "o0 i0 d1 |");
}

TEST("bytes are sent in pieces")
{
	static uint8_t bytes[RECORD_DATA_MAX + 10];

	begin(RECORD_JOB_DATA);
	enter(&root);
	events.data(&answer, &root,
		    &(struct view_data){ .bytes = { bytes, sizeof(bytes) } });
	done();
	CHECK(answer_flush(&answer));
	CHECK(strstr(sent, "b61440 ") != NULL);
	CHECK(strstr(sent, "b10 ") != NULL);
	begin(0);
	CHECK(events.data == NULL);
}

TEST("the crumb says which object it is at, and nothing between two files")
{
	begin(0);
	CHECK_EQ(crumb.job, 1);
	enter(&root);
	enter(&middle);
	CHECK_EQ(crumb.object, 2);
	CHECK_EQ(crumb.depth, 1);
	CHECK_EQ(crumb.size_bytes, 50);
	done();
	CHECK_EQ(crumb.job, 0);
}

TEST("when nobody listens any more it says so, and does not go wrong")
{
	begin(0);
	is_refused = true;
	enter(&root);
	for (int i = 0; i < 1500; i++)
		hit(&root);
	done();
	CHECK(!answer_flush(&answer));
	CHECK(answer.is_broken);
}

TEST_MAIN()
