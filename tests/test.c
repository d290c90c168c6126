/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

static struct test *first_test, *last_test;

/* Of the test that runs now. */
static const char *skip_reason;
static int failed_checks;

static bool is_wanted(const struct test *test, int argc, char **argv);

void test_add(struct test *test)
{
	if (last_test)
		last_test->next = test;
	else
		first_test = test;
	last_test = test;
}

int test_run_all(int argc, char **argv)
{
	int number = 0, failed = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (struct test *test = first_test; test; test = test->next) {
		if (!is_wanted(test, argc, argv))
			continue;
		failed_checks = 0;
		skip_reason = NULL;
		test->body();
		number++;
		failed += failed_checks > 0;
		printf("%sok %d - %s", failed_checks ? "not " : "", number, test->name);
		if (skip_reason)
			printf(" # SKIP %s", skip_reason);
		putchar('\n');
	}
	printf("1..%d\n", number);
	return failed > 0;
}

static bool is_wanted(const struct test *test, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strstr(test->name, argv[i]))
			return true;
	return argc < 2;
}

void test_skip(const char *reason)
{
	skip_reason = reason;
}

bool test_check(bool ok, struct test_place place)
{
	if (!ok) {
		failed_checks++;
		printf("# %s:%d: %s\n", place.file, place.line, place.what);
	}
	return ok;
}

bool test_check_int(intmax_t got, intmax_t want, struct test_place place)
{
	if (!test_check(got == want, place))
		printf("#   got %jd, want %jd\n", got, want);
	return got == want;
}

bool test_check_str(const char *got, const char *want, struct test_place place)
{
	bool same = got && want && strcmp(got, want) == 0;

	if (!test_check(same, place))
		printf("#   got  \"%s\"\n#   want \"%s\"\n", got ? got : "(null)",
		       want ? want : "(null)");
	return same;
}

bool test_check_mem(const void *got, const void *want, size_t len,
		    struct test_place place)
{
	const uint8_t *a = got, *b = want;

	for (size_t i = 0; i < len; i++) {
		if (a[i] == b[i])
			continue;
		test_check(false, place);
		printf("#   byte %zu: got %02x, want %02x\n", i, a[i], b[i]);
		return false;
	}
	return true;
}
