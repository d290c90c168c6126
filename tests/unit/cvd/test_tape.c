/* SPDX-License-Identifier: Apache-2.0 */
#include "cvd/tape.h"

#include <stdlib.h>

#include "bytes/reader.h"
#include "scanning.h"
#include "test.h"

/* A stream of memory that gives a few bytes at a time. */
struct drip {
	struct reader left;
};

static enum status read_drip(void *state, uint8_t *buffer, size_t len, size_t *ret_len)
{
	struct drip *drip = state;

	*ret_len = reader_left(&drip->left);
	if (*ret_len > len)
		*ret_len = len;
	if (*ret_len > 97)
		*ret_len = 97;
	reader_bytes(&drip->left, buffer, *ret_len);
	return *ret_len > 0 ? STATUS_OK : STATUS_END;
}

static struct tape tape;
static struct drip drip;

static void open_tape(const uint8_t *bytes, size_t len)
{
	drip.left = reader_of(bytes, len);
	tape_init(&tape, (struct stream){ .read = read_drip, .state = &drip });
}

static struct wrapped two_members(void)
{
	const char *const names[] = { "a.ndb", "b.hdb" };
	const struct wrapped members[] = { { (uint8_t *)"first", 5 },
					   { (uint8_t *)"2", 1 } };

	return wrap_tar(names, members, 2);
}

TEST("members come one after the other, read or not")
{
	struct wrapped tar = two_members();
	struct stream bytes;
	uint8_t piece[16];
	size_t got;

	for (unsigned skip = 0; skip < 2; skip++) {
		open_tape(tar.bytes, tar.len);
		REQUIRE(tape_next(&tape) == STATUS_OK);
		CHECK(slice_is(tape.name, "a.ndb"));
		CHECK_EQ(tape.size, 5);
		bytes = tape_member(&tape);
		if (!skip) {
			REQUIRE(stream_read(&bytes, piece, 16, &got) == STATUS_OK);
			CHECK_EQ(got, 5);
			CHECK_MEM(piece, "first", 5);
			CHECK_EQ(stream_read(&bytes, piece, 16, &got), STATUS_END);
		}
		REQUIRE(tape_next(&tape) == STATUS_OK);
		CHECK(slice_is(tape.name, "b.hdb"));
		CHECK_EQ(tape_next(&tape), STATUS_END);
	}
	free(tar.bytes);
}

TEST("an archive that is cut short anywhere is noticed, or ends with a member")
{
	struct wrapped tar = two_members();
	enum status status;

	for (size_t len = 0; len < tar.len; len++) {
		open_tape(tar.bytes, len);
		while ((status = tape_next(&tape)) == STATUS_OK)
			;
		bool is_whole = len == 0 || len == 1024 || len == 2048 || len >= 2560;
		CHECK_EQ(status, is_whole ? STATUS_END : STATUS_TRUNCATED);
	}
	free(tar.bytes);
}

static void fix_sum(uint8_t *block)
{
	unsigned sum = 0;
	char text[9];

	memset(block + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += block[i];
	snprintf(text, sizeof(text), "%06o", sum & 0777777);
	memcpy(block + 148, text, 7);
}

/* What the first header is refused for, once `len` bytes at `at` are these. */
static const char *reason_with(size_t at, const char *bytes, size_t len)
{
	struct wrapped tar = two_members();

	memcpy(tar.bytes + at, bytes, len);
	fix_sum(tar.bytes);
	open_tape(tar.bytes, tar.len);
	bool is_refused = tape_next(&tape) == STATUS_MALFORMED;
	free(tar.bytes);
	return is_refused ? tape.reason : "taken";
}

TEST("what is more than a file with a plain name is refused")
{
	static const char file[] = "a member that is no plain file";
	static const char name[] = "a member whose name is not plain";
	static const char size[] = "a member whose size is no octal number";
	static const char *const kinds[] = { "1", "2", "5", "L", "x", "g", "S", "V" };

	CHECK_STR(reason_with(156, "0", 1), "taken");
	CHECK_STR(reason_with(156, "", 1), "taken");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		CHECK_STR(reason_with(156, kinds[i], 1), file);
	CHECK_STR(reason_with(345, "x", 1), file);
	CHECK_STR(reason_with(0, "../x", 5), name);
	CHECK_STR(reason_with(0, "/x", 3), name);
	CHECK_STR(reason_with(0, "x/y", 4), name);
	CHECK_STR(reason_with(0, ".x", 3), name);
	CHECK_STR(reason_with(0, "-x", 3), name);
	CHECK_STR(reason_with(0, "x\ny", 4), name);
	CHECK_STR(reason_with(0, "x\x80", 3), name);
	CHECK_STR(reason_with(0, "", 1), name);
	CHECK_STR(reason_with(124, "9", 1), size);
	CHECK_STR(reason_with(124, "\x80", 1), size);
	CHECK_STR(reason_with(124, "            ", 12), size);
}

TEST("a sum that does not fit is no header")
{
	struct wrapped tar = two_members();

	tar.bytes[0] ^= 1;
	open_tape(tar.bytes, tar.len);
	CHECK_EQ(tape_next(&tape), STATUS_MALFORMED);
	CHECK_STR(tape.reason, "no header where a member should begin");
	free(tar.bytes);
}

TEST_MAIN()
