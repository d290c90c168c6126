/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is given pieces of whose file, and where what they say goes: a crew without
 * processes, whose workers' ends of the sockets are held here.
 */
#include "host/sharing.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "host/socket_pair.h"
#include "test.h"

enum { HANDS = 3, JOB = 7, OTHER_JOB = 8 };

static struct hand hands[HANDS];
static int theirs[HANDS];
static struct message room, relay;
static struct crew crew;
static struct task *tasks[2];

static void put_to_work(size_t hand, struct task *task)
{
	hands[hand].batches[0] = (struct batch){ .tasks = { task }, .count = 1 };
	hands[hand].batch_count = 1;
}

/* The first is at a file that may be shared, the others have nothing to do. */
static void begin(void)
{
	memset(hands, 0, sizeof(hands));
	crew = (struct crew){
		.zygotes[0].link.pid = getpid(), /* there is one to come from */
		.hands = hands,
		.hand_count = HANDS,
		.room = &room,
		.relay = &relay
	};
	for (size_t i = 0; i < HANDS; i++) {
		hands[i].is_live = true;
		hands[i].crumb = -1;
		hands[i].owner = 1000;
		hands[i].files = 1;
		CHECK(socket_pair(&hands[i].socket, &theirs[i]));
		CHECK_EQ(fcntl(theirs[i], F_SETFL, O_NONBLOCK), 0);
	}
	for (size_t i = 0; i < ARRAY_LEN(tasks); i++)
		tasks[i] = task_new(
			&(struct pool_job){ .fd = open("/dev/null", O_RDONLY | O_CLOEXEC),
					    .size_bytes = 1 << 30,
					    .known = 2,
					    .owner = 1000 },
			JOB + i);
	put_to_work(0, tasks[0]);
	hands[0].hearing.pass = (struct record_pass){ JOB, 6, 1, 10 };
}

static void end(void)
{
	for (size_t i = 0; i < HANDS; i++) {
		close(hands[i].socket);
		close(theirs[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(tasks); i++)
		task_free(tasks[i]);
}

/* The share that this one was given; a piece that there is not if there was none. */
static struct record_share share_of(size_t hand)
{
	static struct message message;
	struct record_share share = { .piece = UINT32_MAX };
	struct channel_fds fds;
	struct reader records;
	struct slice body;
	uint32_t kind;

	if (channel_receive(theirs[hand], &message, &fds) != CHANNEL_OK)
		return share;
	CHECK_EQ(fds.count, 1);
	for (size_t i = 0; i < fds.count; i++)
		close(fds.list[i]);
	CHECK(message_open(message.bytes, message.len, &records) &&
	      message_next(&records, &kind, &body) == MESSAGE_RECORD &&
	      kind == RECORD_SHARE && share_get(body, &share));
	return share;
}

/* Does the owner hear of that piece? */
static bool is_heard(size_t hand, uint32_t piece, uint64_t id)
{
	static struct message message;
	struct record_shared shared;
	struct reader records;
	struct slice body;
	uint32_t kind;

	if (channel_receive(theirs[hand], &message, NULL) != CHANNEL_OK)
		return false;
	if (!CHECK(message_open(message.bytes, message.len, &records) &&
		   message_next(&records, &kind, &body) == MESSAGE_RECORD &&
		   kind == RECORD_SHARED && share_get_shared(body, &shared)))
		return false;
	struct reader ids = reader_of_slice(shared.ids);
	return shared.job == JOB && shared.piece == piece && shared.is_whole &&
	       reader_u64le(&ids) == id && reader_left(&ids) == 0;
}

static struct record_shared shared_of(uint64_t job, uint32_t piece)
{
	static const uint8_t id[RECORD_ID_LEN] = { 5, 0, 0, 0, 1 };

	return (struct record_shared){ job, 6, piece, true, { id, sizeof(id) } };
}

TEST("those who have nothing to do are given pieces, from the end")
{
	begin();
	sharing_assign(&crew, 0);
	const struct record_share first = share_of(1);
	CHECK_EQ(first.job, JOB);
	CHECK_EQ(first.size_bytes, 1 << 30);
	CHECK_EQ(first.known, 2);
	CHECK_EQ(first.target, 6);
	CHECK_EQ(first.piece, 9);
	CHECK_EQ(share_of(2).piece, 8);
	CHECK_EQ(share_of(0).piece, UINT32_MAX);
	CHECK(!hand_is_idle(&hands[1]) && !hand_is_idle(&hands[2]));
	CHECK_EQ(hands[1].files, 2);
	CHECK_EQ(hands[0].hearing.pass.to, 8);

	sharing_assign(&crew, 0);
	CHECK_EQ(share_of(1).piece, UINT32_MAX);
	hands[1].hearing.is_helping = false;
	sharing_assign(&crew, 0);
	CHECK_EQ(share_of(1).piece, 7);
	end();
}

TEST("nobody is, when all are given away, or each file has a worker to itself")
{
	begin();
	hands[0].hearing.pass.to = 2;
	sharing_assign(&crew, 0);
	CHECK_EQ(share_of(1).piece, 1);
	CHECK_EQ(share_of(2).piece, UINT32_MAX);
	end();
	begin();
	crew.options.isolate = true;
	sharing_assign(&crew, 0);
	CHECK_EQ(share_of(1).piece, UINT32_MAX);
	end();
	begin();
	put_to_work(1, tasks[1]);
	hands[2].has_hung_up = true;
	sharing_assign(&crew, 0);
	CHECK_EQ(share_of(1).piece, UINT32_MAX);
	CHECK_EQ(share_of(2).piece, UINT32_MAX);
	end();
}

TEST("what a helper says goes to the owner, and to nobody else")
{
	struct record_shared shared = shared_of(JOB, 9);

	begin();
	put_to_work(1, tasks[1]);
	sharing_hand_on(&crew, &shared);
	CHECK(is_heard(0, 9, UINT64_C(0x100000005)));
	CHECK(!is_heard(1, 9, UINT64_C(0x100000005)));
	shared.job = OTHER_JOB + 1;
	sharing_hand_on(&crew, &shared);
	CHECK(!is_heard(0, 9, UINT64_C(0x100000005)));
	end();
}

TEST("nothing is said to an owner whose pass is over")
{
	const struct record_shared shared = shared_of(JOB, 9);

	begin();
	hands[0].hearing.pass = (struct record_pass){ 0 };
	sharing_hand_on(&crew, &shared);
	CHECK(!is_heard(0, 9, UINT64_C(0x100000005)));
	sharing_assign(&crew, 0);
	CHECK_EQ(share_of(1).piece, UINT32_MAX);
	end();
}

TEST("a piece that could not be looked at is the last that is given away")
{
	struct record_shared shared = shared_of(JOB, 9);

	begin();
	sharing_assign(&crew, 0);
	CHECK_EQ(share_of(1).piece, 9);
	hands[1].hearing.is_helping = false;
	shared.is_whole = false;
	sharing_hand_on(&crew, &shared);
	CHECK(!is_heard(0, 9, UINT64_C(0x100000005)));
	sharing_assign(&crew, 0);
	CHECK_EQ(share_of(1).piece, UINT32_MAX);
	end();
}

TEST("an owner that does not listen is not waited for")
{
	begin();
	for (int i = 0; i < 10000; i++) {
		const struct record_shared shared = shared_of(JOB, 9);
		sharing_hand_on(&crew, &shared);
	}
	CHECK(is_heard(0, 9, UINT64_C(0x100000005)));
	end();
}

TEST("with a helper goes the trust in what it helped with")
{
	begin();
	sharing_assign(&crew, 0);
	sharing_taint(&crew, &hands[1]);
	CHECK(tasks[0]->is_tainted);
	CHECK(!tasks[1]->is_tainted);
	hands[2].helped = 0;
	put_to_work(0, tasks[1]);
	sharing_taint(&crew, &hands[2]);
	sharing_taint(&crew, &hands[1]);
	CHECK(!tasks[1]->is_tainted);
	end();
}

TEST_MAIN()
