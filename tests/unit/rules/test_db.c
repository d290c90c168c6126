/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_show.h"
#include "rules/languages.h"
#include "test.h"

TEST("a line is a name, = and a pattern for any object, anywhere")
{
	static const struct {
		const char *line, *shown;
	} cases[] = {
		{ "A.B=616263", "A.B target 0 expr s0 | any: lit 616263" },
		{ "A.B (Clam)=616263", "A.B target 0 expr s0 | any: lit 616263" },
		{ "A B:C=616263", "A B:C target 0 expr s0 | any: lit 616263" },
		{ "PUA.X=616263", "PUA.X target 0 weak expr s0 | any: lit 616263" },
		{ "A.B=6162*6364",
		  "A.B target 0 expr s0 | any: lit 6162 gap 0- lit 6364" },
		{ "#A.B=616263", "-" },
		{ "", "-" },
		{ "A.B", "1: no = between a name and a pattern" },
		{ "A=B=616263", "5: more than one =" },
		{ "=616263", "1: the rule has no name" },
		{ " (Clam)=616263", "1: the rule has no name" },
		{ "A=", "3: the pattern is empty" },
		{ "A=6162", "3: a pattern without wildcards needs three bytes" },
		{ "A= 616263", "3: neither a hexadecimal digit nor a wildcard" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (!CHECK_STR(show_line("db", cases[i].line), cases[i].shown))
			printf("#   of %s\n", cases[i].line);
}

TEST_MAIN()
