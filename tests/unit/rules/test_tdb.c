/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/tdb.h"

#include "rule_show.h"
#include "test.h"
#include "text_buffer.h"

static const char *read_tdb(const char *tdb)
{
	static char shown[4096];
	char line[4096];

	snprintf(line, sizeof(line), "A;%s;0;6162", tdb);
	snprintf(shown, sizeof(shown), "%s", show_line("ldb", line));
	char *end = strstr(shown, " expr");
	if (end)
		*end = '\0';
	return shown;
}

TEST("conditions are read in any order behind Engine")
{
	static const struct {
		const char *tdb, *shown;
	} cases[] = {
		{ "Target:0", "A target 0" },
		{ "Engine:51-255,Target:14", "A target 14" },
		{ "Engine:51-255,Target:0,FileSize:0-4294967296",
		  "A target 0 if size 0-4294967296" },
		{ "Engine:51-255,NumberOfSections:1-5,EntryPoint:0-100,Target:9",
		  "A target 9 if sections 1-5 if entry 0-100" },
		{ "Engine:51-255,Container:CL_TYPE_ZIP,Target:0",
		  "A target 0 if in ZIP" },
		{ "Engine:51-255,Container:CL_TYPE_ANY,Target:0",
		  "A target 0 if in ANY" },
		{ "Engine:51-255,Intermediates:CL_TYPE_ZIP>CL_TYPE_MAIL,Target:0",
		  "A target 0 if inside ZIP MAIL" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (!CHECK_STR(read_tdb(cases[i].tdb), cases[i].shown))
			printf("#   of %s\n", cases[i].tdb);
}

TEST("what is wrong with a condition is told at its place")
{
	static const struct {
		const char *tdb, *shown;
	} cases[] = {
		{ "", "3: a condition is a name, a colon and a value" },
		{ "Target", "3: a condition is a name, a colon and a value" },
		{ "Target:0,", "12: a condition is a name, a colon and a value" },
		{ "Engine:51-255", "3: there is no Target" },
		{ "Target:*", "10: a target is a decimal number from 0 to 14" },
		{ "Target:0,Engine:51-255", "19: Engine must be the first condition" },
		{ "Engine:51,Target:0",
		  "10: Engine is a lowest and a highest feature level" },
		{ "Engine:a-b,Target:0",
		  "10: Engine is a lowest and a highest feature level" },
		{ "FileSize:1-2,Target:0",
		  "3: this needs Engine:51-255 or more in front" },
		{ "Engine:50-255,FileSize:1-2,Target:0",
		  "17: this needs Engine:51-255 or more in front" },
		{ "Engine:51-255,FileSize:1,Target:0",
		  "26: a range is two numbers with a - between them" },
		{ "Engine:51-255,FileSize:1-2-3,Target:0",
		  "26: a range is two numbers with a - between them" },
		{ "Engine:51-255,EntryPoint:0-4294967296,Target:1",
		  "28: a range is two numbers with a - between them" },
		{ "Engine:51-255,EntryPoint:0-1,Target:0",
		  "3: EntryPoint and NumberOfSections are for targets 1, 6 and 9" },
		{ "Engine:51-255,NumberOfSections:0-1,Target:2",
		  "3: EntryPoint and NumberOfSections are for targets 1, 6 and 9" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (!CHECK_STR(read_tdb(cases[i].tdb), cases[i].shown))
			printf("#   of %s\n", cases[i].tdb);
}

TEST("what is for other engines is left out")
{
	CHECK_STR(read_tdb("Engine:217-255,Target:0"),
		  "skip 10: for a newer engine (lowest feature level)");
	CHECK_STR(read_tdb("Engine:51-215,Target:0"),
		  "skip 13: for an older engine (highest feature level)");
	CHECK_STR(read_tdb("Engine:51-255,Colour:1,Target:0"),
		  "skip 17: an unknown condition");
	CHECK_STR(read_tdb("Engine:51-255,Container:CL_TYPE_NONE,Target:0"),
		  "skip 27: an unknown file type");
	CHECK_STR(read_tdb("Engine:51-255,Container:ZIP,Target:0"),
		  "skip 27: an unknown file type");
	CHECK_STR(read_tdb("Engine:51-255,Intermediates:CL_TYPE_ZIP>,Target:0"),
		  "skip 43: an unknown file type");
	CHECK_STR(read_tdb("Target:15"), "skip 10: an unknown target");
}

TEST("no more conditions and types than there is room for")
{
	static struct text_buffer tdb;

	text_add(&tdb, "Engine:51-255");
	text_repeat(&tdb, ",FileSize:1-2", 14);
	text_add(&tdb, ",Target:0");
	CHECK(strncmp(read_tdb(tdb.text), "A target 0 if size 1-2", 22) == 0);
	text_add(&tdb, ",Target:0");
	CHECK_STR(read_tdb(tdb.text), "3: too many conditions in the target description");

	text_clear(&tdb);
	text_add(&tdb, "Engine:51-255,Target:0,Intermediates:CL_TYPE_ZIP");
	text_repeat(&tdb, ">CL_TYPE_ZIP", 31);
	CHECK(strncmp(read_tdb(tdb.text), "A target 0 if inside ZIP", 24) == 0);
	text_add(&tdb, ">CL_TYPE_ZIP");
	CHECK_STR(read_tdb(tdb.text), "40: Intermediates names 32 types at most");
}

TEST_MAIN()
