/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/offset.h"

#include "rule_show.h"
#include "test.h"

static const char *read_offset(unsigned target, const char *offset)
{
	static char shown[256];
	char line[256];

	snprintf(line, sizeof(line), "T:%u:%s:616263", target, offset);
	snprintf(shown, sizeof(shown), "%s", show_line("ndb", line));
	char *bar = strchr(shown, '|');
	if (!bar)
		return shown;
	*strstr(bar, ": lit") = '\0';
	return bar + 2;
}

TEST("every form of offset is read")
{
	static const struct {
		const char *offset, *shown;
	} cases[] = {
		{ "*", "any" },
		{ "0", "at 0" },
		{ "4294967295", "at 4294967295" },
		{ "10,20", "at 10,20" },
		{ "EOF-0", "end- 0" },
		{ "EOF-100,5", "end- 100,5" },
		{ "EP+0", "entry+ 0" },
		{ "EP-12", "entry- 12" },
		{ "EP+5,100", "entry+ 5,100" },
		{ "S0+7", "section+ 0 7" },
		{ "S15+7,3", "section+ 15 7,3" },
		{ "SL+9", "last+ 9" },
		{ "SE0", "within 0" },
		{ "SE3,10", "within 3,10" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (!CHECK_STR(read_offset(1, cases[i].offset), cases[i].shown))
			printf("#   of %s\n", cases[i].offset);
}

TEST("what is no offset is refused at its place")
{
	static const char *const bad[] = {
		"",   "-5",   "+5",     "5-10",       " 5",
		"5 ", "0x10", "EOF",    "EOF+1",      "EOF-",
		"EP", "EP*5", "EP+",    "4294967296", "e",
		"SL", "SL-5", "S1+1+1", "SL+",        "99999999999999999999999",
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (!CHECK_STR(read_offset(1, bad[i]),
			       bad[i][0] == 'S' && bad[i][1] == 'L' && bad[i][2] != '+' ?
				       "5: a section is named by its number: S0+n, SE0, "
				       "or SL+n" :
				       "5: an offset is one of *, n, EOF-n, EP+n, EP-n, "
				       "Sx+n, "
				       "SEx, SL+n, VI"))
			printf("#   of %s\n", bad[i]);
	CHECK_STR(read_offset(1, "SE"),
		  "5: a section is named by its number: S0+n, SE0, or SL+n");
	CHECK_STR(read_offset(1, "S65536+1"),
		  "5: a section is named by its number: S0+n, SE0, or SL+n");
	CHECK_STR(read_offset(1, "S3"),
		  "5: a section's number is followed by + and a number");
	CHECK_STR(read_offset(1, "10,"),
		  "7: a number belongs behind the comma of an offset");
	CHECK_STR(read_offset(1, "10,a"),
		  "7: a number belongs behind the comma of an offset");
	CHECK_STR(read_offset(1, "00000000000000000000000000000000"
				 "000000000000000000000000000000000"),
		  "5: an offset is 64 characters at most");
}

TEST("entry points and sections are for programs")
{
	static const char *const offsets[] = { "EP+0", "S0+1", "SE0", "SL+1", "VI" };

	for (size_t i = 0; i < ARRAY_LEN(offsets); i++) {
		CHECK_STR(read_offset(0, offsets[i]),
			  "5: entry points, sections and VI are for targets 1, 6 and 9");
		CHECK(strchr(read_offset(6, offsets[i]), ':') == NULL);
		CHECK(strchr(read_offset(9, offsets[i]), ':') == NULL);
	}
	CHECK_STR(read_offset(5, "EOF-5"), "end- 5");
}

TEST("a macro's group is named between dollars, of which the second may be missing")
{
	CHECK_STR(read_offset(0, "$31$"), "macro 31");
	CHECK_STR(read_offset(0, "$32$"), "5: a macro group is $n$, n from 0 to 31");
	CHECK_STR(read_offset(0, "$1"), "macro 1");
	CHECK_STR(read_offset(0, "x$1$"), "5: a macro group is $n$, n from 0 to 31");
	CHECK_STR(read_offset(0, "$"), "5: a macro group is $n$, n from 0 to 31");
}

TEST_MAIN()
