/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes/reader.h"

#include "guard.h"
#include "test.h"

enum { LEN_MAX = 9 };

/* What a reader has to do, written down the slow way. */
struct model {
	uint8_t bytes[LEN_MAX];
	size_t len, pos;
	bool failed;
};

static bool model_can(struct model *model, size_t len)
{
	if (model->failed || len > model->len - model->pos)
		model->failed = true;
	return !model->failed;
}

static uint64_t model_number(struct model *model, size_t len, bool is_big)
{
	uint64_t value = 0;

	if (!model_can(model, len))
		return 0;
	for (size_t i = 0; i < len; i++) {
		size_t at = is_big ? i : len - 1 - i;
		value = value << 8 | model->bytes[model->pos + at];
	}
	model->pos += len;
	return value;
}

static const struct number {
	size_t len;
	bool is_big;
} numbers[] = { { 1, false }, { 2, false }, { 2, true }, { 4, false },
		{ 4, true },  { 8, false }, { 8, true } };

static uint64_t read_number(struct reader *reader, size_t which)
{
	switch (which) {
	case 0:
		return reader_u8(reader);
	case 1:
		return reader_u16le(reader);
	case 2:
		return reader_u16be(reader);
	case 3:
		return reader_u32le(reader);
	case 4:
		return reader_u32be(reader);
	case 5:
		return reader_u64le(reader);
	default:
		return reader_u64be(reader);
	}
}

/* Skip, seek, take, slice, bytes: the operations that have a length, as one number. */
enum { KINDS = 6, ARGUMENTS = LEN_MAX + 2, OPERATIONS = KINDS * ARGUMENTS };

static void check_piece(const struct model *model, size_t len, const uint8_t *got,
			size_t got_len)
{
	CHECK_EQ(got_len, model->failed ? 0 : len);
	if (!model->failed && len > 0)
		CHECK_MEM(got, &model->bytes[model->pos - len], len);
}

static void run_bytes(struct reader *reader, const struct model *model, size_t len)
{
	static const uint8_t zeros[ARGUMENTS];
	uint8_t got[ARGUMENTS];

	memset(got, '#', sizeof(got));
	reader_bytes(reader, got, len);
	CHECK_MEM(got, model->failed ? zeros : &model->bytes[model->pos - len], len);
}

static void run(struct reader *reader, struct model *model, size_t operation)
{
	size_t kind = operation / ARGUMENTS;
	size_t argument = operation % ARGUMENTS;

	if (kind == 0) {
		const struct number *number = &numbers[argument % 7];
		CHECK_EQ(read_number(reader, argument % 7),
			 model_number(model, number->len, number->is_big));
		return;
	}
	if (kind == 1) {
		if (argument > model->len)
			model->failed = true;
		if (!model->failed)
			model->pos = argument;
		reader_seek(reader, argument);
		return;
	}
	if (model_can(model, argument))
		model->pos += argument;
	if (kind == 2) {
		reader_skip(reader, argument);
	} else if (kind == 3) {
		struct reader part = reader_take(reader, argument);
		CHECK_EQ(reader_ok(&part), !model->failed);
		check_piece(model, argument, part.base, part.len);
	} else if (kind == 4) {
		struct slice part = reader_slice(reader, argument);
		check_piece(model, argument, part.base, part.len);
	} else {
		run_bytes(reader, model, argument);
	}
}

TEST("any three operations on any length do what the model does")
{
	for (size_t len = 0; len <= LEN_MAX; len++) {
		struct guard guard = guard_new(len);

		for (size_t i = 0; i < len; i++)
			guard.bytes[i] = (uint8_t)(0xf1 - 3 * i);
		for (size_t n = 0; n < OPERATIONS * OPERATIONS * OPERATIONS; n++) {
			struct reader reader = reader_of(guard.bytes, len);
			struct model model = { .len = len };

			memcpy(model.bytes, guard.bytes, len);
			run(&reader, &model, n % OPERATIONS);
			run(&reader, &model, n / OPERATIONS % OPERATIONS);
			run(&reader, &model, n / OPERATIONS / OPERATIONS);
			size_t left = model.failed ? 0 : model.len - model.pos;
			if (reader_ok(&reader) != !model.failed ||
			    reader_left(&reader) != left || reader.pos != model.pos) {
				CHECK_EQ(n, -1);
				break;
			}
		}
		guard_free(&guard);
	}
}

TEST("lengths near the largest fail and move nothing")
{
	static const size_t large[] = { SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2 + 1 };

	for (size_t i = 0; i < 3; i++) {
		for (int kind = 0; kind < 4; kind++) {
			struct reader reader = reader_of("abc", 3);

			reader_skip(&reader, 2);
			if (kind == 0)
				reader_skip(&reader, large[i]);
			else if (kind == 1)
				reader_seek(&reader, large[i]);
			else if (kind == 2)
				CHECK(reader_take(&reader, large[i]).failed);
			else
				CHECK(reader_slice(&reader, large[i]).len == 0);
			CHECK(!reader_ok(&reader));
			CHECK_EQ(reader.pos, 2);
			CHECK_EQ(reader_u8(&reader), 0);
			CHECK_EQ(reader_peek(&reader, large[i]), -1);
			CHECK(!reader_has(&reader, large[i], slice_of("a")));
		}
	}
}

TEST("a part cannot see more than its own bytes")
{
	struct reader whole = reader_of("abcdef", 6);
	struct reader part = reader_take(&whole, 3);

	reader_seek(&part, 3);
	CHECK_EQ(reader_left(&part), 0);
	CHECK_EQ(reader_peek(&part, 2), 'c');
	CHECK_EQ(reader_peek(&part, 3), -1);
	CHECK_EQ(reader_u8(&part), 0);
	CHECK(!reader_ok(&part));
	CHECK_EQ(reader_u8(&whole), 'd');
}

TEST("no bytes at all, at no address, are an ordinary reader")
{
	struct reader reader = reader_of(NULL, 0);
	struct slice line;
	size_t pos;

	CHECK(reader_ok(&reader));
	reader_skip(&reader, 0);
	reader_seek(&reader, 0);
	CHECK(reader_take(&reader, 0).failed == false);
	CHECK_EQ(reader_rest(&reader).len, 0);
	reader_bytes(&reader, NULL, 0);
	CHECK(reader_has(&reader, 0, (struct slice){ NULL, 0 }));
	CHECK(!reader_has(&reader, 0, slice_of("a")));
	CHECK_EQ(reader_peek(&reader, 0), -1);
	CHECK(!reader_find(&reader, 0, slice_of("a"), &pos));
	CHECK(!reader_find_last(&reader, 1, slice_of("a"), &pos));
	CHECK(!reader_line(&reader, &line));
	CHECK(reader_ok(&reader));
	CHECK_EQ(reader_u8(&reader), 0);
	CHECK(!reader_ok(&reader));
}

static void check_look(const struct reader *reader, size_t len, size_t pos)
{
	static const char text[] = "abcdefghi----------";

	CHECK_EQ(reader_peek(reader, pos), pos < len ? text[pos] : -1);
	for (size_t n = 0; n <= LEN_MAX; n++) {
		struct slice same = { (const uint8_t *)text + pos, n };
		CHECK_EQ(reader_has(reader, pos, same), pos + n <= len);
	}
	CHECK(!reader_has(reader, pos, slice_of("!")));
}

TEST("peek and has look at any place and change nothing")
{
	for (size_t len = 0; len <= LEN_MAX; len++) {
		struct guard guard = guard_copy("abcdefghi", len);
		struct reader reader = reader_of(guard.bytes, len);

		for (size_t pos = 0; pos <= LEN_MAX; pos++)
			check_look(&reader, len, pos);
		CHECK(reader_ok(&reader) && reader.pos == 0);
		guard_free(&guard);
	}
}

/* All texts of up to seven characters out of two, all patterns of up to three. */
TEST("a search finds the first place, or the last, and no place that is none")
{
	for (unsigned n = 0; n < 128 * 8 * 3 * 8; n++) {
		uint8_t text[7], pattern[3];
		size_t len = n / 128 % 8, pattern_len = n / 1024 % 3 + 1;

		for (size_t i = 0; i < 7; i++)
			text[i] = (uint8_t)('a' + (n >> i & 1));
		for (size_t i = 0; i < 3; i++)
			pattern[i] = (uint8_t)('a' + (n / 3072 >> i & 1));
		struct reader reader = reader_of(text, len);
		struct slice what = { pattern, pattern_len };
		for (size_t at = 0; at <= 8; at++) {
			size_t first = at, last = at, found = 99;
			while (first < len && !reader_has(&reader, first, what))
				first++;
			CHECK_EQ(reader_find(&reader, at, what, &found), first < len);
			CHECK_EQ(found, first < len ? first : 99);
			while (last > 0 && !reader_has(&reader, last - 1, what))
				last--;
			found = 99;
			CHECK_EQ(reader_find_last(&reader, at, what, &found), last > 0);
			CHECK_EQ(found, last > 0 ? last - 1 : 99);
		}
	}
}

TEST("lines end with LF or CRLF, and the last one may end with nothing")
{
	static const char text[] = "a\nbc\r\n\n\r\nd\re\r";
	static const char *const lines[] = { "a", "bc", "", "", "d\re" };
	struct reader reader = reader_of(text, sizeof(text) - 1);
	struct slice line;

	for (size_t i = 0; i < 5; i++) {
		REQUIRE(reader_line(&reader, &line));
		CHECK(slice_is(line, lines[i]));
	}
	CHECK(!reader_line(&reader, &line));
	CHECK(reader_ok(&reader));
}

/* All texts of up to six characters out of three: their lines put together are the text. */
TEST("no byte is lost or added between lines")
{
	for (unsigned n = 0; n < 729; n++) {
		for (size_t len = 0; len <= 6; len++) {
			char text[6];
			unsigned digits = n;
			struct slice line;
			size_t seen = 0;

			for (size_t i = 0; i < len; i++, digits /= 3)
				text[i] = "a\r\n"[digits % 3];
			struct guard guard = guard_copy(text, len);
			struct reader reader = reader_of(guard.bytes, len);
			while (reader_line(&reader, &line)) {
				CHECK(line.len == 0 ||
				      !memchr(line.base, '\n', line.len));
				CHECK(reader.pos > seen &&
				      reader.pos - seen - line.len <= 2);
				CHECK(line.base == guard.bytes + seen);
				seen = reader.pos;
			}
			CHECK_EQ(seen, len);
			guard_free(&guard);
		}
	}
}

TEST_MAIN()
