/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/line.h"

#include "test.h"

static struct rule_error error;

static struct rule_line line_of(const char *text)
{
	return (struct rule_line){ slice_of(text), NULL, &error };
}

TEST("a span is cut at every separator, and no more fields are kept than there is room "
     "for")
{
	struct rule_line line = line_of("a::bc:");
	struct span fields[2];

	CHECK_EQ(line_split(&line, line_whole(&line), ':', fields, 2), 4);
	CHECK(line_is(&line, fields[0], "a"));
	CHECK(line_is(&line, fields[1], ""));
	CHECK_EQ(line_split(&line, (struct span){ 6, 6 }, ':', fields, 2), 1);
	CHECK_EQ(span_len(fields[0]), 0);
}

TEST("bytes are found inside a span")
{
	struct rule_line line = line_of("a:b:c");
	struct span span = { 1, 4 };

	CHECK_EQ(line_find(&line, span, ':'), 1);
	CHECK_EQ(line_find(&line, span, 'c'), 4);
	CHECK_EQ(line_byte(&line, 4), 'c');
	CHECK_EQ(line_byte(&line, 5), -1);
}

TEST("a number is all digits and not above its limit")
{
	static const struct {
		const char *text;
		uint64_t max, value;
		bool ok;
	} cases[] = {
		{ "0", 10, 0, true },
		{ "10", 10, 10, true },
		{ "0000000000000000000000000000010", 10, 10, true },
		{ "11", 10, 0, false },
		{ "9", 5, 0, false },
		{ "", 10, 0, false },
		{ "+1", 10, 0, false },
		{ "1 ", 10, 0, false },
		{ "18446744073709551615", UINT64_MAX, UINT64_MAX, true },
		{ "18446744073709551616", UINT64_MAX, 0, false },
		{ "184467440737095516150", UINT64_MAX, 0, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct rule_line line = line_of(cases[i].text);
		uint64_t value = 77;

		CHECK_EQ(line_number(&line, line_whole(&line), cases[i].max, &value),
			 cases[i].ok);
		CHECK_EQ(value, cases[i].ok ? cases[i].value : 77);
	}
}

TEST("a refusal has its place and its text")
{
	struct rule_line line = line_of("abcdef");

	CHECK_EQ(line_refuse(&line, (struct span){ 2, 4 }, STATUS_MALFORMED, "no"),
		 STATUS_MALFORMED);
	CHECK_EQ(error.column, 3);
	CHECK_STR(error.message, "no");
	CHECK(slice_is(error.detail, "cd"));
	CHECK(!error.is_skip);
	CHECK_EQ(line_skip(&line, (struct span){ 6, 6 }, "later"), STATUS_UNSUPPORTED);
	CHECK_EQ(error.column, 7);
	CHECK(error.is_skip);
}

TEST_MAIN()
