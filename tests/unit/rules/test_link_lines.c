/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_show.h"
#include "rules/languages.h"
#include "test.h"

#define DIGEST "c759a0aaa49a133ff527065e3d18c51388eae5c72c927b5703d07ca2e80c0f35"

struct line_case {
	const char *line, *shown;
};

static void check_all(const char *suffix, const struct line_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!CHECK_STR(show_line(suffix, cases[i].line), cases[i].shown))
			printf("#   of %s\n", cases[i].line);
}

TEST("hosts that are watched")
{
	static const struct line_case cases[] = {
		{ "H:A.com", "entry A.com kind 72 flags 2 612e636f6d" },
		{ "H:a.b:1-300", "entry a.b kind 72 flags 2 612e62" },
		{ "H:a.b:17-", "entry a.b kind 72 flags 2 612e62" },
		{ "H:a.b:300-", "skip 7: for a newer engine (lowest feature level)" },
		{ "# H", "-" },
		{ "H", "1: a letter and one or two fields, perhaps levels" },
		{ "H:", "3: the host is empty" },
		{ "H:a:b", "1: not as many fields as this kind has" },
		{ "R:a", "1: not as many fields as this kind has" },
		{ "R:a:(b", "7: a parenthesis is not closed" },
		{ "M:a:b", "1: a kind that this table has not" },
		{ "h:a.b", "1: a kind that this table has not" },
	};

	check_all("pdb", cases, ARRAY_LEN(cases));
}

TEST("an expression is of both links, and reaches to the end")
{
	/* x : y, then perhaps a slash, and the end */
	static const struct line_case cases[] = {
		{ "R:x:y", "entry x:y kind 82 flags 2 0700000000000300"
			   "017800000000013a00000000017900000000"
			   "040004000500012f00000000070000000000000000000000783a79" },
	};

	check_all("pdb", cases, ARRAY_LEN(cases));
}

TEST("links that are allowed")
{
	static const struct line_case cases[] = {
		{ "M:A.com:b.com",
		  "entry A.com:b.com kind 77 flags 2 612e636f6d3a622e636f6d" },
		{ "M::b.com", "3: the host is empty" },
		{ "Y:a:b", "1: not as many fields as this kind has" },
		{ "X:a:b:c", "1: not as many fields as this kind has" },
		{ "X:*a:b", "3: nothing that could be repeated" },
		{ "H:a.b", "1: a kind that this table has not" },
	};

	check_all("wdb", cases, ARRAY_LEN(cases));
}

TEST("links by their digest")
{
	static const struct line_case cases[] = {
		{ "S:P:C759a0aa", "entry P:C759a0aa kind 80 flags 2 00c759a0aa" },
		{ "S2:F:" DIGEST, "entry F:" DIGEST " kind 70 flags 2 02" DIGEST },
		{ "S1:W:" DIGEST ":1-300",
		  "entry W:" DIGEST " kind 87 flags 2 01" DIGEST },
		{ "S:F:c759a0aa", "5: a prefix has 8 digits, a digest 64" },
		{ "S:P:" DIGEST, "5: a prefix has 8 digits, a digest 64" },
		{ "S:Q:c759a0aa",
		  "3: P, F or W: a prefix, a whole digest, an allowed one" },
		{ "S:P:c759a0a", "5: bytes are pairs of hexadecimal digits" },
		{ "S3:P:c759a0aa", "1: a kind that this table has not" },
	};

	check_all("gdb", cases, ARRAY_LEN(cases));
}

TEST_MAIN()
