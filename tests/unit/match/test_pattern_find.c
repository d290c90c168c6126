/* SPDX-License-Identifier: Apache-2.0 */
#include "match/pattern_find.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guard.h"
#include "naive.h"
#include "patterns.h"
#include "test.h"

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

static struct budget plenty(void)
{
	return budget_of(UINT64_C(1) << 40, (struct clock){ .now_ms = no_time }, 1);
}

/* All matches of the list of programs in the source. */
static enum status find_all(const struct source *source, const struct bytes *list,
			    struct pattern_range range, uint64_t want,
			    struct pattern_matches *out)
{
	struct arena arena;
	struct text text;
	struct budget budget = plenty();

	arena_init(&arena, 16 << 20);
	enum status status = text_open(&text, source, &arena, TEXT_WINDOW_LEN_MIN);
	struct pattern_search search = { .text = &text,
					 .budget = &budget,
					 .arena = &arena };
	if (status == STATUS_OK)
		status = pattern_find(&search, (struct slice){ list->at, list->len },
				      range, want, out);
	arena_clear(&arena);
	return status;
}

/* The starts of one program in some bytes, as the text of a test: "0 4+3" … */
static const char *starts_of(const struct bytes *program, const char *text, size_t len)
{
	static char out[256];
	struct source source = source_of_memory(text, len);
	struct bytes list = list_of(program);
	struct pattern_matches found;
	uint64_t first = 0;
	size_t used = 0;

	out[0] = '\0';
	while (find_all(&source, &list, (struct pattern_range){ first, UINT64_MAX }, 1,
			&found) == STATUS_OK &&
	       found.count == 1) {
		used += (size_t)snprintf(out + used, sizeof(out) - used,
					 "%s%" PRIu64 "+%" PRIu64, used ? " " : "",
					 found.offset, found.len);
		first = found.offset + 1;
	}
	return out;
}

TEST("a byte nearby has to be there, and is no part of the match")
{
	struct bytes before = { 0 }, behind = { 0 };
	static const uint8_t x_before[] = { PATTERN_NEAR, PATTERN_NEAR_BEFORE, 1, 2, 'x',
					    0xff };
	static const uint8_t x_behind[] = { PATTERN_NEAR, 0, 1, 2, 'x', 0xff };

	for (size_t i = 0; i < sizeof(x_before); i++)
		put(&before, x_before[i], 1);
	put_lit(&before, PATTERN_LIT, "ab", 2);
	put_lit(&behind, PATTERN_LIT, "ab", 2);
	for (size_t i = 0; i < sizeof(x_behind); i++)
		put(&behind, x_behind[i], 1);

	CHECK_STR(starts_of(&before, "x.ab", 4), "2+2");
	CHECK_STR(starts_of(&before, "x..ab", 5), "3+2");
	CHECK_STR(starts_of(&before, "xab", 3), "");
	CHECK_STR(starts_of(&before, "x...ab", 6), "");
	CHECK_STR(starts_of(&before, "ab", 2), "");
	CHECK_STR(starts_of(&behind, "ab.x", 4), "0+2");
	CHECK_STR(starts_of(&behind, "ab..x", 5), "0+2");
	CHECK_STR(starts_of(&behind, "abx", 3), "");
	CHECK_STR(starts_of(&behind, "ab...x", 6), "");
	CHECK_STR(starts_of(&behind, "ab", 2), "");
}

TEST("a literal is found at every place, overlapping too")
{
	struct bytes program = { 0 };

	put_lit(&program, PATTERN_LIT, "aa", 2);
	CHECK_STR(starts_of(&program, "aaaa", 4), "0+2 1+2 2+2");
	CHECK_STR(starts_of(&program, "baab", 4), "1+2");
	CHECK_STR(starts_of(&program, "a", 1), "");
	CHECK_STR(starts_of(&program, "", 0), "");
}

TEST("a gap takes the nearest place that works")
{
	struct bytes program = { 0 };

	put_lit(&program, PATTERN_LIT, "ab", 2);
	put_gap(&program, 1, 3);
	put_lit(&program, PATTERN_LIT, "cd", 2);
	CHECK_STR(starts_of(&program, "ab.cd..cd", 9), "0+5");
	CHECK_STR(starts_of(&program, "abcd...cd", 9), "");
	CHECK_STR(starts_of(&program, "abab..cd", 8), "2+6");
}

TEST("a gap without end reaches to the end, and starts are counted, not ways")
{
	struct bytes program = { 0 };

	put_lit(&program, PATTERN_LIT, "x", 1);
	put_gap(&program, 0, PATTERN_GAP_NO_END);
	put_lit(&program, PATTERN_LIT, "y", 1);
	CHECK_STR(starts_of(&program, "xyxyy", 5), "0+2 2+2");
}

TEST("alternatives of any length are all followed")
{
	struct bytes program = { 0 };
	struct bytes shorter = { 0 };
	struct bytes longer = { 0 };

	put_lit(&shorter, PATTERN_LIT, "b", 1);
	put_lit(&longer, PATTERN_LIT, "bbb", 3);
	put_lit(&program, PATTERN_LIT, "a", 1);
	put(&program, PATTERN_ALT, 1);
	put(&program, 0, 1);
	put(&program, 2, 2);
	put(&program, longer.len, 2);
	put_bytes(&program, longer.at, longer.len);
	put(&program, shorter.len, 2);
	put_bytes(&program, shorter.at, shorter.len);
	put_lit(&program, PATTERN_LIT, "c", 1);
	CHECK_STR(starts_of(&program, "abbbc", 5), "0+5");
	CHECK_STR(starts_of(&program, "abc", 3), "0+3");
	CHECK_STR(starts_of(&program, "abbc", 4), "");
}

TEST("the example of docs/formats/pattern.md is what it says")
{
	static const uint8_t example[] = {
		0x01, 0x02, 0x00, 0x64, 0x61, 0x05, 0x02, 0x00, 0x00, 0x00, 0xff, 0xff,
		0xff, 0xff, 0x06, 0x00, 0x02, 0x00, 0x04, 0x00, 0x01, 0x01, 0x00, 0x62,
		0x05, 0x00, 0x01, 0x02, 0x00, 0x63, 0x63, 0x01, 0x01, 0x00, 0x65,
	};
	struct bytes program = { 0 };

	put_bytes(&program, example, sizeof(example));
	CHECK_STR(starts_of(&program, "da..be da.cce", 13), "0+6");
	CHECK_STR(starts_of(&program, "dabe dace", 9), "");
}

TEST("marks at the ends look and marks in the middle consume")
{
	struct bytes ends = { 0 };
	struct bytes middle = { 0 };

	put_mark(&ends, 'B', PATTERN_MARK_BEFORE);
	put_lit(&ends, PATTERN_LIT, "ab", 2);
	put_mark(&ends, 'L', PATTERN_MARK_AFTER);
	CHECK_STR(starts_of(&ends, "ab", 2), "0+2");
	CHECK_STR(starts_of(&ends, " ab\r\n", 5), "1+2");
	CHECK_STR(starts_of(&ends, " ab\r", 4), "");
	CHECK_STR(starts_of(&ends, "xab", 3), "");

	put_lit(&middle, PATTERN_LIT, "a", 1);
	put_mark(&middle, 'L', 0);
	put_lit(&middle, PATTERN_LIT, "b", 1);
	CHECK_STR(starts_of(&middle, "a\nb a\r\nb a\rb", 13), "0+3 4+4");
}

TEST("matches start inside the range that is allowed")
{
	struct source source = source_of_memory("aaaaaaaa", 8);
	struct bytes program = { 0 };
	struct pattern_matches found;

	put_lit(&program, PATTERN_LIT, "aa", 2);
	struct bytes list = list_of(&program);
	REQUIRE(find_all(&source, &list, (struct pattern_range){ 2, 4 }, UINT64_MAX,
			 &found) == STATUS_OK);
	CHECK_EQ(found.count, 3);
	CHECK_EQ(found.offset, 2);
	REQUIRE(find_all(&source, &list, (struct pattern_range){ 7, 100 }, UINT64_MAX,
			 &found) == STATUS_OK);
	CHECK_EQ(found.count, 0);
	REQUIRE(find_all(&source, &list, (struct pattern_range){ 5, 4 }, UINT64_MAX,
			 &found) == STATUS_OK);
	CHECK_EQ(found.count, 0);
}

TEST("a start at which two programs match counts once")
{
	struct source source = source_of_memory("abcab", 5);
	struct bytes one = { 0 };
	struct bytes two = { 0 };
	struct pattern_matches found;

	put_lit(&one, PATTERN_LIT, "abc", 3);
	put_lit(&two, PATTERN_LIT, "ab", 2);
	struct bytes list = list_of_two(&one, &two);
	REQUIRE(find_all(&source, &list, (struct pattern_range){ 0, UINT64_MAX },
			 UINT64_MAX, &found) == STATUS_OK);
	CHECK_EQ(found.count, 2);
	CHECK_EQ(found.len, 2);
}

/* What the plain way finds of all programs of a list, in the same words. */
static void naive_all(const struct naive_text *text, const struct bytes *programs,
		      size_t count, struct pattern_range range,
		      struct pattern_matches *out)
{
	*out = (struct pattern_matches){ 0 };
	for (size_t at = 0; at <= text->len; at++) {
		size_t best = SIZE_MAX;

		if (at < range.first || at > range.last)
			continue;
		for (size_t i = 0; i < count; i++) {
			size_t end;
			if (naive_matches(text, programs[i].at, programs[i].len, at,
					  &end) &&
			    end - at < best)
				best = end - at;
		}
		if (best == SIZE_MAX)
			continue;
		if (out->count++ == 0) {
			out->offset = at;
			out->len = best;
		}
	}
}

static void show_case(const struct naive_text *text, const struct bytes *list)
{
	printf("# text and list of programs:\n");
	gen_show(text->bytes, text->len);
	gen_show(list->at, list->len);
}

/* One random case. False, and it is shown, if the two ways differ. */
static bool same_as_naive(struct gen *gen)
{
	struct guard guard = guard_new(gen_below(gen, 40));
	struct naive_text text = { guard.bytes, guard.len };
	struct source source = source_of_memory(guard.bytes, guard.len);
	struct pattern_range range = { 0, UINT64_MAX };
	struct pattern_matches want;
	struct pattern_matches got = { 0 };
	static struct bytes programs[2];
	static struct bytes list;
	size_t count = 1 + (gen_below(gen, 8) == 0);

	gen_text(gen, guard.bytes, guard.len);
	if (gen_below(gen, 4) == 0) {
		range.first = gen_below(gen, 20);
		range.last = range.first + gen_below(gen, 20);
	}
	list.len = 0;
	put(&list, count, 2);
	for (size_t i = 0; i < count; i++) {
		gen_program(gen, &programs[i]);
		put_program(&list, &programs[i]);
	}
	naive_all(&text, programs, count, range, &want);
	enum status status = find_all(&source, &list, range, UINT64_MAX, &got);
	bool same = status == STATUS_OK && got.count == want.count &&
		    got.offset == want.offset && got.len == want.len;
	if (!same) {
		show_case(&text, &list);
		printf("# %s: got %" PRIu64 " from %" PRIu64 "+%" PRIu64 ", want %" PRIu64
		       " from %" PRIu64 "+%" PRIu64 "\n",
		       status_name(status), got.count, got.offset, got.len, want.count,
		       want.offset, want.len);
	}
	guard_free(&guard);
	return same;
}

TEST("random patterns in random texts match where trying everything says")
{
	struct gen gen = gen_start();

	for (int i = 0; i < 30000; i++)
		if (!CHECK(same_as_naive(&gen)))
			return;
}

/* A descriptor with these bytes, which stays until the process ends. */
static int file_of(const uint8_t *bytes, size_t len)
{
	int fd = memfd_create("text", MFD_CLOEXEC);

	if (fd < 0 || pwrite(fd, bytes, len, 0) != (ssize_t)len) {
		perror("memfd");
		exit(1);
	}
	return fd;
}

/* A program of literals out of the text, so that it matches, across windows too. */
static void gen_program_of(struct gen *gen, const uint8_t *text, size_t len,
			   struct bytes *out)
{
	size_t at = gen_below(gen, len);
	size_t parts = 1 + gen_below(gen, 3);

	out->len = 0;
	for (size_t i = 0; i < parts; i++) {
		size_t size = 1 + gen_below(gen, 90);

		if (size > len - at)
			size = len - at;
		if (size == 0)
			break;
		if (i > 0)
			put_gap(out, 0, gen_below(gen, 2) ? PATTERN_GAP_NO_END : 300);
		put_lit(out, PATTERN_LIT, (const char *)text + at, size);
		at += size + gen_below(gen, 200);
		if (at >= len)
			break;
	}
}

TEST("windows make no difference, wherever their borders are")
{
	struct gen gen = gen_start();
	static uint8_t bytes[3000];
	static struct bytes program;

	for (int i = 0; i < 300; i++) {
		size_t len = 200 + gen_below(&gen, 2800);
		gen_text(&gen, bytes, len);
		struct source memory = source_of_memory(bytes, len);
		int fd = file_of(bytes, len);
		struct source file = source_of_fd(fd, len, NULL, 0);
		struct pattern_matches want = { 0 };
		struct pattern_matches got = { 0 };
		struct pattern_range range = { 0, UINT64_MAX };

		if (i % 2)
			gen_program(&gen, &program);
		else
			gen_program_of(&gen, bytes, len, &program);
		struct bytes list = list_of(&program);
		CHECK_EQ(find_all(&memory, &list, range, UINT64_MAX, &want), STATUS_OK);
		CHECK_EQ(find_all(&file, &list, range, UINT64_MAX, &got), STATUS_OK);
		CHECK(i % 2 || want.count > 0);
		if (!CHECK(got.count == want.count && got.offset == want.offset &&
			   got.len == want.len))
			return;
		close(fd);
	}
}

TEST("in a sparse file only data is searched, and borders of holes are")
{
	enum { SIZE = 1 << 20 };
	static uint8_t bytes[SIZE];
	struct extent extents[] = { { 4096, 4096 }, { 512 * 1024, 4096 } };
	struct bytes program = { 0 };
	struct pattern_matches found;

	memset(bytes + 4096, 'a', 4096);
	memset(bytes + 512 * 1024, 'b', 4096);
	int fd = file_of(bytes, SIZE);
	uint64_t huge = UINT64_C(1) << 45;
	struct source source = source_of_fd(fd, huge, extents, 2);

	REQUIRE(ftruncate(fd, (off_t)huge) == 0);
	put_lit(&program, PATTERN_LIT, "\0\0aa", 4);
	put_gap(&program, 0, PATTERN_GAP_NO_END);
	put_lit(&program, PATTERN_LIT, "bb\0\0\0", 5);
	struct bytes list = list_of(&program);
	REQUIRE(find_all(&source, &list, (struct pattern_range){ 0, UINT64_MAX },
			 UINT64_MAX, &found) == STATUS_OK);
	CHECK_EQ(found.count, 1);
	CHECK_EQ(found.offset, 4094);
	CHECK_EQ(found.len, 512 * 1024 + 4096 + 3 - 4094);
	close(fd);
}

/* How many steps it takes to look for something in n bytes of one kind. */
static uint64_t steps_for(const struct bytes *program, size_t len, uint8_t byte)
{
	uint8_t *bytes = malloc(len);
	struct bytes list = list_of(program);
	struct budget budget = plenty();
	struct arena arena;
	struct text text;
	struct pattern_matches found;
	uint64_t before = budget.steps;

	arena_init(&arena, 16 << 20);
	memset(bytes, byte, len);
	struct source source = source_of_memory(bytes, len);
	enum status status = text_open(&text, &source, &arena, TEXT_WINDOW_LEN_MIN);
	struct pattern_search search = { .text = &text,
					 .budget = &budget,
					 .arena = &arena };
	if (status == STATUS_OK)
		status = pattern_find(&search, (struct slice){ list.at, list.len },
				      (struct pattern_range){ 0, UINT64_MAX }, UINT64_MAX,
				      &found);
	CHECK_EQ(status, STATUS_OK);
	arena_clear(&arena);
	free(bytes);
	return before - budget.steps;
}

TEST("work grows with the text, not with the ways through the gaps")
{
	struct bytes program = program_of_many_ways("ab");
	uint64_t small = steps_for(&program, 1000, 'a');
	uint64_t large = steps_for(&program, 100000, 'a');
	CHECK(large < 150 * small);
	CHECK(large < 100 * 100000);
}

TEST("without steps nothing is known, and that is told")
{
	struct bytes program = { 0 };
	static uint8_t bytes[4096];
	struct budget budget = budget_of(100, (struct clock){ .now_ms = no_time }, 1);
	struct arena arena;
	struct text text;
	struct pattern_matches found;

	put(&program, PATTERN_MASK, 1);
	put(&program, 1, 2);
	put(&program, 0x01, 1);
	put(&program, 0x01, 1);
	struct bytes list = list_of(&program);
	struct source source = source_of_memory(bytes, sizeof(bytes));
	arena_init(&arena, 1 << 20);
	REQUIRE(text_open(&text, &source, &arena, TEXT_WINDOW_LEN) == STATUS_OK);
	struct pattern_search search = { .text = &text,
					 .budget = &budget,
					 .arena = &arena };
	CHECK_EQ(pattern_find(&search, (struct slice){ list.at, list.len },
			      (struct pattern_range){ 0, UINT64_MAX }, 1, &found),
		 STATUS_LIMIT);
	arena_clear(&arena);
}

TEST("a file that ended before its size is told as changed")
{
	struct bytes program = { 0 };
	struct pattern_matches found;
	int fd = file_of((const uint8_t *)"abc", 3);
	struct source source = source_of_fd(fd, 100000, NULL, 0);

	put_lit(&program, PATTERN_LIT, "xyz", 3);
	struct bytes list = list_of(&program);
	CHECK_EQ(find_all(&source, &list, (struct pattern_range){ 0, UINT64_MAX }, 1,
			  &found),
		 STATUS_CHANGED);
	close(fd);
}

TEST("what is no program matches nothing")
{
	static const char *const broken[] = {
		"",
		"\x09",
		"\x01\x05\x00xyz",
		"\x04\x01",
		"\x05\x00\x00\x00\x00\x01\x00\x00\x00",
		"\x06\x00\x00\x00",
	};
	static const size_t lengths[] = { 0, 1, 6, 2, 9, 4 };
	struct source source = source_of_memory("abcabc", 6);

	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct bytes program = { 0 };
		struct pattern_matches found;

		put_bytes(&program, broken[i], lengths[i]);
		struct bytes list = list_of(&program);
		CHECK_EQ(find_all(&source, &list, (struct pattern_range){ 0, UINT64_MAX },
				  1, &found),
			 STATUS_OK);
		CHECK_EQ(found.count, 0);
	}
}

TEST_MAIN()
