/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_show.h"
#include "rules/languages.h"
#include "test.h"

#define ANY "0000000000000000ffffffffffffffff"
#define NUMBERS ANY ANY ANY ANY

struct line_case {
	const char *line, *shown;
};

static void check_all(const char *suffix, const struct line_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!CHECK_STR(show_line(suffix, cases[i].line), cases[i].shown))
			printf("#   of %s\n", cases[i].line);
}

TEST("what a member must be like becomes an entry")
{
	static const struct line_case cases[] = {
		{ "A.B:*:*:*:*:*:*:*:*:*",
		  "entry A.B kind 0 flags 0 020000000000" NUMBERS "00" },
		{ "A:CL_TYPE_ZIP:*:*:*:*:1:*:1234abcD:x",
		  "entry A kind 0 flags 0 0101cdab3412" NUMBERS "035a4950" },
		{ "PUA.A:CL_TYPE_ANY:5:*:0-6:7-0:0:0-0:*:*:1:300",
		  "entry PUA.A kind 0 flags 1 000000000000"
		  "05000000000000000500000000000000"
		  "00000000000000000600000000000000"
		  "0700000000000000feffffffffffffff"
		  "00000000000000000000000000000000"
		  "00" },
		/* one state for the byte, one for the end; and the literal */
		{ "A:*:*:a:*:*:*:*:*:*",
		  "entry A kind 0 flags 0 020000000000" NUMBERS "00"
		  "0200000000000100"
		  "01610000000000000000000061" },
		{ "", "-" },
		{ "#A:", "-" },
	};

	check_all("cdb", cases, ARRAY_LEN(cases));
}

TEST("what is no rule about members is refused with its column")
{
	static const struct line_case cases[] = {
		{ "A:*:*:*:*:*:*:*:*",
		  "1: not 10 fields, and perhaps two feature levels" },
		{ "A:*:*:*:*:*:*:*:*:*:1:2:3",
		  "1: not 10 fields, and perhaps two feature levels" },
		{ ":*:*:*:*:*:*:*:*:*", "1: the rule has no name" },
		{ "A:ZIP:*:*:*:*:*:*:*:*", "skip 3: an unknown file type" },
		{ "A:CL_TYPE_NO:*:*:*:*:*:*:*:*", "skip 3: an unknown file type" },
		{ "A:*:5-3:*:*:*:*:*:*:*", "5: the range ends before it begins" },
		{ "A:*:1-2-3:*:*:*:*:*:*:*", "5: not *, a number or a range a-b" },
		{ "A:*:*:*:-1:*:*:*:*:*", "9: not *, a number or a range a-b" },
		{ "A:*:*:*:*::*:*:*:*", "11: not *, a number or a range a-b" },
		{ "A:*:*:*:*:9223372036854775808:*:*:*:*",
		  "11: not *, a number or a range a-b" },
		{ "A:*:*:(:*:*:*:*:*:*", "8: an empty alternative" },
		{ "A:*:*:*:*:*:2:*:*:*", "13: IsEncrypted is 0, 1 or *" },
		{ "A:*:*:*:*:*:*:*:12g:*",
		  "17: a CRC-32 is * or up to 8 hexadecimal digits" },
		{ "A:*:*:*:*:*:*:*:123456789:*",
		  "17: a CRC-32 is * or up to 8 hexadecimal digits" },
		{ "A:*:*:*:*:*:*:*:*:*:300",
		  "skip 21: for a newer engine (lowest feature level)" },
		{ "A:*:*:*:*:*:*:*:*:*:x", "21: a feature level is a decimal number" },
	};

	check_all("cdb", cases, ARRAY_LEN(cases));
}

TEST("the older form is the same of one type")
{
	static const struct line_case zip[] = {
		{ "A:1:*:6:18:363a3020:8:1:*", "entry A kind 0 flags 0 010220303a36" ANY
					       "12000000000000001200000000000000"
					       "06000000000000000600000000000000"
					       "01000000000000000100000000000000"
					       "035a4950" },
		{ "A:*:*:1-2:*:*:*:*:*", "7: not * or a number" },
		{ "A:*:*:*:*:*:*:*", "1: not 9 fields" },
		{ "# A", "-" },
	};
	static const struct line_case rar[] = {
		{ "A:*:*:*:*:*:*:*:*",
		  "entry A kind 0 flags 0 020000000000" NUMBERS "03524152" },
	};

	check_all("zmd", zip, ARRAY_LEN(zip));
	check_all("rmd", rar, ARRAY_LEN(rar));
}

TEST_MAIN()
