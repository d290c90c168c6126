/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/subsignature.h"

#include "rule_show.h"
#include "test.h"

static const char *read_sub(const char *sub)
{
	char line[256];

	snprintf(line, sizeof(line), "A;Target:1;0;%s", sub);
	const char *shown = show_line("ldb", line);
	const char *bar = strchr(shown, '|');
	return bar ? bar + 2 : shown;
}

TEST("the offset stands in front, the options behind two colons")
{
	static const struct {
		const char *sub, *shown;
	} cases[] = {
		{ "6162", "any: lit 6162" },
		{ "6162::", "any: lit 6162" },
		{ "*:6162", "any: lit 6162" },
		{ "5:6162", "at 5: lit 6162" },
		{ "SE1:6162::i", "within 1: fold 6162" },
		{ "6162::i", "any: fold 6162" },
		{ "6162::w", "any: lit 61006200" },
		{ "6162::a", "any: lit 6162" },
		{ "6162::wa", "any: lit 6162 / lit 61006200" },
		{ "6162::aiwf", "any: <W fold 6162 W> / <W~ fold 61006200 W~>" },
		{ "6162::ii", "any: fold 6162" },
		{ "6162::d", "20: the options of a subsignature are i, f, w and a" },
		{ "6162::I", "20: the options of a subsignature are i, f, w and a" },
		{ "6162::i ", "21: the options of a subsignature are i, f, w and a" },
		{ "6162:i", "19: neither a hexadecimal digit nor a wildcard" },
		{ "5:5:6162::i", "14: too many colons: Offset:HexPattern::options" },
		{ "::i", "14: the pattern is empty" },
		{ "6162!(63)64::a", "18: no !( ) in a subsignature with options" },
		{ "6162!(63)64::", "any: lit 6162 not(lit 63) lit 64" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (!CHECK_STR(read_sub(cases[i].sub), cases[i].shown))
			printf("#   of %s\n", cases[i].sub);
}

TEST_MAIN()
