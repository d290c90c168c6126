/* SPDX-License-Identifier: Apache-2.0 */
#include "match/pattern_find.h"

#include <stdlib.h>

#include "guard.h"
#include "match/pattern_verify.h"
#include "naive.h"
#include "patterns.h"
#include "test.h"

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

static struct budget steps_of(uint64_t steps)
{
	return budget_of(steps, (struct clock){ .now_ms = no_time }, 1);
}

static const struct pattern_range anywhere = { 0, UINT64_MAX };

/* A question, and how many steps may be taken; then, how many were. */
struct counting {
	struct slice bytes, list;
	struct pattern_range range;
	uint64_t want, steps;
};

static struct counting counting_of(const void *bytes, size_t len,
				   const struct bytes *list)
{
	return (struct counting){
		.bytes = { bytes, len },
		.list = { list->at, list->len },
		.range = anywhere,
		.want = UINT64_MAX,
		.steps = UINT64_C(1) << 40,
	};
}

static enum status count_in(struct counting *counting, uint64_t *ret_count)
{
	struct source source = source_of_memory(counting->bytes.base,
						counting->bytes.len);
	struct budget budget = steps_of(counting->steps);
	struct arena arena;
	struct text text;

	arena_init(&arena, 16 << 20);
	enum status status = text_open(&text, &source, &arena, TEXT_WINDOW_LEN_MIN);
	struct pattern_search search = {
		.text = &text,
		.budget = &budget,
		.arena = &arena,
	};
	if (status == STATUS_OK)
		status = pattern_count(&search, counting->list, counting->range,
				       counting->want, ret_count);
	arena_clear(&arena);
	counting->steps -= budget.steps;
	return status;
}

static uint64_t count_of(const struct bytes *program, const char *text)
{
	struct bytes list = list_of(program);
	struct counting counting = counting_of(text, strlen(text), &list);
	uint64_t count = UINT64_MAX;

	CHECK_EQ(count_in(&counting, &count), STATUS_OK);
	return count;
}

/* Parts of a text like "ab cd", with the same gap between them. */
static struct bytes program_of(const char *parts, uint32_t min, uint32_t max)
{
	struct bytes program = { 0 };

	for (const char *part = parts; *part; part += strspn(part, " ")) {
		size_t len = strcspn(part, " ");
		if (part != parts)
			put_gap(&program, min, max);
		put_lit(&program, PATTERN_LIT, part, len);
		part += len;
	}
	return program;
}

/* What clamscan 1.4.6 counts of the same, but for the last (see below). */
TEST("counted are the places of the last part")
{
	static const struct {
		const char *parts;
		uint32_t min, max;
		const char *text;
		uint64_t count;
	} cases[] = {
		{ "abcd efgh", 0, PATTERN_GAP_NO_END, "abcd.abcd.efgh.efgh.efgh", 3 },
		{ "abcd efgh", 0, PATTERN_GAP_NO_END, "efgh.abcd.abcd.efgh", 1 },
		{ "abcd efgh", 0, PATTERN_GAP_NO_END, "abcd.efgh.abcd.efgh", 2 },
		{ "abcd efgh", 0, 5, "abcd.abcd.efgh.efgh.efgh", 1 },
		{ "abcd efgh", 0, 9, "abcd.abcd.efgh.efgh.efgh", 2 },
		{ "abcd efgh", 3, PATTERN_GAP_NO_END, "abcd.efgh.efgh.efgh", 2 },
		{ "abcd efgh ijkl", 0, PATTERN_GAP_NO_END,
		  "abcd.efgh.efgh.ijkl.ijkl.abcd.ijkl.efgh.ijkl", 4 },
		{ "abcd efgh ijkl", 0, 3, "abcd.efgh.ijkl.abcd.efgh.ijkl.abcd", 2 },
		{ "abcd efgh ijkl", 0, 20, "abcd.abcd.efgh.efgh.ijkl.ijkl.ijkl", 3 },
		{ "aa bb", 0, PATTERN_GAP_NO_END, "aaabbb", 2 },
		{ "aa aa", 0, PATTERN_GAP_NO_END, "aaaaaa", 3 },
		{ "aa aa", 0, 1, "aaaaaaaa", 5 },
		{ "abcd efgh", 5, 30, "abcd..........abcd.efgh......efgh", 2 },
		{ "ab cd", 0, PATTERN_GAP_NO_END, "cd.cd.ab", 0 },
		{ "ab cd", 0, PATTERN_GAP_NO_END, "", 0 },
		{ "ab", 0, 0, "ab.abab", 3 },
		{ "abcd efgh", 28, 30, "abcdabcdabcdabcdabcdabcdabcdabcdabcdefgh", 1 },
		/* clamscan remembers eight places of a part in front of such a gap. */
		{ "abcd efgh", 32, 40,
		  "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdefgh", 1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes program = program_of(cases[i].parts, cases[i].min,
						  cases[i].max);
		CHECK_EQ(count_of(&program, cases[i].text), cases[i].count);
	}
}

TEST("no more are counted than are wanted, and only those of starts in the range")
{
	static const struct {
		struct pattern_range range;
		uint64_t want, count;
	} cases[] = {
		{ { 0, UINT64_MAX }, 2, 2 }, { { 1, 8 }, 9, 2 },   { { 1, 7 }, 9, 0 },
		{ { 0, 0 }, 9, 1 },          { { 99, 99 }, 9, 0 }, { { 8, 7 }, 9, 0 },
	};
	static const char text[] = "ab.cd...ab.cd.cd";
	struct bytes program = program_of("ab cd", 1, 4);
	struct bytes list = list_of(&program);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct counting counting = counting_of(text, strlen(text), &list);
		uint64_t count = UINT64_MAX;

		counting.range = cases[i].range;
		counting.want = cases[i].want;
		CHECK_EQ(count_in(&counting, &count), STATUS_OK);
		CHECK_EQ(count, cases[i].count);
	}
}

TEST("a place of two programs counts once")
{
	struct bytes one = program_of("ab cd", 0, PATTERN_GAP_NO_END);
	struct bytes two = program_of("xy cd", 0, PATTERN_GAP_NO_END);
	struct bytes list = { 0 };
	uint64_t count = 0;

	put(&list, 2, 2);
	put(&list, one.len, 4);
	put_bytes(&list, one.at, one.len);
	put(&list, two.len, 4);
	put_bytes(&list, two.at, two.len);
	struct counting counting = counting_of("ab.cd.xy.cd.cd", 14, &list);
	CHECK_EQ(count_in(&counting, &count), STATUS_OK);
	CHECK_EQ(count, 3);
}

TEST("a list of programs has a gap if one of them has")
{
	struct bytes one = program_of("ab", 0, 0);
	struct bytes two = program_of("ab cd", 0, PATTERN_GAP_NO_END);
	struct bytes list = { 0 };

	put(&list, 2, 2);
	put(&list, one.len, 4);
	put_bytes(&list, one.at, one.len);
	size_t short_len = list.len;
	put(&list, two.len, 4);
	put_bytes(&list, two.at, two.len);
	CHECK(pattern_has_gap((struct slice){ list.at, list.len }));
	CHECK(!pattern_has_gap((struct slice){ list.at, short_len }));
	CHECK(!pattern_has_gap((struct slice){ list.at, 0 }));
}

/* One random case. False, and it is shown, if the two ways differ. */
static bool same_as_naive(struct gen *gen)
{
	static bool places[NAIVE_TEXT_MAX + 1];
	static struct bytes program;
	struct guard guard = guard_new(gen_below(gen, 60));
	struct naive_text text = { guard.bytes, guard.len };
	struct pattern_range range = anywhere;
	uint64_t want = 0;
	uint64_t got = UINT64_MAX;

	gen_text(gen, guard.bytes, guard.len);
	gen_program(gen, &program);
	if (gen_below(gen, 4) == 0) {
		range.first = gen_below(gen, 20);
		range.last = range.first + gen_below(gen, 20);
	}
	naive_last_places(&text, (struct slice){ program.at, program.len },
			  (struct naive_range){ (size_t)range.first, (size_t)range.last },
			  places);
	for (size_t at = 0; at <= text.len; at++)
		want += places[at];
	struct bytes list = list_of(&program);
	struct counting counting = counting_of(guard.bytes, guard.len, &list);
	counting.range = range;
	enum status status = count_in(&counting, &got);
	bool same = status == STATUS_OK && got == want;
	if (!same) {
		printf("# %s: got %" PRIu64 ", want %" PRIu64 ", from %" PRIu64
		       " to %" PRIu64 "; text and program:\n",
		       status_name(status), got, want, range.first, range.last);
		gen_show(text.bytes, text.len);
		gen_show(program.at, program.len);
	}
	guard_free(&guard);
	return same;
}

TEST("random patterns in random texts have the count that trying everything has")
{
	struct gen gen = gen_start();

	for (int i = 0; i < 8000; i++)
		if (!CHECK(same_as_naive(&gen)))
			return;
}

static uint64_t steps_for(const struct bytes *program, size_t len)
{
	uint8_t *bytes = malloc(len);
	struct bytes list = list_of(program);
	struct counting counting = counting_of(bytes, len, &list);
	uint64_t count = 0;

	memset(bytes, 'a', len);
	CHECK_EQ(count_in(&counting, &count), STATUS_OK);
	CHECK(count > len / 2);
	free(bytes);
	return counting.steps;
}

TEST("work grows with the text, not with the ways through the gaps")
{
	struct bytes program = program_of_many_ways("aa");
	uint64_t small = steps_for(&program, 1000);
	uint64_t large = steps_for(&program, 100000);
	CHECK(large < 150 * small);
	CHECK(large < 100 * 100000);
}

TEST("without steps nothing is known, and that is told")
{
	static const uint8_t bytes[4096];
	struct bytes program = { 0 };
	uint64_t count;

	put_lit(&program, PATTERN_LIT, "\0\0", 2);
	put_gap(&program, 0, 9);
	put_lit(&program, PATTERN_LIT, "\0\0", 2);
	struct bytes list = list_of(&program);
	struct counting counting = counting_of(bytes, sizeof(bytes), &list);
	counting.steps = 100;
	CHECK_EQ(count_in(&counting, &count), STATUS_LIMIT);
}

/* An alternative of 0 … n bytes, each of them any. */
static void put_lengths(struct bytes *program, unsigned n)
{
	put(program, PATTERN_ALT, 1);
	put(program, 0, 1);
	put(program, n, 2);
	for (unsigned i = 1; i <= n; i++) {
		put(program, 5, 2);
		put(program, PATTERN_SKIP, 1);
		put(program, i, 4);
	}
}

TEST("more ends than can be kept are told as too complex")
{
	enum { LEN = 4096 };
	static uint8_t bytes[LEN];
	static struct bytes program;
	uint64_t count = 0;

	memset(bytes, 'a', sizeof(bytes));
	put_lit(&program, PATTERN_LIT, "aa", 2);
	put_lengths(&program, 800);
	put_gap(&program, 0, 7);
	put_lit(&program, PATTERN_LIT, "aa", 2);
	struct bytes list = list_of(&program);
	struct counting counting = counting_of(bytes, LEN, &list);
	CHECK_EQ(count_in(&counting, &count), STATUS_OK);
	CHECK_EQ(count, LEN - 1 - 3);

	program.len = 0;
	put_lit(&program, PATTERN_LIT, "aa", 2);
	put_lengths(&program, 800);
	put_lengths(&program, 300);
	put_gap(&program, 0, 7);
	put_lit(&program, PATTERN_LIT, "aa", 2);
	list = list_of(&program);
	counting = counting_of(bytes, LEN, &list);
	CHECK_EQ(count_in(&counting, &count), STATUS_LIMIT);
}

TEST_MAIN()
