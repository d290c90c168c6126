/* SPDX-License-Identifier: Apache-2.0 */
#include "match/regex.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "test.h"

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

/* How a search is made to end early. */
struct bounds {
	uint64_t steps;
	size_t memory_bytes;
	uint64_t deadline_ms;
};

static const struct bounds plenty = { UINT64_C(1) << 40, 64 << 20, 1 };

static enum status find(const struct source *source, const struct regex *regex,
			struct pattern_range range, const struct bounds *bounds,
			struct pattern_matches *out)
{
	struct budget budget = budget_of(
		bounds->steps, (struct clock){ .now_ms = no_time }, bounds->deadline_ms);
	struct arena arena;
	struct text bytes;

	arena_init(&arena, bounds->memory_bytes);
	*out = (struct pattern_matches){ 0 };
	enum status status = text_open(&bytes, source, &arena, TEXT_WINDOW_LEN_MIN);
	struct pattern_search search = { .text = &bytes,
					 .budget = &budget,
					 .arena = &arena };
	if (status == STATUS_OK)
		status = regex_find(&search, regex, range, UINT64_MAX, out);
	arena_clear(&arena);
	return status;
}

#define regex_of(text, flags) ((struct regex){ slice_of(text), (flags) })

static const struct pattern_range anywhere = { 0, UINT64_MAX };

/* "3x 5+2": three matches, the first at 5 and two bytes long. */
static const char *found(const char *subject, const char *text, unsigned flags,
			 struct pattern_range range)
{
	static char out[64];
	struct source source = source_of_memory(subject, strlen(subject));
	struct pattern_matches matches;
	enum status status = find(&source, &regex_of(text, flags), range, &plenty,
				  &matches);

	if (status != STATUS_OK)
		return status_name(status);
	snprintf(out, sizeof(out), "%" PRIu64 "x %" PRIu64 "+%" PRIu64, matches.count,
		 matches.offset, matches.len);
	return out;
}

TEST("the first match, or all of them that do not overlap")
{
	CHECK_STR(found("xfoo1foo2", "foo\\d", 0, anywhere), "1x 1+4");
	CHECK_STR(found("xfoo1foo2", "foo\\d", REGEX_GLOBAL, anywhere), "2x 1+4");
	CHECK_STR(found("AAAA", "AA", REGEX_GLOBAL, anywhere), "2x 0+2");
	CHECK_STR(found("xfoo1", "bar", REGEX_GLOBAL, anywhere), "0x 0+0");
	CHECK_STR(found("xfoo1", "FOO", REGEX_CASELESS, anywhere), "1x 1+3");
	CHECK_STR(found("a\nb", "a.b", 0, anywhere), "0x 0+0");
	CHECK_STR(found("a\nb", "a.b", REGEX_DOTALL, anywhere), "1x 0+3");
	CHECK_STR(found("a\nb", "^b", 0, anywhere), "0x 0+0");
	CHECK_STR(found("a\nb", "^b", REGEX_MULTILINE, anywhere), "1x 2+1");
	CHECK_STR(found("ab", "a b", REGEX_EXTENDED, anywhere), "1x 0+2");
	CHECK_STR(found("aaa", "a+", REGEX_UNGREEDY, anywhere), "1x 0+1");
	CHECK_STR(found("b\n", "b$", 0, anywhere), "1x 0+1");
	CHECK_STR(found("b\n", "b$", REGEX_DOLLAR_END, anywhere), "0x 0+0");
	CHECK_STR(found("ab", "b", REGEX_ANCHORED, anywhere), "0x 0+0");
	CHECK_STR(found("", "a*", 0, anywhere), "0x 0+0");
}

TEST("empty matches come to an end")
{
	CHECK_STR(found("AAxA", "A*", REGEX_GLOBAL, anywhere), "4x 0+2");
	CHECK_STR(found("ab", "(?=b)", REGEX_GLOBAL, anywhere), "1x 1+0");
	CHECK_STR(found("aab", "a\\K", REGEX_GLOBAL, anywhere), "2x 1+0");
	CHECK_STR(found("ab", "()", REGEX_GLOBAL, anywhere), "3x 0+0");
}

TEST("an offset is one place, a range, or where to begin")
{
	const char *text = "..AAAA..";
	const struct pattern_range at_2 = { 2, 2 }, at_3 = { 3, 3 }, at_1 = { 1, 1 };
	const struct pattern_range few = { 3, 5 };

	CHECK_STR(found(text, "A", REGEX_GLOBAL, at_2), "4x 2+1");
	CHECK_STR(found(text, "A", REGEX_GLOBAL, at_1), "0x 0+0");
	CHECK_STR(found(text, "A", REGEX_GLOBAL | REGEX_ROLLING, at_1), "4x 2+1");
	CHECK_STR(found(text, "A", REGEX_GLOBAL, few), "3x 3+1");
	CHECK_STR(found(text, "A", REGEX_GLOBAL | REGEX_ENCOMPASS, few), "2x 3+1");
	CHECK_STR(found(text, "A$", REGEX_ENCOMPASS, few), "1x 4+1");
	CHECK_STR(found(text, "AAA", 0, few), "1x 3+3");
	CHECK_STR(found(text, "AAA", REGEX_ENCOMPASS, few), "0x 0+0");
	/* What stands before the offset is not there. */
	CHECK_STR(found(text, "(?<=A)A", 0, at_3), "0x 0+0");
	CHECK_STR(found(text, "^A", 0, at_3), "1x 3+1");
	CHECK_STR(found(text, "A", 0, (struct pattern_range){ 8, 8 }), "0x 0+0");
	CHECK_STR(found(text, "A", 0, (struct pattern_range){ 99, 120 }), "0x 0+0");
	/* \K moves a start out of the range. */
	CHECK_STR(found("AAAB", "AAA\\KB", 0, (struct pattern_range){ 0, 2 }), "0x 0+0");
	CHECK_STR(found("AAAB", "AAA\\KB", 0, (struct pattern_range){ 0, 3 }), "1x 3+1");
}

TEST("what is no regular expression says where and why")
{
	struct regex_error error;
	struct arena arena;

	arena_init(&arena, 1 << 20);
	struct regex regex = { slice_of("ab(c"), 0 };
	CHECK_EQ(regex_check(&regex, &arena, &error), STATUS_MALFORMED);
	CHECK_EQ(error.offset, 4);
	CHECK_STR(error.message, "missing closing parenthesis");
	regex.text = slice_of("(*UTF)a");
	CHECK_EQ(regex_check(&regex, &arena, &error), STATUS_MALFORMED);
	regex.text = slice_of("((a{1,1000}){1,1000}){1,1000}");
	CHECK_EQ(regex_check(&regex, &arena, &error), STATUS_MALFORMED);
	CHECK_STR(error.message, "regular expression is too large");
	regex.text = slice_of("a(b|c)*\\x3B");
	CHECK_EQ(regex_check(&regex, &arena, &error), STATUS_OK);
	arena_clear(&arena);
	arena_init(&arena, 64);
	CHECK_EQ(regex_check(&regex, &arena, &error), STATUS_NO_MEMORY);
	arena_clear(&arena);
}

/* A descriptor of these bytes, so that they are seen through windows. */
static int file_of(const char *bytes, size_t len)
{
	int fd = memfd_create("subject", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len)
		abort();
	return fd;
}

TEST("bombs end with their steps, their time or their memory")
{
	static char many[60];
	struct pattern_matches matches;

	memset(many, 'a', sizeof(many));
	struct source source = source_of_memory(many, sizeof(many));
	const struct bounds steps = { 1 << 20, 64 << 20, 1 };
	CHECK_EQ(find(&source, &regex_of("(a+)+b", 0), anywhere, &steps, &matches),
		 STATUS_OK);
	CHECK_EQ(matches.count, 0);
	static const char *const bombs[] = { "(a+)+$x?[^a]", "(a|aa)+[^a]",
					     "(.*)(.*)(.*)(.*)(.*)(.*)(.*)[^a]",
					     "(?R)?[^a]", "((a*)*)*[^a]" };
	for (size_t i = 0; i < ARRAY_LEN(bombs); i++) {
		enum status status = find(&source, &regex_of(bombs[i], 0), anywhere,
					  &steps, &matches);

		if (!CHECK_EQ(status, STATUS_LIMIT))
			printf("#   of %s\n", bombs[i]);
	}
	const struct bounds late = { UINT64_C(1) << 40, 64 << 20, 0 };
	CHECK_EQ(find(&source, &regex_of(bombs[1], 0), anywhere, &late, &matches),
		 STATUS_TIME);
	const struct bounds poor = { UINT64_C(1) << 40, 20000, 1 };
	CHECK_EQ(find(&source, &regex_of("a(b)", 0), anywhere, &poor, &matches),
		 STATUS_NO_MEMORY);
}

/* The same of the bytes in memory and through a window of about `window` bytes. */
static void check_window(const char *bytes, size_t len, const char *text, unsigned flags,
			 size_t window)
{
	struct source memory = source_of_memory(bytes, len);
	int fd = file_of(bytes, len);
	struct source file = source_of_fd(fd, len, NULL, 0);
	const struct bounds narrow = { UINT64_C(1) << 40, 2 * window + 40000, 1 };
	struct pattern_matches one, other;

	CHECK_EQ(find(&memory, &regex_of(text, flags), anywhere, &plenty, &one),
		 STATUS_OK);
	CHECK_EQ(find(&file, &regex_of(text, flags), anywhere, &narrow, &other),
		 STATUS_OK);
	if (!CHECK_EQ(other.count, one.count) || !CHECK_EQ(other.offset, one.offset) ||
	    !CHECK_EQ(other.len, one.len) || !CHECK_EQ(other.last, one.last))
		printf("#   of %s\n", text);
	close(fd);
}

TEST("a window gives what the whole gives")
{
	enum { LEN = 1 << 20 };
	static char bytes[LEN];
	static const char *const texts[] = {
		"abc",  "a[^x]{0,40}z", "(?<=wxy)abc",    "^wxy",
		"y\\b", "\\Awxyabc",    "nothing at all", "[a-c]+\\s*w",
		"c$",   "(?!c)w",       "(?<!z)wxyab",
	};

	for (size_t i = 0; i < LEN; i++)
		bytes[i] = "wxyabc  \nwxyz"[i * 2654435761u % 97 % 13];
	for (size_t i = 0; i + 9 < LEN; i += 50021)
		memcpy(&bytes[i], "wxyabc\nwx", 9);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		check_window(bytes, LEN, texts[i], REGEX_GLOBAL, 40000);
		check_window(bytes, LEN, texts[i], 0, 40000);
		check_window(bytes, LEN, texts[i], REGEX_GLOBAL | REGEX_MULTILINE, 40000);
	}
}

TEST("a match longer than the window is not guessed at")
{
	enum { LEN = 1 << 20 };
	static char bytes[LEN];
	const struct bounds narrow = { UINT64_C(1) << 40, 120000, 1 };
	struct pattern_matches matches;

	memset(bytes, 'a', LEN);
	bytes[LEN - 1] = 'z';
	int fd = file_of(bytes, LEN);
	struct source file = source_of_fd(fd, LEN, NULL, 0);
	CHECK_EQ(find(&file, &regex_of("xa*|aa+z", 0), anywhere, &narrow, &matches),
		 STATUS_LIMIT);
	CHECK_EQ(find(&file, &regex_of("az", 0), anywhere, &narrow, &matches), STATUS_OK);
	CHECK_EQ(matches.offset, LEN - 2);
	CHECK_EQ(ftruncate(fd, LEN / 2), 0);
	CHECK_EQ(find(&file, &regex_of("az", 0), anywhere, &narrow, &matches),
		 STATUS_CHANGED);
	close(fd);
}

TEST_MAIN()
