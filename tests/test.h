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

/* Where a check stands, and what it says. */
struct test_place {
	const char *file;
	int line;
	const char *what;
};

#define TEST(sentence) TEST_AT(sentence, __COUNTER__)
#define TEST_AT(sentence, id) TEST_NAMED(sentence, id)
#define TEST_NAMED(sentence, id) \
	static void test_body_##id(void); \
	__attribute__((constructor)) static void test_add_##id(void) \
	{ \
		static struct test test = { sentence, test_body_##id, NULL }; \
		test_add(&test); \
	} \
	static void test_body_##id(void)

#define TEST_PLACE(what) ((struct test_place){ __FILE__, __LINE__, what })

#define CHECK(condition) test_check((condition), TEST_PLACE(#condition))
#define REQUIRE(condition) \
	do { \
		if (!CHECK(condition)) \
			return; \
	} while (0)

/* Integers of any width and sign; both are shown when they differ. */
#define CHECK_EQ(got, want) \
	test_check_int((intmax_t)(got), (intmax_t)(want), TEST_PLACE(#got " == " #want))
#define CHECK_STR(got, want) test_check_str((got), (want), TEST_PLACE(#got " == " #want))
#define CHECK_MEM(got, want, len) \
	test_check_mem((got), (want), (len), TEST_PLACE(#got " == " #want))

#define SKIP(reason) \
	do { \
		test_skip(reason); \
		return; \
	} while (0)

#define TEST_MAIN() \
	int main(int argc, char **argv) \
	{ \
		return test_run_all(argc, argv); \
	}

void test_add(struct test *test);
void test_skip(const char *reason);
int test_run_all(int argc, char **argv);

/* Each counts and prints a failure, and returns whether the check held. */
bool test_check(bool ok, struct test_place place);
bool test_check_int(intmax_t got, intmax_t want, struct test_place place);
bool test_check_str(const char *got, const char *want, struct test_place place);
bool test_check_mem(const void *got, const void *want, size_t len,
		    struct test_place place);
