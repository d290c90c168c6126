/* SPDX-License-Identifier: Apache-2.0 */
#include "match/prefilter.h"

#include <stdlib.h>

#include "base/checked.h"
#include "gen.h"
#include "guard.h"
#include "segment_maker.h"
#include "test.h"

struct fixture {
	struct arena arena;
	struct segment_maker maker;
	struct tables tables;
	struct id_set candidates;
	struct prefilter prefilter;
};

static uint32_t add_rule(struct fixture *fixture, uint8_t target, const char *literal,
			 size_t len, bool fold)
{
	struct made_rule rule = { .target = target };
	uint32_t id = make_rule(&fixture->maker, &rule, NULL, 0);

	make_trigger(&fixture->maker, id, (struct slice){ (const uint8_t *)literal, len },
		     fold);
	return id;
}

static bool open_for(struct fixture *fixture, unsigned target)
{
	arena_init(&fixture->arena, 64 << 20);
	fixture->tables = make_tables(&fixture->maker);
	id_set_init(&fixture->candidates, &fixture->arena);
	return CHECK_EQ(prefilter_open(&fixture->prefilter, &fixture->tables, 1, target,
				       &fixture->candidates),
			STATUS_OK);
}

static void close_fixture(struct fixture *fixture)
{
	arena_clear(&fixture->arena);
	segment_maker_free(&fixture->maker);
}

static bool run(struct fixture *fixture, const void *text, size_t len)
{
	return CHECK_EQ(
		prefilter_run(&fixture->prefilter, (struct slice){ text, len }, 0, len),
		STATUS_OK);
}

/* Which of the rules 0 … 31 are candidates after these bytes alone? */
static unsigned candidates_in(struct fixture *fixture, const void *bytes, size_t len)
{
	struct guard text = guard_copy(bytes, len);
	unsigned found = 0;

	id_set_init(&fixture->candidates, &fixture->arena);
	id_set_init(&fixture->prefilter.done, &fixture->arena);
	run(fixture, text.bytes, len);
	for (size_t i = 0; i < fixture->candidates.count; i++)
		found |= 1U << fixture->candidates.ids[i];
	guard_free(&text);
	return found;
}

TEST("literals of every length are found, those without regard to case too")
{
	struct fixture fixture = { 0 };

	add_rule(&fixture, 0, "ab", 2, false);
	add_rule(&fixture, 0, "abc", 3, false);
	add_rule(&fixture, 0, "abcd", 4, false);
	add_rule(&fixture, 0, "hello world", 11, true);
	REQUIRE(open_for(&fixture, 0));
	CHECK_EQ(candidates_in(&fixture, "xxab", 4), 1);
	CHECK_EQ(candidates_in(&fixture, "abc", 3), 3);
	CHECK_EQ(candidates_in(&fixture, "abcd", 4), 7);
	CHECK_EQ(candidates_in(&fixture, "ABCD", 4), 0);
	CHECK_EQ(candidates_in(&fixture, "a", 1), 0);
	CHECK_EQ(candidates_in(&fixture, "", 0), 0);
	CHECK_EQ(candidates_in(&fixture, "HeLLo WoRLD", 11), 8);
	CHECK_EQ(candidates_in(&fixture, "HeLLo WoRL", 10), 0);
	/* Folding of other bytes than letters is for the gram alone. */
	CHECK_EQ(candidates_in(&fixture, "HeLLo\0WoRLD", 11), 0);
	close_fixture(&fixture);
}

TEST("only rules for the object's target are looked for")
{
	struct fixture fixture = { 0 };

	add_rule(&fixture, 1, "needle one", 10, false);
	add_rule(&fixture, 0, "needle any", 10, false);
	add_rule(&fixture, 6, "needle six", 10, false);
	REQUIRE(open_for(&fixture, 6));
	CHECK_EQ(candidates_in(&fixture, "needle one needle any needle six", 32), 6);
	close_fixture(&fixture);
}

TEST("a literal is found at every place, however the text is cut")
{
	struct fixture fixture = { 0 };
	struct gen gen = gen_start();
	uint8_t text[300];

	add_rule(&fixture, 0,
		 "the literal that is looked for, as long as it may be 64 bytes.", 62,
		 false);
	REQUIRE(open_for(&fixture, 0));
	for (size_t at = 0; at + 62 <= sizeof(text); at++) {
		size_t cut = gen_below(&gen, sizeof(text));

		memset(text, 'x', sizeof(text));
		memcpy(text + at,
		       "the literal that is looked for, as long as it may be 64 bytes.",
		       62);
		id_set_init(&fixture.candidates, &fixture.arena);
		id_set_init(&fixture.prefilter.done, &fixture.arena);
		struct slice all = { text, sizeof(text) };
		CHECK_EQ(prefilter_run(&fixture.prefilter, all, 0, cut), STATUS_OK);
		CHECK_EQ(prefilter_run(&fixture.prefilter, all, cut, sizeof(text)),
			 STATUS_OK);
		if (!CHECK_EQ(fixture.candidates.count, 1))
			break;
	}
	close_fixture(&fixture);
}

/* The text, looked at in two parts, which see nothing but what a pass would show them. */
static size_t found_in_parts(struct fixture *fixture, const uint8_t *bytes, size_t len,
			     size_t cut)
{
	size_t start = cut - min_size(cut, FILTER_LITERAL_MAX);
	size_t end = min_size(len, cut + FILTER_LITERAL_MAX);
	struct guard first = guard_copy(bytes, end);
	struct guard second = guard_copy(bytes + start, len - start);

	id_set_init(&fixture->candidates, &fixture->arena);
	id_set_init(&fixture->prefilter.done, &fixture->arena);
	CHECK_EQ(prefilter_run(&fixture->prefilter, (struct slice){ first.bytes, end }, 0,
			       cut),
		 STATUS_OK);
	CHECK_EQ(prefilter_run(&fixture->prefilter,
			       (struct slice){ second.bytes, len - start }, cut - start,
			       len - start),
		 STATUS_OK);
	guard_free(&first);
	guard_free(&second);
	return fixture->candidates.count;
}

/* One literal at every place of a text that it fits into. */
static bool is_found_everywhere(struct gen *gen, const struct probe_kernel *kernel,
				size_t literal_len)
{
	struct fixture fixture = { 0 };
	uint8_t literal[FILTER_LITERAL_MAX], text[180];
	bool ok = true;

	/* No letters: with regard to case and without it is the same. */
	for (size_t i = 0; i < literal_len; i++)
		literal[i] = (uint8_t)gen_u64(gen) | 0x80;
	add_rule(&fixture, 0, (const char *)literal, literal_len, gen_below(gen, 2));
	if (!open_for(&fixture, 0))
		return false;
	fixture.prefilter.kernel = kernel;
	for (size_t at = 0; at + literal_len <= sizeof(text) && ok; at++) {
		size_t cut = gen_below(gen, sizeof(text) + 1);

		gen_bytes(gen, text, sizeof(text));
		memcpy(text + at, literal, literal_len);
		ok = CHECK_EQ(found_in_parts(&fixture, text, sizeof(text), cut), 1);
	}
	close_fixture(&fixture);
	return ok;
}

TEST("literals of every length are found at every place, by every kernel")
{
	const struct probe_kernel *kernels[PROBE_KERNELS_MAX];
	size_t count = probe_kernels(kernels);
	struct gen gen = gen_start();

	for (size_t i = 0; i < count; i++)
		for (size_t len = FILTER_SHORT; len <= FILTER_LITERAL_MAX; len++)
			if (!is_found_everywhere(&gen, kernels[i], len))
				return;
}

TEST("in runs of one byte a literal is found at both ends and inside")
{
	struct fixture fixture = { 0 };
	static uint8_t text[5000];

	add_rule(&fixture, 0, "\0\0\0\0\0\0\0\0", 8, false);
	add_rule(&fixture, 0, "\0\0\0AB", 5, false);
	add_rule(&fixture, 0, "YZ\0\0\0", 5, false);
	REQUIRE(open_for(&fixture, 0));
	CHECK_EQ(candidates_in(&fixture, text, 7), 0);
	CHECK_EQ(candidates_in(&fixture, text, 8), 1);
	CHECK_EQ(candidates_in(&fixture, text, sizeof(text)), 1);
	for (size_t at = 3; at < 300; at++) {
		memset(text, 0, sizeof(text));
		memcpy(text + at, "ABCYZ", 5);
		if (!CHECK_EQ(candidates_in(&fixture, text, 400), 7))
			break;
	}
	close_fixture(&fixture);
}

TEST("a text full of one literal is compared once")
{
	struct fixture fixture = { 0 };
	static uint8_t text[100000];

	add_rule(&fixture, 0, "virus", 5, false);
	REQUIRE(open_for(&fixture, 0));
	for (size_t i = 0; i + 5 <= sizeof(text); i += 5)
		memcpy(text + i, "virus", 5);
	REQUIRE(run(&fixture, text, sizeof(text)));
	CHECK_EQ(fixture.candidates.count, 1);
	CHECK_EQ(fixture.prefilter.comparisons, 1);
	close_fixture(&fixture);
}

TEST("when comparisons get out of hand their result is taken for granted")
{
	struct fixture fixture = { 0 };
	static uint8_t text[400000];
	char literal[20];

	for (int i = 0; i < 500; i++) {
		snprintf(literal, sizeof(literal), "%03dabcd%03d", i, i);
		add_rule(&fixture, 0, literal, 10, false);
	}
	REQUIRE(open_for(&fixture, 0));
	for (size_t i = 0; i + 4 <= sizeof(text); i += 4)
		memcpy(text + i, "abcd", 4);
	REQUIRE(run(&fixture, text, sizeof(text)));
	CHECK_EQ(fixture.candidates.count, 500);
	CHECK(fixture.prefilter.comparisons < 2 * sizeof(text));
	close_fixture(&fixture);
}

/* Finds every planted literal of many in random bytes. */
static bool all_planted_are_found(struct gen *gen)
{
	enum { RULES = 300 };
	static uint8_t literals[RULES][FILTER_LITERAL_MAX];
	static uint8_t text[1 << 16];
	struct fixture fixture = { 0 };
	size_t lens[RULES];
	bool ok = true;

	for (size_t i = 0; i < RULES; i++) {
		lens[i] = 2 + gen_below(gen, FILTER_LITERAL_MAX - 1);
		gen_bytes(gen, literals[i], lens[i]);
		add_rule(&fixture, 0, (const char *)literals[i], lens[i], false);
	}
	if (!open_for(&fixture, 0))
		return false;
	gen_bytes(gen, text, sizeof(text));
	for (size_t i = 0; i < RULES; i += 2)
		memcpy(text + i * 200 + gen_below(gen, 100), literals[i], lens[i]);
	ok = run(&fixture, text, sizeof(text));
	for (size_t i = 0; i < RULES; i += 2)
		ok = ok && CHECK(id_set_has(&fixture.candidates, i));
	/* Short ones are in random bytes by chance. */
	for (size_t i = 1; i < RULES; i += 2)
		ok = ok &&
		     CHECK_EQ(id_set_has(&fixture.candidates, i),
			      memmem(text, sizeof(text), literals[i], lens[i]) != NULL);
	close_fixture(&fixture);
	return ok;
}

TEST("of many literals those in the text are found, and no others")
{
	struct gen gen = gen_start();

	for (int i = 0; i < 10; i++)
		if (!all_planted_are_found(&gen))
			return;
}

TEST_MAIN()
