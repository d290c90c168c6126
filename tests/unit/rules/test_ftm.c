/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_show.h"
#include "rules/languages.h"
#include "test.h"

struct line_case {
	const char *line, *shown;
};

static void check_all(const struct line_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!CHECK_STR(show_line("ftm", cases[i].line), cases[i].shown))
			printf("#   of %s\n", cases[i].line);
}

TEST("magic becomes an entry: offset, type, bytes")
{
	static const struct line_case cases[] = {
		{ "0:258:5Aa5:A name:CL_TYPE_ANY:CL_TYPE_ELF",
		  "entry A name kind 0 flags 2 0201000003454c465aa5" },
		{ "4:0:51:X:CL_TYPE_PART_ANY:CL_TYPE_PART_HFSPLUS:10:500",
		  "entry X kind 4 flags 2 000000000c504152545f484653504c555351" },
		/* a pattern: what it says stands in its condition */
		{ "1:*:5151*5252(53|54):X:CL_TYPE_ANY:CL_TYPE_HTML",
		  "entry X kind 1 flags 6 " },
		{ "1:0,5:5151:X:CL_TYPE_ANY:CL_TYPE_HTML", "entry X kind 1 flags 6 " },
		{ "# 0", "-" },
		{ "", "-" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("what is no magic is refused or left out")
{
	static const struct line_case cases[] = {
		{ "0:0:51:X:CL_TYPE_ANY",
		  "1: not 6 fields, and perhaps two feature levels" },
		{ "0:0:51:X:CL_TYPE_ANY:CL_TYPE_ELF:10:500:",
		  "1: not 6 fields, and perhaps two feature levels" },
		{ "0:0:51::CL_TYPE_ANY:CL_TYPE_ELF", "8: the rule has no name" },
		{ "0:0:515:X:CL_TYPE_ANY:CL_TYPE_ELF",
		  "5: bytes are pairs of hexadecimal digits" },
		{ "0:0::X:CL_TYPE_ANY:CL_TYPE_ELF",
		  "5: bytes are pairs of hexadecimal digits" },
		{ "0:0:51??:X:CL_TYPE_ANY:CL_TYPE_ELF",
		  "5: bytes are pairs of hexadecimal digits" },
		{ "0:*:51:X:CL_TYPE_ANY:CL_TYPE_ELF",
		  "3: the offset of bytes is a decimal number" },
		{ "1:EP+0:5151:X:CL_TYPE_ANY:CL_TYPE_ELF",
		  "3: entry points, sections and VI are for targets 1, 6 and 9" },
		{ "0:0:51:X:CL_TYPE_ANY:CL_TYPE_NO", "skip 22: an unknown file type" },
		{ "0:0:51:X:ANY:CL_TYPE_ELF", "skip 10: an unknown file type" },
		{ "2:0:51:X:CL_TYPE_ANY:CL_TYPE_ELF",
		  "skip 1: an unknown kind of magic" },
		{ "0:0:51:X:CL_TYPE_ANY:CL_TYPE_ELF:300",
		  "skip 34: for a newer engine (lowest feature level)" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST_MAIN()
