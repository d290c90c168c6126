/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_show.h"
#include "rules/languages.h"
#include "test.h"

static const struct line_case {
	const char *line, *shown;
} cases[] = {
	{ "PE:0x12345678:1:300", "entry PE kind 0 flags 2 78563412" },
	{ "PCRE:0x0", "entry PCRE kind 10 flags 2 00000000" },
	{ "ARCHIVE:0xFf:1:300:more:5", "entry ARCHIVE kind 3 flags 2 ff000000" },
	{ "# PE", "-" },
	{ "", "-" },
	{ "PE", "1: too few fields: Section:0xBits" },
	{ "PE:1", "4: bits are 0x and up to 8 hexadecimal digits" },
	{ "PE:0x", "4: bits are 0x and up to 8 hexadecimal digits" },
	{ "PE:0x123456789", "4: bits are 0x and up to 8 hexadecimal digits" },
	{ "PE:0xg", "4: bits are 0x and up to 8 hexadecimal digits" },
	{ "pe:0x1", "skip 1: an unknown section" },
	{ "PE:0x1:300", "skip 8: for a newer engine (lowest feature level)" },
	{ "PE:0x1:1:20", "skip 10: for an older engine (highest feature level)" },
};

TEST("lines of cfg")
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (!CHECK_STR(show_line("cfg", cases[i].line), cases[i].shown))
			printf("#   of %s\n", cases[i].line);
}

TEST_MAIN()
