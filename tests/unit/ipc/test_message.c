/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/message.h"

#include <string.h>

#include "guard.h"
#include "ipc/wire.h"
#include "test.h"

static struct message message;

static void two_numbers(struct wire *wire, void *record)
{
	uint32_t *numbers = record;

	wire_u32(wire, &numbers[0]);
	wire_u32(wire, &numbers[1]);
}

static void one_slice(struct wire *wire, void *record)
{
	wire_slice(wire, record, MESSAGE_MAX);
}

static void make_message(void)
{
	uint32_t numbers[2] = { 7, 8 };

	message_start(&message);
	CHECK(wire_add(&message, RECORD_KILL, two_numbers, numbers));
	CHECK(wire_add(&message, RECORD_STARTED, two_numbers, numbers));
	message_finish(&message);
}

TEST("records come out of a message in the order they went in")
{
	struct reader records;
	struct slice body;
	uint32_t kind;
	uint32_t numbers[2] = { 0 };

	make_message();
	REQUIRE(message_open(message.bytes, message.len, &records));
	CHECK_EQ(message_next(&records, &kind, &body), MESSAGE_RECORD);
	CHECK_EQ(kind, RECORD_KILL);
	CHECK(wire_get(body, two_numbers, numbers));
	CHECK_EQ(numbers[0], 7);
	CHECK_EQ(numbers[1], 8);
	CHECK_EQ(message_next(&records, &kind, &body), MESSAGE_RECORD);
	CHECK_EQ(kind, RECORD_STARTED);
	CHECK_EQ(message_next(&records, &kind, &body), MESSAGE_END);
}

TEST("a message cut short anywhere is refused as a whole")
{
	make_message();
	for (size_t len = 0; len < message.len; len++) {
		struct guard guard = guard_copy(message.bytes, len);
		struct reader records;
		CHECK(!message_open(guard.bytes, len, &records));
		guard_free(&guard);
	}
}

TEST("a header that claims more or fewer records is refused")
{
	struct reader records;

	make_message();
	message.bytes[8] = 1;
	CHECK(!message_open(message.bytes, message.len, &records));
	message.bytes[8] = 3;
	CHECK(!message_open(message.bytes, message.len, &records));
	message.bytes[11] = 0xff;
	CHECK(!message_open(message.bytes, message.len, &records));
}

TEST("a message of another version is refused")
{
	struct reader records;

	make_message();
	message.bytes[3] = '2';
	CHECK(!message_open(message.bytes, message.len, &records));
}

TEST("an empty message is one")
{
	struct reader records;
	struct slice body;
	uint32_t kind;

	message_start(&message);
	CHECK(message_is_empty(&message));
	message_finish(&message);
	REQUIRE(message_open(message.bytes, message.len, &records));
	CHECK_EQ(message_next(&records, &kind, &body), MESSAGE_END);
}

TEST("a record that does not fit leaves the message as it was")
{
	static uint8_t much[MESSAGE_MAX];
	struct slice slice = { much, MESSAGE_MAX - 40 };
	struct slice little = { much, 100 };

	message_start(&message);
	CHECK(wire_add(&message, RECORD_DATA, one_slice, &slice));
	const size_t len = message.len;
	CHECK(!wire_add(&message, RECORD_DATA, one_slice, &little));
	CHECK_EQ(message.len, len);
	CHECK_EQ(message.records, 1);
	little.len = 0;
	CHECK(wire_add(&message, RECORD_DATA, one_slice, &little));
	CHECK_EQ(message.records, 2);
	CHECK(message.len <= MESSAGE_MAX);
}

TEST_MAIN()
