/* SPDX-License-Identifier: Apache-2.0 */
#include "assembled.h"
#include "scanning.h"
#include "test.h"

static struct text_buffer cbc;

static struct scanning *open_program(const char *text)
{
	assemble(text, &cbc);
	return scanning_open(
		(const struct rule_text[]){ { "test.cbc", cbc.text, NULL },
					    { "other.ndb", "Made:0:*:6d616465", NULL },
					    { 0 } });
}

/* Names what it finds "A.B", or "A.C" if `6262` is there twice. */
static const char namer[] =
	"kind 256\nname A.{B,C};Target:0;0;6161;6262\ntype fn 32 65 32\ntype array 4 8\n"
	"api 5 69 setvirusname\ncontext 0x8000\nglobal 0 0\nglobal 70 65 46 66 0\n"
	"global 70 65 46 67 0\nglobal 65 0 1\nglobal 65 0 2\nglobal 67 4 0x8000\n"
	"func 0 32 : 32 1 32\nblock\n32 0 load g5\n1 1 eq 32 v0 c2:4\nT branch v1 2 1\n"
	"block\n32 2 call_api 5 g3 c0:4\nT ret 32 c0:4\n"
	"block\n32 2 call_api 5 g4 c0:4\nT ret 32 c0:4\n";

TEST("a program runs when its patterns match, and its names are findings")
{
	struct scanning *scanning = open_program(namer);

	CHECK_STR(scanning_run(scanning, "..bb....", 8), "clean");
	CHECK_STR(scanning_run(scanning, "..aa....", 8), "found");
	CHECK(scanning_told(scanning, "hit  A.B"));
	CHECK_STR(scanning_run(scanning, "bb.aa.bb", 8), "found");
	CHECK(scanning_told(scanning, "hit  A.C"));
	CHECK_EQ(scanning_count(scanning, "hit"), 1);
	scanning_close(scanning);
}

TEST("a program that is cut short makes the object incomplete")
{
	struct scanning *scanning = open_program(
		"kind 256\nname A.{B};Target:0;0;6161\nfunc 0 32 : 32\nblock\n"
		"32 0 udiv c1:4 c0:4\nT ret 32 c0:4\n");

	CHECK_STR(scanning_run(scanning, "..bb....", 8), "clean");
	CHECK_STR(scanning_run(scanning, "..aa....", 8), "incomplete");
	CHECK(scanning_told(scanning, "incomplete  rule*"));
	scanning_close(scanning);
}

TEST("what a program makes is looked at")
{
	struct scanning *scanning = open_program(
		"kind 256\nname A.{B};Target:0;0;6161\ntype fn 32 65 32\ntype fn 32 32\n"
		"type array 5 8\napi 3 69 write\napi 22 70 extract_new\nglobal 0 0\n"
		"global 71 109 97 100 101 0\nglobal 65 0 1\n"
		"func 0 32 : 32\nblock\n32 0 call_api 22 c1:4\n32 0 call_api 3 g2 c4:4\n"
		"32 0 call_api 22 c2:4\n32 0 call_api 3 g2 c3:4\nT ret 32 c0:4\n");

	scanning->spool_bytes = 1 << 20;
	CHECK_STR(scanning_run(scanning, "..aa....", 8), "found");
	CHECK(scanning_told(scanning, "hit !made-by-bytecode Made"));
	CHECK_EQ(scanning_count(scanning, "object !made-by-bytecode"), 2);
	scanning->spool_bytes = 0;
	CHECK_STR(scanning_run(scanning, "..aa....", 8), "incomplete");
	CHECK(scanning_told(scanning, "incomplete  size*"));
	scanning_close(scanning);
}

TEST("a program for programs is not run on other files, and generic ones never")
{
	static const char body[] =
		"type fn 32 65 32\ntype array 4 8\napi 5 69 setvirusname\n"
		"global 0 0\nglobal 70 65 46 66 0\nglobal 65 0 1\n"
		"func 0 32 : 32\nblock\n32 0 call_api 5 g2 c0:4\n"
		"T ret 32 c0:4\n";
	static const unsigned kinds[] = { 0, 1, 257, 258, 259, 260, 261, 262 };
	static char text[1024];

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		snprintf(text, sizeof(text), "kind %u\nname A.Hook\n%s", kinds[i], body);
		struct scanning *scanning = open_program(text);
		if (!CHECK_STR(scanning_run(scanning, "..aa....", 8), "clean"))
			printf("#   kind %u\n", kinds[i]);
		scanning_close(scanning);
	}
}

TEST_MAIN()
