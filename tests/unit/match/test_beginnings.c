/* SPDX-License-Identifier: Apache-2.0 */
#include "match/beginnings.h"

#include "match/pattern_find.h"
#include "patterns.h"
#include "test.h"

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

/* `text` up to one of | ) or its end; `?` is any byte, ( ) alternatives. */
static const char *put_text(struct bytes *out, const char *text)
{
	while (*text && *text != '|' && *text != ')') {
		if (*text == '?') {
			put(out, PATTERN_SKIP, 1);
			put(out, 1, 4);
			text++;
			continue;
		}
		if (*text != '(') {
			put_lit(out, PATTERN_FOLD, text++, 1);
			continue;
		}
		size_t start = out->len;
		uint64_t count = 0;
		put(out, PATTERN_ALT, 1);
		put(out, 0, 3);
		do {
			size_t at = out->len;
			put(out, 0, 2);
			text = put_text(out, text + 1);
			out->at[at] = (uint8_t)(out->len - at - 2);
			out->at[start + 2] = (uint8_t)++count;
		} while (*text == '|');
		text++;
	}
	return text;
}

/* How often the pattern is found, with all of it or without what clamscan loses. */
static uint64_t count_of(const struct bytes *program, const char *text, bool compat)
{
	struct source source = source_of_memory(text, strlen(text));
	struct bytes list = list_of(program);
	struct budget budget = budget_of(1 << 24, (struct clock){ .now_ms = no_time }, 1);
	uint64_t count = UINT64_MAX;
	struct arena arena;
	struct text opened;

	arena_init(&arena, 16 << 20);
	CHECK_EQ(text_open(&opened, &source, &arena, TEXT_WINDOW_LEN), STATUS_OK);
	const struct pattern_search search = {
		.text = &opened,
		.budget = &budget,
		.arena = &arena,
		.clamav_compat = compat,
	};
	struct slice programs = { list.at, list.len };
	struct pattern_matches found;
	CHECK_EQ(pattern_count(&search, programs, (struct pattern_range){ 0, UINT64_MAX },
			       9, &count),
		 STATUS_OK);
	CHECK_EQ(pattern_find(&search, programs, (struct pattern_range){ 0, UINT64_MAX },
			      9, &found),
		 STATUS_OK);
	CHECK_EQ(found.count > 0, count > 0);
	arena_clear(&arena);
	return count;
}

/* What clamscan 1.4.6 says of each, in a file of its own. */
TEST("alternatives that are how another begins are never found")
{
	static const struct {
		const char *pattern;
		const char *lost, *found; /* words with spaces between */
	} cases[] = {
		{ "(c|cd)ab", "cab cdab", "" },
		{ "(cd|c|e)ab", "cab cdab", "eab" },
		{ "(cd|cde|cf)ab", "cdab cdeab", "cfab" },
		{ "(cd|ce)ab", "", "cdab ceab" },
		{ "(c|dc)ab", "", "cab" },
		{ "(cd|cd|e)ab", "", "cdab eab" },
		{ "(c(d|e)|cd)ab", "", "cdab ceab" },
		{ "(c|c(d|e))ab", "cab cdab ceab", "" },
		{ "(cd|cd(e|f))ab", "cdab cdeab cdfab", "" },
		{ "(c(d|e)|cdf)ab", "cdab cdfab", "ceab" },
		{ "((c|cd)|e)ab", "cab cdab", "eab" },
		{ "((c|cd)e|e)ab", "", "ceab cdeab" },
		{ "(e|x(c|cd)|xy)ab", "xcab xcdab", "eab xyab" },
		{ "(c|cd)(e|f)ab", "ceab cdeab", "" },
		{ "gh(c|cd)ab", "", "ghcab ghcdab" },
		{ "(e|?f)ab", "eab xfab", "" },
		{ "(?|ef|gh)ab", "xab efab ghab", "" },
		{ "(x?|efg|ghi)ab", "", "xyab efgab ghiab" },
		{ "(e?|efg|ghi)ab", "eyab efgab", "ghiab" },
		{ "(e|?)ab", "", "eab" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes program = { 0 };
		char word[16];
		int len;

		put_text(&program, cases[i].pattern);
		for (const char *at = cases[i].lost;
		     sscanf(at, "%15s%n", word, &len) == 1; at += len) {
			CHECK_EQ(count_of(&program, word, true), 0);
			CHECK(count_of(&program, word, false) > 0);
		}
		for (const char *at = cases[i].found;
		     sscanf(at, "%15s%n", word, &len) == 1; at += len)
			CHECK(count_of(&program, word, true) > 0);
	}
}

TEST("so it is at the beginning of each part, behind marks that look back")
{
	struct bytes program = { 0 };
	struct bytes marked = { 0 };

	put_text(&program, "gh");
	put_gap(&program, 0, PATTERN_GAP_NO_END);
	put_text(&program, "(c|cd|e)ab");
	CHECK_EQ(count_of(&program, "gh.cab.cdab", true), 0);
	CHECK_EQ(count_of(&program, "gh.cab.cdab", false), 2);
	CHECK_EQ(count_of(&program, "gh.eab", true), 1);

	put_mark(&marked, 'W', PATTERN_MARK_BEFORE);
	put_text(&marked, "(c|cd|e)ab");
	CHECK_EQ(count_of(&marked, ".cab.cdab", true), 0);
	CHECK_EQ(count_of(&marked, ".cab.eab", true), 1);

	marked.len = 0;
	put_mark(&marked, 'W', 0);
	put_text(&marked, "(c|cd|e)ab");
	CHECK_EQ(count_of(&marked, ".cab.cdab", true), 2);
}

static struct slice cut(const struct bytes *program, struct budget *budget,
			struct arena *arena, enum status *ret_status)
{
	struct slice in = { program->at, program->len };
	struct slice out = { 0 };

	*ret_status = beginnings_cut(in, budget, arena, &out);
	return out;
}

TEST("what loses nothing, or has too many words, is left as it is")
{
	static const char *const kept[] = {
		"abcd",
		"(c|d)ab",
		"ab(c|cd)",
		"((a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)|aaaaaaaa)cc",
	};
	struct arena arena;
	enum status status;

	arena_init(&arena, 16 << 20);
	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		struct budget budget = budget_of(1 << 24,
						 (struct clock){ .now_ms = no_time }, 1);
		struct bytes program = { 0 };

		put_text(&program, kept[i]);
		CHECK(cut(&program, &budget, &arena, &status).base == program.at);
		CHECK_EQ(status, STATUS_OK);
	}
	arena_clear(&arena);
}

TEST("alternatives that are none end the work, and nothing is cut")
{
	struct budget budget = budget_of(1 << 24, (struct clock){ .now_ms = no_time }, 1);
	struct bytes program = { 0 };
	struct arena arena;
	enum status status;

	/* ((a|b)(a|b)…()), of which each way through would be a form. */
	put(&program, PATTERN_ALT, 1);
	put(&program, 0, 1);
	put(&program, 1, 2);
	size_t at = program.len;
	put(&program, 0, 2);
	for (int i = 0; i < 20; i++)
		put_text(&program, "(a|b)");
	put(&program, PATTERN_ALT, 1);
	put(&program, 0, 3);
	program.at[at] = (uint8_t)(program.len - at - 2);
	program.at[at + 1] = (uint8_t)((program.len - at - 2) >> 8);
	arena_init(&arena, 16 << 20);
	CHECK(cut(&program, &budget, &arena, &status).base == program.at);
	CHECK_EQ(status, STATUS_OK);
	arena_clear(&arena);
}

TEST("without steps or memory it says so")
{
	struct budget none = budget_of(10, (struct clock){ .now_ms = no_time }, 1);
	struct budget plenty = budget_of(1 << 24, (struct clock){ .now_ms = no_time }, 1);
	struct bytes program = { 0 };
	struct arena arena;
	enum status status;

	put_text(&program, "(c|cd|e)ab");
	arena_init(&arena, 16 << 20);
	(void)cut(&program, &none, &arena, &status);
	CHECK_EQ(status, STATUS_LIMIT);
	arena_clear(&arena);
	arena_init(&arena, 1024);
	(void)cut(&program, &plenty, &arena, &status);
	CHECK_EQ(status, STATUS_NO_MEMORY);
	arena_clear(&arena);
}

TEST_MAIN()
