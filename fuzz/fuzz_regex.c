/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regular expressions and what they are given, both hostile: a byte of flags, a byte
 * that says how long the expression is, the expression, the subject. In memory and
 * through a small window it gives the same, or says that it cannot tell; and so it does
 * when it was compiled before.
 */
#include <assert.h>
#include <sys/mman.h>
#include <unistd.h>

#include "match/regex.h"
#include "match/regex_cache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

static enum status find(const struct source *source, const struct regex *regex,
			struct regex_cache *cache, struct pattern_matches *out)
{
	struct budget budget = budget_of(1 << 22, (struct clock){ .now_ms = no_time }, 1);
	struct arena arena;
	struct text text;

	arena_init(&arena, 32 << 20);
	enum status status = text_open(&text, source, &arena, TEXT_WINDOW_LEN_MIN);
	struct pattern_search search = {
		.text = &text, .budget = &budget, .arena = &arena, .regexes = cache
	};
	if (status == STATUS_OK)
		status = regex_find(&search, regex,
				    (struct pattern_range){ 0, UINT64_MAX }, UINT64_MAX,
				    out);
	arena_clear(&arena);
	return status;
}

/* Compiled for this, and kept from it. */
static void check_kept(const struct source *source, const struct regex *regex,
		       enum status want, const struct pattern_matches *matches)
{
	static struct regex_cache cache;

	regex_cache_init(&cache, 64 << 10);
	for (int i = 0; i < 2; i++) {
		struct pattern_matches again = { 0 };

		assert(find(source, regex, &cache, &again) == want);
		assert(again.count == matches->count && again.len == matches->len);
	}
	regex_cache_clear(&cache);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pattern_matches one = { 0 };
	struct pattern_matches other = { 0 };
	struct regex_error error;
	struct arena arena;

	if (size < 2 || data[1] > size - 2)
		return 0;
	struct regex regex = { { &data[2], data[1] },
			       (unsigned)(data[0] * 4) | REGEX_GLOBAL };
	size_t len = size - 2 - data[1];
	arena_init(&arena, 4 << 20);
	enum status status = regex_check(&regex, &arena, &error);
	arena_clear(&arena);
	if (status != STATUS_OK)
		return 0;
	struct source memory = source_of_memory(&data[2 + data[1]], len);
	int fd = memfd_create("subject", MFD_CLOEXEC);
	assert(fd >= 0 && write(fd, &data[2 + data[1]], len) == (ssize_t)len);
	struct source file = source_of_fd(fd, len, NULL, 0);
	status = find(&memory, &regex, NULL, &one);
	enum status windowed = find(&file, &regex, NULL, &other);
	if (status == STATUS_OK && windowed == STATUS_OK)
		assert(one.count == other.count && one.offset == other.offset);
	check_kept(&memory, &regex, status, &one);
	close(fd);
	return 0;
}
