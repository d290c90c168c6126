/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a worker keeps of others' help, and what it does not.
 */
#include "worker/helped.h"

#include <string.h>

#include "test.h"
#include "worker/answer.h"

enum { JOB = 7, TARGET = 6, PIECES = 10 };

static struct answer answer;
static struct helped helped;
static struct match_help calls;
static struct record_pass asked;
static unsigned sent;
static struct message waiting; /* for the worker; len 0: nothing */

static bool on_send(void *context, const struct message *message)
{
	struct reader records;
	struct slice body;
	uint32_t kind;

	(void)context;
	CHECK(message_open(message->bytes, message->len, &records) &&
	      message_next(&records, &kind, &body) == MESSAGE_RECORD &&
	      kind == RECORD_PASS && share_get_pass(body, &asked));
	sent++;
	return true;
}

static bool on_receive(void *context, struct message *message)
{
	(void)context;
	if (waiting.len == 0)
		return false;
	*message = waiting;
	waiting.len = 0;
	return true;
}

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

static void begin(uint32_t pieces)
{
	sent = 0;
	waiting.len = 0;
	answer = (struct answer){ .send = on_send, .clock = { no_time, NULL } };
	answer_init(&answer);
	answer_begin(&answer, JOB, 0, 1 << 30);
	helped.receive = on_receive;
	helped.answer = &answer;
	calls = helped_calls(&helped);
	calls.begin(calls.context, TARGET, pieces);
}

/* A helper names so many rules, the first of them `first`. */
static struct record_shared shared_of(uint32_t piece, uint8_t first, size_t count)
{
	static uint8_t ids[RECORD_IDS_MAX * RECORD_ID_LEN];

	ids[0] = first;
	return (struct record_shared){
		JOB, TARGET, piece, true, { ids, count * RECORD_ID_LEN }
	};
}

static bool has(uint32_t piece, uint64_t first, size_t want)
{
	const uint64_t *ids = NULL;
	size_t count = 0;

	return calls.take(calls.context, piece, &ids, &count) && count == want &&
	       (count == 0 || ids[0] == first);
}

TEST("a pass asks for help with all but the first piece, and says when it is over")
{
	begin(PIECES);
	CHECK_EQ(sent, 1);
	CHECK_EQ(asked.job, JOB);
	CHECK_EQ(asked.target, TARGET);
	CHECK_EQ(asked.from, 1);
	CHECK_EQ(asked.to, PIECES);
	calls.end(calls.context);
	CHECK_EQ(sent, 2);
	CHECK_EQ(asked.to, 0);
	begin(3);
	CHECK_EQ(sent, 0);
	CHECK(!has(2, 0, 0));
	calls.end(calls.context);
	CHECK_EQ(sent, 0);
}

TEST("what comes is there when its turn comes")
{
	const struct record_shared nine = shared_of(9, 3, 2);

	begin(PIECES);
	CHECK(!has(1, 0, 0));
	message_start(&waiting);
	CHECK(share_add_shared(&waiting, &nine));
	message_finish(&waiting);
	CHECK(!has(2, 0, 0));
	CHECK(has(9, 3, 2));
	CHECK_EQ(waiting.len, 0);
	const struct record_shared none = shared_of(8, 0, 0);
	helped_keep(&helped, &none);
	CHECK(has(8, 0, 0));
	/* A second word on a piece is not listened to. */
	const struct record_shared again = shared_of(9, 4, 1);
	helped_keep(&helped, &again);
	CHECK(has(9, 3, 2));
	/* Nor is anything left for the next pass. */
	calls.end(calls.context);
	calls.begin(calls.context, TARGET, PIECES);
	CHECK(!has(9, 0, 0) && !has(8, 0, 0));
}

TEST("of another job, another pass, or a piece that was not looked at whole: nothing")
{
	struct record_shared shared = shared_of(5, 1, 1);

	begin(PIECES);
	shared.job = JOB + 1;
	helped_keep(&helped, &shared);
	shared = shared_of(5, 1, 1);
	shared.target = TARGET + 1;
	helped_keep(&helped, &shared);
	shared = shared_of(5, 1, 1);
	shared.is_whole = false;
	helped_keep(&helped, &shared);
	CHECK(!has(5, 1, 1));
	calls.end(calls.context);
	shared = shared_of(5, 1, 1);
	helped_keep(&helped, &shared);
	calls.begin(calls.context, TARGET, PIECES);
	CHECK(!has(5, 1, 1));
}

TEST("what there is no room for is as if it had not come")
{
	begin(RECORD_PIECES_MAX);
	const uint32_t fit = HELPED_IDS_MAX / RECORD_IDS_MAX;
	for (uint32_t i = 1; i <= fit + 1; i++) {
		const struct record_shared shared = shared_of(i, 1, RECORD_IDS_MAX);
		helped_keep(&helped, &shared);
	}
	CHECK(has(fit, 1, RECORD_IDS_MAX));
	CHECK(!has(fit + 1, 1, RECORD_IDS_MAX));
	const struct record_shared small = shared_of(fit + 2, 9, 1);
	helped_keep(&helped, &small);
	CHECK(has(fit + 2, 9, 1));
}

TEST_MAIN()
