/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_show.h"
#include "rules/languages.h"
#include "test.h"

#define MD5 "44d88612fea8a8f36de82e1278abb02f"
#define SHA1 "3395856ce81f2b7382dee72602f798b642f14140"
#define SHA256 "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"

struct line_case {
	const char *line, *shown;
};

static void check_all(const char *suffix, const struct line_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!CHECK_STR(show_line(suffix, cases[i].line), cases[i].shown))
			printf("#   of %s\n", cases[i].line);
}

TEST("the number of digits says what digest it is, whatever the file is called")
{
	static const struct line_case cases[] = {
		{ MD5 ":68:A.B", "hash md5 " MD5 " 68 A.B" },
		{ SHA1 ":68:A.B", "hash sha1 " SHA1 " 68 A.B" },
		{ SHA256 ":4294967294:A", "hash sha256 " SHA256 " 4294967294 A" },
		{ "44D88612FEA8A8F36DE82E1278ABB02F:1:A", "hash md5 " MD5 " 1 A" },
		{ MD5 ":*:A.B:73", "hash md5 " MD5 " * A.B" },
		{ MD5 ":68:A.B:51:255", "hash md5 " MD5 " 68 A.B" },
		{ MD5 ":68:A.B:", "hash md5 " MD5 " 68 A.B" },
		{ MD5 ":68:{MD5}a b;c", "hash md5 " MD5 " 68 {MD5}a b;c" },
		{ "", "-" },
		{ "# " MD5, "-" },
	};

	check_all("hdb", cases, ARRAY_LEN(cases));
	check_all("HSB", cases, ARRAY_LEN(cases));
}

TEST("of sections the size comes first")
{
	static const struct line_case cases[] = {
		{ "68:" MD5 ":A.B", "hash md5 " MD5 " 68 A.B" },
		{ "512:" SHA256 ":A:51:255", "hash sha256 " SHA256 " 512 A" },
		{ "*:" SHA1 ":A:73", "hash sha1 " SHA1 " * A" },
		{ "*:" SHA1 ":A",
		  "1: size * needs a lowest feature level of 73 or more" },
		{ "0:" MD5 ":A", "1: a size is * or a number from 1 to 4294967294" },
		{ MD5 ":68:A", "34: a hash has 32, 40 or 64 hexadecimal digits" },
	};

	check_all("mdb", cases, ARRAY_LEN(cases));
	check_all("msb", cases, ARRAY_LEN(cases));
}

TEST("allow lists are read in the same way")
{
	static const struct line_case cases[] = {
		{ MD5 ":68:A.B", "allow md5 " MD5 " 68 A.B" },
		{ SHA256 ":*:A:73", "allow sha256 " SHA256 " * A" },
		{ MD5 ":68", "1: too few fields: a hash, a size and a name are needed" },
	};

	check_all("fp", cases, ARRAY_LEN(cases));
	check_all("sfp", cases, ARRAY_LEN(cases));
}

TEST("what is no hash line is refused at its place")
{
	static const struct line_case cases[] = {
		{ "x4d88612fea8a8f36de82e1278abb02f:68:A",
		  "1: a hash has 32, 40 or 64 hexadecimal digits" },
		{ "44d88612:68:A", "1: a hash has 32, 40 or 64 hexadecimal digits" },
		{ MD5 "0:68:A", "1: a hash has 32, 40 or 64 hexadecimal digits" },
		{ MD5 ":0:A", "34: a size is * or a number from 1 to 4294967294" },
		{ MD5 ":4294967295:A",
		  "34: a size is * or a number from 1 to 4294967294" },
		{ MD5 ":-1:A", "34: a size is * or a number from 1 to 4294967294" },
		{ MD5 "::A", "34: a size is * or a number from 1 to 4294967294" },
		{ MD5 ":18446744073709551617:A",
		  "34: a size is * or a number from 1 to 4294967294" },
		{ MD5 ":*:A", "34: size * needs a lowest feature level of 73 or more" },
		{ MD5 ":*:A:72",
		  "34: size * needs a lowest feature level of 73 or more" },
		{ MD5 ":68:", "37: the rule has no name" },
		{ MD5 ":68:A:x", "39: a feature level is a decimal number" },
		{ MD5 ":68:A:1:2:3",
		  "43: too many fields: nothing may follow the highest level" },
	};

	check_all("hdb", cases, ARRAY_LEN(cases));
}

TEST("rules for other feature levels are left out")
{
	static const struct line_case cases[] = {
		{ MD5 ":68:A:216:216", "hash md5 " MD5 " 68 A" },
		{ MD5 ":68:A:217", "skip 39: for a newer engine (lowest feature level)" },
		{ MD5 ":68:A:1:215",
		  "skip 41: for an older engine (highest feature level)" },
	};

	check_all("hdb", cases, ARRAY_LEN(cases));
}

TEST_MAIN()
