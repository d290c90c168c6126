/* SPDX-License-Identifier: Apache-2.0 */
#include "database/switches.h"

#include "built.h"
#include "test.h"

#define MD5 "44d88612fea8a8f36de82e1278abb02f"

static struct built built;

/* Builds rules of all kinds, with these lines in the same source; what is told of it. */
static const char *build_with(const char *cfg, uint32_t source)
{
	const struct built_file files[] = {
		{ "a.ldb",
		  "R;Engine:81-255,Target:0;0&1;616263;0/a/\nL;Target:0;0;616263\n", 0 },
		{ "a.mdb", "68:" MD5 ":S\n", 0 },
		{ "a.imp", MD5 ":68:I\n", 0 },
		{ "a.cfg", cfg, source },
		{ NULL, NULL, 0 },
	};

	built_make(&built, files, NULL);
	CHECK_EQ(built.status, STATUS_OK);
	built_free(&built);
	return built.problems.text;
}

TEST("what a source switches off is left out of its own rules, and told")
{
	CHECK_STR(build_with("PE:0xffffffff\n", 0), "");
	CHECK_STR(build_with("PCRE:0xfffffffe\n", 0),
		  "left out 0:1:0 its source switches off regular expressions: R\n");
	CHECK_STR(build_with("PE:0xffffffef\n", 0),
		  "left out 1:1:0 its source switches off hashes of sections: S\n");
	CHECK_STR(build_with("PE:0xfff7ffff\n", 0),
		  "left out 2:1:0 its source switches off hashes of imports: I\n");
}

TEST("the last line for a section counts, if it is for this engine")
{
	CHECK_STR(build_with("PCRE:0x0\nPCRE:0x7\n", 0), "");
	CHECK_STR(build_with("PCRE:0x7\nPCRE:0x0:1:20\n", 0),
		  "left out 3:2:12 for an older engine (highest feature level): 20\n");
}

TEST("nothing is switched off for other sources")
{
	CHECK_STR(build_with("PE:0x0\nPCRE:0x0\n", 1), "");
}

TEST("parsers stay on")
{
	CHECK_STR(build_with("ARCHIVE:0x0\nDOCUMENT:0x0\nMAIL:0x0\nOTHER:0x0\n", 0), "");
}

TEST_MAIN()
