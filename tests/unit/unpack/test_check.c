/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/check.h"

#include "test.h"

struct source_text {
	const char *text;
	enum status end;
};

static enum status give(void *state, uint8_t *buffer, size_t len, size_t *ret_len)
{
	struct source_text *from = state;
	size_t left = strlen(from->text);

	*ret_len = left < len ? left : len;
	memcpy(buffer, from->text, *ret_len);
	from->text += *ret_len;
	return *ret_len > 0 ? STATUS_OK : from->end;
}

static uint64_t taken(const void *state)
{
	const struct source_text *from = state;

	return 100 - strlen(from->text);
}

static enum status run(struct check *check, enum status end, bool promise, uint32_t crc,
		       uint64_t len)
{
	struct source_text from = { "123456789", end };
	struct stream in = { .read = give, .taken = taken, .state = &from };
	struct stream stream = check_start(check, in);
	uint8_t buffer[4];
	enum status status;
	size_t got;

	if (promise)
		check_promise(check, crc, len);
	do
		status = stream_read(&stream, buffer, sizeof(buffer), &got);
	while (status == STATUS_OK);
	CHECK_EQ(got, 0);
	CHECK_EQ(stream.taken(stream.state), 100);
	CHECK_EQ(stream_read(&stream, buffer, sizeof(buffer), &got), status);
	return status;
}

TEST("the end is compared with what was promised")
{
	struct check check;

	CHECK_EQ(run(&check, STATUS_END, false, 0, 0), STATUS_END);
	CHECK_EQ(check.crc, 0xcbf43926);
	CHECK_EQ(check.len, 9);
	CHECK_EQ(run(&check, STATUS_END, true, 0xcbf43926, 9), STATUS_END);
	CHECK_EQ(run(&check, STATUS_END, true, 0xcbf43927, 9), STATUS_MALFORMED);
	CHECK_EQ(run(&check, STATUS_END, true, 0xcbf43926, 8), STATUS_MALFORMED);
}

TEST("a stream that breaks says why itself")
{
	struct check check;

	CHECK_EQ(run(&check, STATUS_TRUNCATED, true, 0, 0), STATUS_TRUNCATED);
	CHECK_EQ(run(&check, STATUS_NO_MEMORY, true, 0xcbf43926, 9), STATUS_NO_MEMORY);
}

TEST_MAIN()
