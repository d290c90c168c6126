/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_show.h"
#include "rules/languages.h"
#include "test.h"

#define SUBJECT "000102030405060708090a0b0c0d0e0f10111213"
#define SERIAL "a0A1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3"
#define SERIAL_LOWER "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3"
#define NONE "0000000000000000000000000000000000000000"

struct line_case {
	const char *line, *shown;
};

static void check_all(const struct line_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!CHECK_STR(show_line("crb", cases[i].line), cases[i].shown))
			printf("#   of %s\n", cases[i].line);
}

TEST("a certificate becomes an entry, its key a number without zeros in front")
{
	static const struct line_case cases[] = {
		{ "A.B;1;" SUBJECT ";" SERIAL ";00C0ff;010001;1;0;1;;words",
		  "entry A.B kind 1 flags 2 1b" SUBJECT SERIAL_LOWER
		  "0000000000000000c0ff" },
		{ "A;0;" SUBJECT ";;c0;x;0;1;0;258;;51;300",
		  "entry A kind 0 flags 0 04" SUBJECT NONE "0201000000000000c0" },
		{ "", "-" },
		{ "#A", "-" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("what is no certificate is refused with its column")
{
	static const struct line_case cases[] = {
		{ "A;1;" SUBJECT ";;c0;;1;0;0;",
		  "1: not 11 fields, and perhaps two feature levels" },
		{ "A;1;" SUBJECT ";;c0;;1;0;0;;;51;300;5",
		  "1: not 11 fields, and perhaps two feature levels" },
		{ ";1;" SUBJECT ";;c0;;1;0;0;;", "1: the rule has no name" },
		{ "A;2;" SUBJECT ";;c0;;1;0;0;;", "3: this is 0 or 1" },
		{ "A;;" SUBJECT ";;c0;;1;0;0;;", "3: this is 0 or 1" },
		{ "A;1;" SUBJECT ";;c0;;1;0;;;", "55: this is 0 or 1" },
		{ "A;1;00;;c0;;1;0;0;;", "5: a SHA-1 digest has 40 hexadecimal digits" },
		{ "A;1;" SUBJECT ";00;c0;;1;0;0;;",
		  "46: a SHA-1 digest has 40 hexadecimal digits" },
		{ "A;1;" SUBJECT ";;;;1;0;0;;",
		  "47: a key is pairs of hexadecimal digits" },
		{ "A;1;" SUBJECT ";;c0f;;1;0;0;;",
		  "47: a key is pairs of hexadecimal digits" },
		{ "A;1;" SUBJECT ";;c0x0;;1;0;0;;",
		  "49: a key is pairs of hexadecimal digits" },
		{ "A;1;" SUBJECT ";;c0;;1;0;0;x;",
		  "57: a time is seconds since 1970, or empty" },
		{ "A;1;" SUBJECT ";;c0;;1;0;0;;;300",
		  "skip 59: for a newer engine (lowest feature level)" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST_MAIN()
