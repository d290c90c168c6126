/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_show.h"
#include "rules/languages.h"
#include "test.h"

#define MD5 "44d88612fea8a8f36de82e1278abb02f"

TEST("a rule is named alone, with its line's digest, or in the old form")
{
	static const struct {
		const char *line, *shown;
	} cases[] = {
		{ "A.B", "ignore A.B" },
		{ "A.B:" MD5, "ignore A.B " MD5 },
		{ "daily.ndb:12:A.B", "ignore A.B" },
		{ "# A.B", "-" },
		{ "", "-" },
		{ "A.B:44d8", "5: the MD5 of a line has 32 hexadecimal digits" },
		{ "A.B:3395856ce81f2b7382dee72602f798b642f14140",
		  "5: the MD5 of a line has 32 hexadecimal digits" },
		{ "A.B:", "5: the MD5 of a line has 32 hexadecimal digits" },
		{ ":" MD5, "1: the rule has no name" },
		{ "a:b:", "5: the rule has no name" },
		{ "a:b:c:d", "7: too many fields: Name, Name:MD5 or Database:Line:Name" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (!CHECK_STR(show_line("ign2", cases[i].line), cases[i].shown))
			printf("#   of %s\n", cases[i].line);
		CHECK_STR(show_line("ign", cases[i].line), cases[i].shown);
	}
}

TEST_MAIN()
