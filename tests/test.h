/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The test harness: TAP on stdout, one process per test file.
 *
 *	TEST("an entry longer than the file is truncated")
 *	{
 *		CHECK(reader_ok(&in));
 *		CHECK_EQ(reader_left(&in), 3);
 *	}
 *
 *	TEST_MAIN()
 *
 * TEST registers its body; bodies run in the order of the file. A failed CHECK
 * prints file, line and expression and lets the body go on, so that one run
 * shows all that is wrong; REQUIRE leaves the body, for when going on makes no
 * sense. SKIP("reason") leaves it too and is counted and shown by ./check.
 * With arguments, only tests whose name contains one of them are run.
 */
#pragma once

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct test {
	const char *name;
	void (*body)(void);
	struct test *next;
};

struct test_state {
	struct test *first, *last;
	const char *skip_reason;
	int failures; /* failed checks of the test that runs now */
};

static struct test_state test_state;

#define TEST(sentence)	      TEST_AT(sentence, __COUNTER__)
#define TEST_AT(sentence, id) TEST_NAMED(sentence, id)
#define TEST_NAMED(sentence, id)                                                         \
	static void test_body_##id(void);                                                \
	__attribute__((constructor)) static void test_add_##id(void)                     \
	{                                                                                \
		static struct test test = { sentence, test_body_##id, NULL };            \
		test_add(&test);                                                         \
	}                                                                                \
	static void test_body_##id(void)

#define CHECK(condition) test_check((condition), __FILE__, __LINE__, #condition)
#define REQUIRE(condition)                                                               \
	do {                                                                             \
		if (!CHECK(condition))                                                   \
			return;                                                          \
	} while (0)

/* Integers of any width and sign; both are shown when they differ. */
#define CHECK_EQ(got, want)                                                              \
	test_check_int((intmax_t)(got), (intmax_t)(want), __FILE__, __LINE__,            \
		       #got " == " #want)
#define CHECK_STR(got, want)                                                             \
	test_check_str((got), (want), __FILE__, __LINE__, #got " == " #want)
#define CHECK_MEM(got, want, len)                                                        \
	test_check_mem((got), (want), (len), __FILE__, __LINE__, #got " == " #want)

#define SKIP(reason)                                                                     \
	do {                                                                             \
		test_state.skip_reason = (reason);                                       \
		return;                                                                  \
	} while (0)

#define TEST_MAIN()                                                                      \
	int main(int argc, char **argv)                                                  \
	{                                                                                \
		return test_run_all(argc, argv);                                         \
	}

static inline void test_add(struct test *test)
{
	if (test_state.last)
		test_state.last->next = test;
	else
		test_state.first = test;
	test_state.last = test;
}

static inline bool test_check(bool ok, const char *file, int line, const char *what)
{
	if (!ok) {
		test_state.failures++;
		printf("# %s:%d: %s\n", file, line, what);
	}
	return ok;
}

static inline bool test_check_int(intmax_t got, intmax_t want, const char *file, int line,
				  const char *what)
{
	if (!test_check(got == want, file, line, what))
		printf("#   got %jd, want %jd\n", got, want);
	return got == want;
}

static inline bool test_check_str(const char *got, const char *want, const char *file,
				  int line, const char *what)
{
	bool same = got && want && strcmp(got, want) == 0;

	if (!test_check(same, file, line, what))
		printf("#   got  \"%s\"\n#   want \"%s\"\n", got ? got : "(null)",
		       want ? want : "(null)");
	return same;
}

static inline bool test_check_mem(const void *got, const void *want, size_t len,
				  const char *file, int line, const char *what)
{
	const uint8_t *a = got, *b = want;

	for (size_t i = 0; i < len; i++) {
		if (a[i] == b[i])
			continue;
		test_check(false, file, line, what);
		printf("#   byte %zu: got %02x, want %02x\n", i, a[i], b[i]);
		return false;
	}
	return true;
}

static inline bool test_wanted(const struct test *test, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strstr(test->name, argv[i]))
			return true;
	return argc < 2;
}

static inline int test_run_all(int argc, char **argv)
{
	int number = 0, failed = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (struct test *t = test_state.first; t; t = t->next) {
		if (!test_wanted(t, argc, argv))
			continue;
		test_state.failures = 0;
		test_state.skip_reason = NULL;
		t->body();
		number++;
		failed += test_state.failures > 0;
		printf("%sok %d - %s", test_state.failures ? "not " : "", number,
		       t->name);
		if (test_state.skip_reason)
			printf(" # SKIP %s", test_state.skip_reason);
		putchar('\n');
	}
	printf("1..%d\n", number);
	return failed > 0;
}
