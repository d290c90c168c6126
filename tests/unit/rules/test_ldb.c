/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_show.h"
#include "rules/languages.h"
#include "test.h"
#include "text_buffer.h"

struct line_case {
	const char *line, *shown;
};

static void check_all(const struct line_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!CHECK_STR(show_line("ldb", cases[i].line), cases[i].shown))
			printf("#   of %s\n", cases[i].line);
}

TEST("a logical signature has conditions, an expression and subsignatures")
{
	static const struct line_case cases[] = {
		{ "A.B;Target:0;0;6162", "A.B target 0 expr s0 | any: lit 6162" },
		{ "A.B;Engine:51-255,FileSize:1-20,Target:6;0&1;6162;EP+0:6364",
		  "A.B target 6 if size 1-20 expr s0 f3 s1 & | any: lit 6162 "
		  "| entry+ 0: lit 6364" },
		{ "A;Target:0;(0|1)>1,2;6162;6364",
		  "A target 0 expr s0 s1 | >1,2 | any counted: lit 6162 "
		  "| any counted: lit 6364" },
		{ "A;Target:0;0>0&1=0;6162;6364",
		  "A target 0 expr s0 >0 f13 s1 =0 & | any: lit 6162 | any: lit 6364" },
		{ "PUA.A;Target:0;0;6162",
		  "PUA.A target 0 weak expr s0 | any: lit 6162" },
		{ "#", "-" },
		{ "", "-" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("as many subsignatures as the expression has numbers")
{
	static const struct line_case cases[] = {
		{ "A;Target:0;0;6162;6364",
		  "19: the expression does not name this subsignature" },
		{ "A;Target:0;0&1;6162",
		  "12: the expression names a subsignature that is not there" },
		{ "A;Target:0;0&2;6162;6364;6566",
		  "A target 0 expr s0 f3 s2 & | any: lit 6162 | any: lit 6364 | any: lit "
		  "6566" },
		{ "A;Target:0;0",
		  "1: too few fields: Name;Target description;Expression;Sub0" },
		{ "A;Target:0;0;", "14: the pattern is empty" },
		{ ";Target:0;0;6162", "1: the rule has no name" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("sixty-four subsignatures and no more")
{
	static struct text_buffer line;

	text_add(&line, "A;Target:0;63");
	text_repeat(&line, ";6162", 64);
	CHECK(strncmp(show_line("ldb", line.text), "A target 0 expr s63 | any", 25) == 0);
	text_add(&line, ";6162");
	CHECK_STR(show_line("ldb", line.text), "335: more than 64 subsignatures");
}

TEST("a slash keeps semicolons together")
{
	static const struct line_case cases[] = {
		{ "A;Target:0;0&1;6162;0/a;b/i",
		  "A target 0 expr s0 f3 s1 & | any: lit 6162 | any: if ( s0 ) /a;b/8" },
		{ "A;Target:0;0&1&2;6162;0/a\\/;b/;6364",
		  "A target 0 expr s0 f3 s1 & f3 s2 & | any: lit 6162 "
		  "| any: if ( s0 ) /a\\/;b/0 | any: lit 6364" },
		{ "A;Target:0;0&1&2;6162;0/a/b/;6364",
		  "12: the expression names a subsignature that is not there" },
		{ "A/b;Target:0;0;6162", "A/b target 0 expr s0 | any: lit 6162" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("what a subsignature refers to is there and has a place")
{
	static const struct line_case cases[] = {
		{ "A;Target:0;1;6162;0(>>4#d4#>1,<9)",
		  "A target 0 expr s1 | any last: lit 6162 | any: s0+4 d4 >1 <9" },
		{ "A;Target:0;0&1;1(<<4#hl4#=1);6162",
		  "A target 0 expr s0 f3 s1 & | any: s1-4 hl4 =1 "
		  "| any last: lit 6162" },
		{ "A;Target:0;0&1;6162;1(>>4#d4#=1)",
		  "21: a comparison refers to a pattern or a macro" },
		{ "A;Target:0;0&1;6162;2(>>4#d4#=1)",
		  "21: a comparison refers to a pattern or a macro" },
		{ "A;Target:0;0&1&2;6162;0/a/;1(>>4#d4#=1)",
		  "28: a comparison refers to a pattern or a macro" },
		{ "A;Target:0;0&1;6162;${6-7}0$",
		  "A target 0 expr s0 f3 s1 & | any: lit 6162 | any: 6-7 of 0" },
		{ "A;Target:0;0;${6-7}0$", "14: a macro follows a hexadecimal pattern" },
		{ "A;Target:0;0&1&2;6162;0/a/;${6-7}0$",
		  "28: a macro follows a hexadecimal pattern" },
		{ "A;Target:0;1;6162;(0)=2/a/",
		  "22: a count follows a number, or a block of several" },
		{ "A;Target:0;1;6162;0>2/a/",
		  "A target 0 expr s1 | any counted: lit 6162 | any: if ( s0 >2 ) /a/0" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("groups of icons are one condition, of programs")
{
	static const struct line_case cases[] = {
		{ "A;Engine:51-255,IconGroup1:x,Target:1;0;6162",
		  "A target 1 if icon of x expr s0 | any: lit 6162" },
		{ "A;Engine:51-255,IconGroup2:y,Target:1;0;6162",
		  "A target 1 if icon any of y expr s0 | any: lit 6162" },
		{ "A;Engine:51-255,IconGroup2:y,Target:1,IconGroup1:z,IconGroup1:x,"
		  "NumberOfSections:1-2;0=0;6162",
		  "A target 1 if sections 1-2 if icon of x of y expr s0 =0 | any: "
		  "lit 6162" },
		{ "A;Engine:51-255,IconGroup1:*,Target:0;0;6162",
		  "3: IconGroup1 and IconGroup2 are for target 1" },
		{ "A;IconGroup1:x,Target:1;0;6162",
		  "3: this needs Engine:51-255 or more in front" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("what may stand once is refused the second time")
{
	static const struct line_case cases[] = {
		{ "A;Engine:51-255,HandlerType:CL_TYPE_ZIP,HandlerType:CL_TYPE_GZ,"
		  "Target:0;0;6162",
		  "53: HandlerType stands here a second time" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

static bool is_refused(const struct text_buffer *line, const char *why)
{
	const char *shown = show_line("ldb", line->text);

	if (CHECK(strstr(shown, why) != NULL))
		return true;
	printf("#   got %.60s\n", shown);
	return false;
}

TEST("rules made to be expensive are refused, or as long as their line")
{
	static struct text_buffer line;

	text_add(&line, "A;Target:0;");
	text_repeat(&line, "(", 1000);
	text_add(&line, "0");
	text_repeat(&line, ")", 1000);
	text_add(&line, ";6162");
	CHECK(is_refused(&line, "nested too deep"));

	text_clear(&line);
	text_add(&line, "A;Target:0;0&1;6162;");
	text_repeat(&line, "(", 1000);
	text_add(&line, "0");
	text_repeat(&line, ")", 1000);
	text_add(&line, "/a/");
	CHECK(is_refused(&line, "nested too deep"));

	text_clear(&line);
	text_add(&line, "A;Target:0;0&1;6162;0/");
	text_repeat(&line, "(", 1000);
	text_repeat(&line, ")", 1000);
	text_add(&line, "/");
	CHECK(is_refused(&line, "parentheses are too deeply nested"));

	text_clear(&line);
	text_add(&line, "A;Target:0;0&1;6162;0/((((a{1,999}){1,999}){1,999}){1,999})/");
	CHECK(is_refused(&line, "regular expression is too large"));

	text_clear(&line);
	text_add(&line, "A;Target:0;0;6162{0-4294967295}6364");
	CHECK(is_refused(&line, "a gap is one of n, -n, n-, n-m"));

	text_clear(&line);
	text_add(&line, "A;Target:0;0;6162(");
	text_repeat(&line, "61|", 3000);
	text_add(&line, "62)");
	CHECK(strncmp(show_line("ldb", line.text), "A target 0 expr s0 | any: ", 26) ==
	      0);
}

TEST_MAIN()
