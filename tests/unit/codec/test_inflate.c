/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/inflate.h"

#include <stdlib.h>

#include "deflated.h"
#include "gen.h"
#include "guard.h"
#include "prefix.h"
#include "test.h"

enum { BUDGET = 1 << 20, OUT_MAX = 1 << 18 };

static uint8_t result[OUT_MAX];

struct run {
	enum status status;
	size_t used, made;
};

/* Decodes with windows of these sizes, each of which ends at a page nobody may touch. */
static struct run decode(void *state, const uint8_t *in, size_t in_len, size_t in_step,
			 size_t out_step)
{
	struct run run = { 0 };
	struct guard out = guard_new(out_step);

	while (run.status == STATUS_OK && run.made < OUT_MAX - out_step) {
		size_t n = in_len - run.used < in_step ? in_len - run.used : in_step;
		struct guard part = guard_copy(in + run.used, n);
		struct codec_io io = {
			.in = part.bytes,
			.in_len = n,
			.in_ends = run.used + n == in_len,
			.out = out.bytes,
			.out_len = out_step,
		};
		run.status = inflate_codec.step(state, &io);
		memcpy(result + run.made, out.bytes, io.out_pos);
		run.used += io.in_pos;
		run.made += io.out_pos;
		guard_free(&part);
	}
	guard_free(&out);
	return run;
}

static void *new_state(struct arena *arena)
{
	void *state = NULL;

	arena_init(arena, BUDGET);
	CHECK_EQ(inflate_codec.init(arena, NULL, &state), STATUS_OK);
	return state;
}

TEST("pieces of any size give what the whole gives")
{
	struct deflated sample = deflated_sample(1000);
	struct arena arena;
	void *state = new_state(&arena);

	for (size_t in_step = 1; in_step < 2000; in_step = in_step * 2 + 1) {
		for (size_t out_step = 1; out_step < 2000; out_step = out_step * 3 + 1) {
			struct run run = decode(state, sample.packed, sample.packed_len,
						in_step, out_step);
			CHECK_EQ(run.status, STATUS_END);
			CHECK_EQ(run.used, sample.packed_len);
			REQUIRE(run.made == sample.plain_len);
			CHECK_MEM(result, sample.plain, run.made);
			CHECK_EQ(inflate_codec.reset(state), STATUS_OK);
		}
	}
	arena_clear(&arena);
	deflated_free(&sample);
}

TEST("it stops at the first byte behind the data")
{
	struct deflated sample = deflated_sample(500);
	uint8_t *longer = calloc(1, sample.packed_len + 100);
	struct arena arena;
	void *state = new_state(&arena);

	REQUIRE(longer);
	memcpy(longer, sample.packed, sample.packed_len);
	struct run run = decode(state, longer, sample.packed_len + 100, SIZE_MAX, 1000);
	CHECK_EQ(run.status, STATUS_END);
	CHECK_EQ(run.used, sample.packed_len);
	arena_clear(&arena);
	free(longer);
	deflated_free(&sample);
}

TEST("cut anywhere, it gives what was there and says truncated")
{
	struct deflated sample = deflated_sample(2000);
	struct arena arena;
	void *state = new_state(&arena);
	size_t made = 0;

	for (size_t len = 0; len < sample.packed_len; len += 7) {
		struct run run = decode(state, sample.packed, len, 64, 100);
		CHECK_EQ(run.status, STATUS_TRUNCATED);
		CHECK(run.made >= made);
		CHECK_MEM(result, sample.plain, run.made);
		made = run.made;
		CHECK_EQ(inflate_codec.reset(state), STATUS_OK);
	}
	CHECK(made > 1000);
	arena_clear(&arena);
	deflated_free(&sample);
}

TEST("bytes that make no sense are malformed, and what came before them counts")
{
	/* A stored block of "ok", then a block of the type that does not exist. */
	static const uint8_t reserved[] = { 0x00, 2, 0, 0xfd, 0xff, 'o', 'k', 0x07 };
	/* A match that begins before the data does. */
	static const uint8_t too_far[] = { 0x63, 0x00, 0x42, 0x00 };
	struct arena arena;
	void *state = new_state(&arena);

	struct run run = decode(state, reserved, sizeof(reserved), SIZE_MAX, 100);
	CHECK_EQ(run.status, STATUS_MALFORMED);
	CHECK_EQ(run.made, 2);
	CHECK_MEM(result, "ok", 2);
	CHECK_EQ(inflate_codec.reset(state), STATUS_OK);
	run = decode(state, too_far, sizeof(too_far), SIZE_MAX, 100);
	CHECK_EQ(run.status, STATUS_MALFORMED);
	arena_clear(&arena);
}

TEST("random bytes never do harm")
{
	struct gen gen = gen_start();
	struct arena arena;
	void *state = new_state(&arena);
	uint8_t bytes[64];

	for (int round = 0; round < 1000; round++) {
		gen_bytes(&gen, bytes, sizeof(bytes));
		struct run run = decode(state, bytes, gen_below(&gen, sizeof(bytes)), 16,
					64);
		CHECK(run.status != STATUS_OK || run.made >= OUT_MAX - 64);
		CHECK(run.status != STATUS_NO_MEMORY);
		CHECK_EQ(inflate_codec.reset(state), STATUS_OK);
	}
	arena_clear(&arena);
}

TEST("headers are read where they are asked for")
{
	static const uint8_t packed[] = { 0x78, 0x9c, 0xcb, 0xc8, 0x04,
					  0x00, 0x01, 0x3b, 0x00, 0xd2 };
	static const struct {
		int window_bits;
		enum status init, status;
	} rows[] = {
		{ 15, STATUS_OK, STATUS_END },
		{ 15 + 32, STATUS_OK, STATUS_END },
		{ 15 + 16, STATUS_OK, STATUS_MALFORMED },
		{ -15, STATUS_OK, STATUS_MALFORMED },
		{ 7, STATUS_UNSUPPORTED, STATUS_OK },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena arena;
		void *state;

		arena_init(&arena, 1 << 20);
		CHECK_EQ(inflate_codec.init(&arena, &rows[i].window_bits, &state),
			 rows[i].init);
		if (rows[i].init == STATUS_OK) {
			struct run run = decode(state, packed, sizeof(packed), SIZE_MAX,
						100);
			CHECK_EQ(run.status, rows[i].status);
			if (run.status == STATUS_END)
				CHECK_MEM(result, "hi", 2);
		}
		arena_clear(&arena);
	}
}

TEST("all memory is taken at the start, whatever the budget")
{
	struct deflated sample = deflated_sample(100000);
	size_t smallest = 0;

	for (size_t budget = 0; smallest == 0; budget += 1024) {
		struct arena arena;
		void *state;

		arena_init(&arena, budget);
		enum status status = inflate_codec.init(&arena, NULL, &state);
		CHECK(status == STATUS_OK || status == STATUS_NO_MEMORY);
		if (status == STATUS_OK) {
			size_t left = arena_left(&arena);
			struct run run = decode(state, sample.packed, sample.packed_len,
						999, 999);
			CHECK_EQ(run.status, STATUS_END);
			CHECK_EQ(run.made, sample.plain_len);
			CHECK_EQ(arena_left(&arena), left);
			smallest = budget;
		}
		arena_clear(&arena);
	}
	CHECK(smallest > 32 * 1024 && smallest < 100 * 1024);
	deflated_free(&sample);
}

TEST_MAIN()
