/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_show.h"
#include "rules/languages.h"
#include "test.h"

#define COLOURS "0620a0b05b0307055060b0350a0b0480307051060b"
#define REST "8407008402058308058000008104098109096d020b6b0a046306031800001f0400350800"
#define SUMS "20242364"

struct line_case {
	const char *line, *shown;
};

static void check_all(const struct line_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!CHECK_STR(show_line("idb", cases[i].line), cases[i].shown))
			printf("#   of %s\n", cases[i].line);
}

TEST("what an icon looks like becomes an entry, with its groups behind it")
{
	static const struct line_case cases[] = {
		{ "A.B:one:Two:10" COLOURS REST SUMS,
		  "entry A.B kind 0 flags 2 10"
		  "62000a0b5b000307"
		  "5500060b35000a0b"
		  "480003075100060b" REST SUMS "036f6e6503"
		  "54776f" },
		{ "A::*:20fe81c1c05b0307055060b0350a0b0480307051060b" REST "00000000",
		  "entry A kind 0 flags 2 20"
		  "e80f1c1c5b000307"
		  "5500060b35000a0b"
		  "480003075100060b" REST "00000000"
		  "00012a" },
		{ "", "-" },
		{ "#A", "-" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("what is no icon is refused with its column")
{
#define WRONG "7: a number in it is too large, or no number"
	static const struct line_case cases[] = {
		{ "A:B:C", "1: not a name, two groups and what an icon looks like" },
		{ "A:B:C:10:51",
		  "1: not a name, two groups and what an icon looks like" },
		{ "A:B:C:10", "7: what an icon looks like has 124 hexadecimal digits" },
		{ ":B:C:10" COLOURS REST SUMS, "1: the rule has no name" },
		{ "A:B:C:11" COLOURS REST SUMS, "7: an icon's side is 10, 18 or 20" },
		{ "A:B:C:30" COLOURS REST SUMS, "7: an icon's side is 10, 18 or 20" },
		{ "A:B:C:10fe90a0b05b0307055060b0350a0b0480307051060b" REST SUMS, WRONG },
		{ "A:B:C:100620f0b05b0307055060b0350a0b0480307051060b" REST SUMS, WRONG },
		{ "A:B:C:100620x0b05b0307055060b0350a0b0480307051060b" REST SUMS, WRONG },
		{ "A:B:C:10" COLOURS REST "68000000", WRONG },
		{ "A:B:C:10" COLOURS REST "22222464", WRONG },
		{ "A:B:C:10" COLOURS REST "00000065", WRONG },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST_MAIN()
