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
		if (!CHECK_STR(show_line("ndb", cases[i].line), cases[i].shown))
			printf("#   of %s\n", cases[i].line);
}

TEST("a signature has a name, a target, an offset and a pattern")
{
	static const struct line_case cases[] = {
		{ "A.B:0:*:616263", "A.B target 0 expr s0 | any: lit 616263" },
		{ "A.B:*:0:616263", "A.B target 0 expr s0 | at 0: lit 616263" },
		{ "A.B:6:EP+5,2:616263",
		  "A.B target 6 expr s0 | entry+ 5,2: lit 616263" },
		{ "{HEX}a b:4:*:616263:51:255",
		  "{HEX}a b target 4 expr s0 | any: lit 616263" },
		{ "PUA.X:0:*:616263", "PUA.X target 0 weak expr s0 | any: lit 616263" },
		{ "Heuristics.X:0:*:616263",
		  "Heuristics.X target 0 weak expr s0 | any: lit 616263" },
		{ "pua.X:0:*:616263", "pua.X target 0 expr s0 | any: lit 616263" },
		{ "#A.B:0:*:616263", "-" },
		{ "", "-" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("two bytes are enough only where clamscan takes them")
{
	static const struct line_case cases[] = {
		{ "A:0:*:6162", "7: a pattern without wildcards needs three bytes" },
		{ "A:1:*:6162", "A target 1 expr s0 | any: lit 6162" },
		{ "A:1:0:6162", "7: a pattern without wildcards needs three bytes" },
		{ "A:1:0,5:6162", "A target 1 expr s0 | at 0,5: lit 6162" },
		{ "A:1:SE0:6162", "9: a pattern without wildcards needs three bytes" },
		{ "A:5:*:6162", "A target 5 expr s0 | any: lit 6162" },
		{ "A:0:*:6162??", "A target 0 expr s0 | any: lit 6162 skip 1" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("every target that there is is read, others leave the rule out")
{
	static const struct line_case cases[] = {
		{ "A:8:*:616263", "A target 8 expr s0 | any: lit 616263" },
		{ "A:13:*:616263", "A target 13 expr s0 | any: lit 616263" },
		{ "A:14:*:616263", "A target 14 expr s0 | any: lit 616263" },
		{ "A:15:*:616263", "skip 3: an unknown target" },
		{ "A:99999999999:*:616263", "skip 3: an unknown target" },
		{ "A:-1:*:616263", "3: a target is a decimal number from 0 to 14" },
		{ "A::*:616263", "3: a target is a decimal number from 0 to 14" },
		{ "A:0:*:616263:217",
		  "skip 14: for a newer engine (lowest feature level)" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("a line with too few or too many fields is refused")
{
	static const struct line_case cases[] = {
		{ "A", "1: too few fields: Name:Target:Offset:HexSignature" },
		{ "A:0:*", "1: too few fields: Name:Target:Offset:HexSignature" },
		{ "A:0:*:", "7: the pattern is empty" },
		{ ":0:*:616263", "1: the rule has no name" },
		{ "A:0:*:616263:1:2:3",
		  "18: too many fields: nothing may follow the highest level" },
		{ "A:0:*:616263:x", "14: a feature level is a decimal number" },
		{ "A:0:*:61zz63", "9: neither a hexadecimal digit nor a wildcard" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST_MAIN()
