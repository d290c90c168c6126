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
		{ "6162(B)::f", "any: <W lit 6162 B W>" },
		{ "(L)6162::f", "any: <W L lit 6162 W>" },
		{ "(L)6162(B)*6162(B)", "any: <L lit 6162 B> gap 0- lit 6162 B>" },
		{ "6162(B)*(B)6162::f", "any: <W lit 6162 B> gap 0- <B lit 6162 W>" },
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

static const char *read_second(const char *sub)
{
	char line[256];

	snprintf(line, sizeof(line), "A;Target:1;0&1;6162;%s", sub);
	const char *shown = show_line("ldb", line);
	const char *bar = strrchr(shown, '|');
	return bar ? bar + 2 : shown;
}

struct second {
	const char *sub, *shown;
};

static void check_seconds(const struct second *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!CHECK_STR(read_second(cases[i].sub), cases[i].shown))
			printf("#   of %s\n", cases[i].sub);
}

TEST("a regular expression has a trigger in front and flags behind")
{
	static const struct second cases[] = {
		{ "0/a/", "any: if ( s0 ) /a/0" },
		{ "0/a/grei", "any: if ( s0 ) /a/f" },
		{ "0/a/smxAEU", "any: if ( s0 ) /a/3f0" },
		{ "0/a/ii", "any: if ( s0 ) /a/8" },
		{ "0/a/::i", "any: if ( s0 ) /a/0" },
		{ "*:0/a/", "any: if ( s0 ) /a/0" },
		{ "5,6:0/a:b/", "at 5,6: if ( s0 ) /a:b/0" },
		{ "EP+1:0/a/", "entry+ 1: if ( s0 ) /a/0" },
		{ "0/a\\/b/", "any: if ( s0 ) /a\\/b/0" },
		{ "0/a/b/", "any: if ( s0 ) /a/b/0" },
		{ " 0 /a/", "any: if ( s0 ) /a/0" },
		{ "0/a/z", "25: the flags of a regular expression are g r e i s m x A E "
			   "U" },
		{ "0/a/ ", "25: the flags of a regular expression are g r e i s m x A E "
			   "U" },
		{ "0//", "22: the regular expression is empty" },
		{ "0/a", "21: a regular expression stands between two slashes" },
		{ "/a/", "21: a regular expression needs a trigger in front" },
		{ "1/a/", "21: a trigger names subsignatures before its own" },
		{ "x/a/", "21: expected the number of a subsignature" },
		{ "VI:0/a/", "21: a regular expression has no such offset" },
		{ "0/a(b/", "26: missing closing parenthesis" },
		{ "0/a[b/", "26: missing terminating ] for character class" },
		{ "0/a{9,3}/", "28: numbers out of order in {} quantifier" },
		{ "0/(*UTF)a/", "29: using UTF is disabled by the application" },
		{ "0/a\\/", "25: \\ at end of pattern" },
	};

	check_seconds(cases, ARRAY_LEN(cases));
}

TEST("a comparison has an offset, options and one or two numbers to compare with")
{
	static const struct second cases[] = {
		{ "0(>>4#d4#=1)", "any: s0+4 d4 =1" },
		{ " 00(>> 0x10#heb0x4#<010,>-0x2) ", "any: s0+16 hbe4 <8 >-2" },
		{ "0(<<+4#il8#=-1)", "any: s0-4 il8 =-1" },
		{ "0(>>-4#a4#= 7)", "any: s0-4 a4 =7" },
		{ "0(>>4#4#=1)", "any: s0+4 ?4 =1" },
		{ "0(>>4#d100000#=1)", "any: s0+4 d100000 =1" },
		{ "0(>>4#d4#=18446744073709551615)",
		  "any: s0+4 d4 =9223372036854775807" },
		{ "0(>>4#d4#=-9223372036854775809)",
		  "any: s0+4 d4 =-9223372036854775808" },
		{ "0(4#d4#=1)", "23: the offset of a comparison is >>n or <<n" },
		{ "0(>>#d4#=1)", "25: the offset of a comparison is a number" },
		{ "0(>>4x#d4#=1)", "25: the offset of a comparison is a number" },
		{ "0(>>4#dl4#=1)", "29: a decimal number has its high digits first" },
		{ "0(>>4#hd4#=1)", "28: options are one of h d a i, one of l b, and e" },
		{ "0(>>4#lb4#=1)", "28: options are one of h d a i, one of l b, and e" },
		{ "0(>>4#H4#=1)", "27: options are one of h d a i, one of l b, and e" },
		{ "0(>>4#h19#=1)", "28: a hexadecimal number has 18 bytes at most" },
		{ "0(>>4#i3#=1)", "28: a binary number has 1, 2, 4 or 8 bytes" },
		{ "0(>>4#d0#=1)", "28: behind the options stands a number of bytes" },
		{ "0(>>4#d#=1)", "28: behind the options stands a number of bytes" },
		{ "0(>>4#d4e#=1)", "28: behind the options stands a number of bytes" },
		{ "0(>>4#d4#1)", "30: a comparison is <n, =n or >n" },
		{ "0(>>4#d4#=)", "30: a comparison is <n, =n or >n" },
		{ "0(>>4#d4#=08)", "30: a comparison is <n, =n or >n" },
		{ "0(>>4#d4#==1)", "30: a comparison is <n, =n or >n" },
		{ "0(>>4#d4#=1,)", "33: a comparison is <n, =n or >n" },
		{ "0(>>4#d4#=1,=1,=1)", "30: more than two comparisons" },
		{ "0(>>4#d4)", "23: a comparison is id(offset#options#comparisons)" },
		{ "0(>>4#d4#=1", "21: a comparison ends with its parenthesis" },
		{ "64(>>4#d4#=1)",
		  "21: a comparison begins with the number of a subsignature" },
	};

	check_seconds(cases, ARRAY_LEN(cases));
}

TEST("a macro has a distance and a group")
{
	static const struct second cases[] = {
		{ "${6-7}12$", "any: 6-7 of 12" },
		{ "${0-4294967295}0$", "any: 0-4294967295 of 0" },
		{ "${6}12$", "21: a macro is ${min-max}group$" },
		{ "${-6}12$", "21: a macro is ${min-max}group$" },
		{ "${6-7}12", "21: a macro is ${min-max}group$" },
		{ "${6-7}$", "27: groups of macros are numbered from 0 to 31" },
		{ "${6-7}32$", "27: groups of macros are numbered from 0 to 31" },
		{ "${8-7}1$", "23: the distance ends before it begins" },
		{ "${", "21: a macro is ${min-max}group$" },
		{ "${$", "21: a macro is ${min-max}group$" },
		{ "${}$", "21: a macro is ${min-max}group$" },
	};

	check_seconds(cases, ARRAY_LEN(cases));
}

TEST("the hash of an image has 16 digits and no distance")
{
	static const struct second cases[] = {
		{ "fuzzy_img#af2ad01ED42993c7", "any: image af2ad01ed42993c7" },
		{ "fuzzy_img#af2ad01ed42993c7#0", "any: image af2ad01ed42993c7" },
		{ "fuzzy_img#af2ad01ed42993c7#1",
		  "48: hashes of images are compared for equality only" },
		{ "fuzzy_img#af2ad01ed42993c7#x", "48: a distance is a number" },
		{ "fuzzy_img#af2ad01ed42993c",
		  "21: an image's hash is fuzzy_img# and 16 digits" },
		{ "fuzzy_img#af2ad01ed42993cg", "46: no hexadecimal digit" },
		{ "fuzzy_img#af2ad01ed42993c7#0#0",
		  "21: an image's hash is fuzzy_img# and 16 digits" },
	};

	check_seconds(cases, ARRAY_LEN(cases));
}

TEST_MAIN()
