/* SPDX-License-Identifier: Apache-2.0 */
#include "match/regex_cache.h"

#include <stdlib.h>

#include "gen.h"
#include "test.h"

static struct regex_cache cache;

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

/* The number of matches, with what is kept or without. */
static uint64_t count(const char *expression, const char *subject, bool keeps,
		      uint64_t *ret_steps)
{
	const struct regex regex = { slice_of(expression), REGEX_GLOBAL };
	const struct pattern_range anywhere = { 0, UINT64_MAX };
	struct source source = source_of_memory(subject, strlen(subject));
	struct budget budget = budget_of(1 << 20, (struct clock){ .now_ms = no_time }, 1);
	struct pattern_matches matches = { 0 };
	struct arena arena;
	struct text text;

	arena_init(&arena, 16 << 20);
	CHECK_EQ(text_open(&text, &source, &arena, TEXT_WINDOW_LEN_MIN), STATUS_OK);
	struct pattern_search search = {
		.text = &text,
		.budget = &budget,
		.arena = &arena,
		.regexes = keeps ? &cache : NULL,
	};
	CHECK_EQ(regex_find(&search, &regex, anywhere, UINT64_MAX, &matches), STATUS_OK);
	arena_clear(&arena);
	*ret_steps = budget.steps;
	return matches.count;
}

/* Was it kept from before? */
static bool is_kept(const char *expression)
{
	const uint64_t before = cache.found;
	uint64_t steps;

	CHECK_EQ(count(expression, "abab", true, &steps), 2);
	return cache.found > before;
}

TEST("an expression is kept, with its flags")
{
	regex_cache_init(&cache, REGEX_CACHE_BYTES);
	CHECK(!is_kept("a"));
	CHECK(is_kept("a"));
	CHECK(!is_kept("b"));
	CHECK(is_kept("a"));
	CHECK(!regex_cache_find(&cache, &(struct regex){ slice_of("a"), 0 }));
	CHECK(!regex_cache_find(&cache, &(struct regex){ slice_of("ab"), REGEX_GLOBAL }));
	regex_cache_clear(&cache);
	CHECK(!is_kept("a"));
	regex_cache_clear(&cache);
}

TEST("what was not used for longest gives way")
{
	char expression[32];

	regex_cache_init(&cache, REGEX_CACHE_BYTES);
	for (int i = 0; i < REGEX_CACHE_SLOTS; i++) {
		snprintf(expression, sizeof(expression), "a|%d", i);
		CHECK(!is_kept(expression));
	}
	CHECK(is_kept("a|0"));
	CHECK(!is_kept("b"));
	CHECK(is_kept("a|0"));
	CHECK(is_kept("a|2"));
	CHECK(!is_kept("a|1"));
	CHECK(!is_kept("a|3"));
	CHECK(is_kept("b"));
	regex_cache_clear(&cache);
	CHECK_EQ(cache.bytes, 0);
}

TEST("memory is bounded")
{
	static char large[6000] = "a|";
	char expression[64];

	memset(&large[2], 'c', sizeof(large) - 3);
	regex_cache_init(&cache, 8000);
	for (int i = 0; i < 500; i++) {
		snprintf(expression, sizeof(expression), "a|%0*d", i % 50 + 1, i);
		CHECK(!is_kept(expression));
		CHECK(is_kept(expression));
		CHECK(cache.bytes <= 8000);
	}
	const size_t bytes = cache.bytes;
	CHECK(!is_kept(large));
	CHECK(!is_kept(large));
	CHECK_EQ(cache.bytes, bytes);
	CHECK(is_kept(expression));
	regex_cache_clear(&cache);
}

TEST("a kept expression finds what a new one does, in as many steps")
{
	static const char signs[] = "aab.*+?()[]|\\d^$-";
	struct gen gen = gen_start();
	char expression[8], subject[16];
	struct regex_error error;
	struct arena arena;

	regex_cache_init(&cache, 20000);
	for (int i = 0; i < 3000; i++) {
		const size_t len = 1 + gen_below(&gen, 4);
		uint64_t steps, kept_steps;

		memset(expression, 0, sizeof(expression));
		for (size_t at = 0; at < len; at++)
			expression[at] = signs[gen_below(&gen, sizeof(signs) - 1)];
		memset(subject, 0, sizeof(subject));
		for (size_t at = 0; at < sizeof(subject) - 1; at++)
			subject[at] = "ab1 "[gen_below(&gen, 4)];
		arena_init(&arena, 1 << 20);
		const struct regex regex = { slice_of(expression), REGEX_GLOBAL };
		enum status status = regex_check(&regex, &arena, &error);
		arena_clear(&arena);
		if (status != STATUS_OK)
			continue;
		const uint64_t want = count(expression, subject, false, &steps);
		CHECK_EQ(count(expression, subject, true, &kept_steps), want);
		CHECK_EQ(kept_steps, steps);
	}
	CHECK(cache.found > 100);
	CHECK(cache.compiled > 100);
	regex_cache_clear(&cache);
}

TEST_MAIN()
