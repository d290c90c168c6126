/* SPDX-License-Identifier: Apache-2.0 */
/* What expressions mean is tested in test_ere_compile.c. */
#include "match/ere.h"

#include "gen.h"
#include "guard.h"
#include "test.h"

/* (a|b)*[c] with one set. */
static const uint8_t program[] = {
	7,         0,   1, 0, 0, 0, 0, 0, /* seven states, one set */
	ERE_SPLIT, 0,   1, 0, 5, 0,       /* */
	ERE_SPLIT, 0,   2, 0, 4, 0,       /* */
	ERE_BYTE,  'a', 0, 0, 0, 0,       /* */
	ERE_JUMP,  0,   0, 0, 0, 0,       /* */
	ERE_BYTE,  'b', 0, 0, 0, 0,       /* */
	ERE_SET,   0,   0, 0, 0, 0,       /* */
	ERE_MATCH, 0,   0, 0, 0, 0,       /* */
	0,         0,   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, /* the set: c */
	0,         0,   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};

static enum status open_one(const void *bytes, size_t len, struct arena *arena,
			    struct ere *out)
{
	return ere_open((struct slice){ bytes, len }, arena, out);
}

TEST("a search costs a step for each byte and state, and stops when there are none")
{
	struct arena arena;
	struct ere ere;
	uint64_t steps = 28;
	bool matches;

	arena_init(&arena, 1 << 20);
	REQUIRE(open_one(program, sizeof(program), &arena, &ere) == STATUS_OK);
	CHECK_EQ(ere_search(&ere, slice_of("abc"), &steps, &matches), STATUS_OK);
	CHECK(matches);
	CHECK_EQ(steps, 0);
	steps = 27;
	CHECK_EQ(ere_search(&ere, slice_of("abc"), &steps, &matches), STATUS_LIMIT);
	CHECK(!matches);
	CHECK_EQ(steps, 0);
	arena_clear(&arena);
}

TEST("without its literal nothing is run")
{
	/* Two states, a literal of one byte. */
	static const uint8_t bytes[] = {
		2, 0, 0, 0,         ERE_FOLD, 0, 1, 0, ERE_BYTE, 'a', 0,
		0, 0, 0, ERE_MATCH, 0,        0, 0, 0, 0,        'a',
	};
	struct arena arena;
	struct ere ere;
	uint64_t steps = 100;
	bool matches;

	arena_init(&arena, 1 << 20);
	REQUIRE(open_one(bytes, sizeof(bytes), &arena, &ere) == STATUS_OK);
	CHECK_EQ(ere_search(&ere, slice_of("xyz"), &steps, &matches), STATUS_OK);
	CHECK(!matches);
	CHECK_EQ(steps, 100);
	CHECK_EQ(ere_search(&ere, slice_of("xA"), &steps, &matches), STATUS_OK);
	CHECK(matches);
	CHECK_EQ(steps, 94);
	arena_clear(&arena);
}

TEST("every beginning of a program is refused")
{
	struct arena arena;
	struct ere ere;

	arena_init(&arena, 1 << 20);
	for (size_t len = 0; len < sizeof(program); len++) {
		struct guard guard = guard_copy(program, len);

		CHECK_EQ(open_one(guard.bytes, len, &arena, &ere), STATUS_MALFORMED);
		guard_free(&guard);
	}
	arena_clear(&arena);
}

TEST("a damaged program stays in its states and in its text")
{
	struct gen gen = gen_start();
	struct guard text = guard_copy("abbababaabbbx", 13);
	struct guard damaged = guard_copy(program, sizeof(program));
	unsigned opened = 0;

	for (int i = 0; i < 20000; i++) {
		struct arena arena;
		struct ere ere;
		uint64_t steps = 1 << 20;
		bool matches;

		memcpy(damaged.bytes, program, sizeof(program));
		for (size_t k = 1 + gen_below(&gen, 3); k > 0; k--)
			damaged.bytes[gen_below(&gen, damaged.len)] = (uint8_t)gen_below(
				&gen, gen_below(&gen, 2) ? 8 : 256);
		arena_init(&arena, 1 << 20);
		if (open_one(damaged.bytes, damaged.len, &arena, &ere) == STATUS_OK) {
			opened++;
			CHECK_EQ(ere_search(&ere, (struct slice){ text.bytes, text.len },
					    &steps, &matches),
				 STATUS_OK);
		}
		arena_clear(&arena);
	}
	CHECK(opened > 1000);
	guard_free(&text);
	guard_free(&damaged);
}

TEST_MAIN()
