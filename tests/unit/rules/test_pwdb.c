/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_show.h"
#include "rules/languages.h"
#include "test.h"

static const struct line_case {
	const char *line, *shown;
} cases[] = {
	{ "A;Engine:81-255,Container:CL_TYPE_ZIP;0;pw",
	  "entry A kind 0 flags 2 035a49507077" },
	{ "A;Engine:81-255,Container:CL_TYPE_ANY;0;p;w ",
	  "entry A kind 0 flags 2 00703b7720" },
	{ "A;Engine:81-255;1;7057", "entry A kind 0 flags 2 007057" },
	{ "# A", "-" },
	{ "", "-" },
	{ "A;Engine:81-255;0", "1: not 4 fields: Name;Conditions;Storage;Password" },
	{ ";Engine:81-255;0;pw", "1: the rule has no name" },
	{ "A;Engine:81-255;0;", "19: the password is empty" },
	{ "A;Engine:81-255;1;705", "19: bytes are pairs of hexadecimal digits" },
	{ "A;Engine:81-255;2;pw", "skip 17: an unknown form of passwords" },
	{ "A;Engine:81;0;pw", "10: Engine is a lowest and a highest feature level" },
	{ "A;Engine:300-400;0;pw", "skip 10: for a newer engine (lowest feature level)" },
	{ "A;Container:CL_TYPE_ZIP;0;pw",
	  "3: this needs Engine:51-255 or more in front" },
	{ "A;Engine:50-255,Container:CL_TYPE_ZIP;0;pw",
	  "17: this needs Engine:51-255 or more in front" },
	{ "A;Engine:81-255,Container:CL_TYPE_GZ;0;pw",
	  "27: passwords are for CL_TYPE_ZIP, _RAR and _ANY" },
	{ "A;Engine:81-255,Container:CL_TYPE_NO;0;pw", "skip 27: an unknown file type" },
	{ "A;;0;pw", "3: of a password only Engine, which comes first, and Container "
		     "are asked" },
	{ "A;Engine:81-255,,,,,,,,,,,,,,,,;0;pw", "3: more than 16 conditions" },
	{ "A;Engine:81-255,Target:0;0;pw",
	  "17: of a password only Engine, which comes first, and Container are asked" },
};

TEST("lines of pwdb")
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (!CHECK_STR(show_line("pwdb", cases[i].line), cases[i].shown))
			printf("#   of %s\n", cases[i].line);
}

TEST_MAIN()
