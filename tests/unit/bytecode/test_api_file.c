/* SPDX-License-Identifier: Apache-2.0 */
#include "running.h"
#include "test.h"

static const char before[] =
	"type fn 32 65 32\ntype fn 32 32 32\ntype fn 32 32\ntype array 64 8\ntype ptr "
	"72\n"
	"type fn 32 65 32 32\ntype fn 32 65 32 32 32 32\n"
	"api 2 69 read\napi 3 69 write\napi 4 70 seek\napi 16 69 file_find\n"
	"api 17 71 file_byteat\napi 21 75 fill_buffer\napi 22 71 extract_new\n"
	"api 23 71 read_number\napi 65 74 file_find_limit\napi 70 71 "
	"extract_set_container\n"
	"api 71 71 input_switch\n"
	"global 72 116 101 115 116 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 "
	"0 "
	"0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n" /* "test" */
	"global 65 0 1\n";

static const char file[] = "aabbcc-test 0123 7fzz end-abc"; /* 29 bytes */

static struct running run;

/* The code may use v1, a buffer of 64 bytes, v2 to v6; what v2 is then is the result. */
static int64_t result_of(const char *code)
{
	char whole[1024];

	running_start(&run);
	run.file = file;
	run.file_len = sizeof(file) - 1;
	snprintf(whole, sizeof(whole), "65 1 gepz 73 v0 c0:4\n%s\nT ret 32 v2", code);
	running_code(&run, before, "72a 65 32 32 32 32 8", whole);
	if (!CHECK_EQ(run.read, STATUS_OK) || run.status != STATUS_OK)
		return INT64_MIN;
	return (int32_t)(uint32_t)run.result.value;
}

struct file_case {
	const char *code;
	int64_t value;
};

static void check_all(const struct file_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!CHECK_EQ(result_of(cases[i].code), cases[i].value))
			printf("#   of %s: %s\n", cases[i].code,
			       run.result.why ? run.result.why : "");
}

TEST("seeking stays inside the file")
{
	static const struct file_case cases[] = {
		{ "32 2 call_api 4 c0:4 c2:4", 29 },
		{ "32 2 call_api 4 c29:4 c0:4", 29 },
		{ "32 2 call_api 4 c30:4 c0:4", -1 },
		{ "32 2 call_api 4 c0xffffffff:4 c1:4", -1 },
		{ "32 2 call_api 4 c0xffffffff:4 c2:4", 28 },
		{ "32 2 call_api 4 c0:4 c3:4", -1 },
		{ "32 2 call_api 4 c5:4 c0:4\n32 2 call_api 4 c2:4 c1:4", 7 },
		{ "32 2 call_api 4 c5:4 c0:4\n32 2 call_api 4 c99:4 c0:4\n"
		  "32 2 call_api 4 c0:4 c1:4",
		  5 },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("reading moves on and ends with the file")
{
	static const struct file_case cases[] = {
		{ "32 2 call_api 2 v1 c64:4", 29 },
		{ "32 2 call_api 2 v1 c0:4", 0 },
		{ "32 2 call_api 4 c0:4 c2:4\n32 2 call_api 2 v1 c4:4", 0 },
		{ "32 2 call_api 2 v1 c7:4\n32 2 call_api 4 c0:4 c1:4", 7 },
		{ "32 2 call_api 2 v1 c4:4\n32 2 load v1", 0x62626161 },
		{ "32 2 call_api 2 v1 c0xffffffff:4", INT64_MIN },
		{ "32 2 call_api 2 v1 c65:4", INT64_MIN },
		{ "32 2 call_api 17 c0:4", 'a' },
		{ "32 2 call_api 17 c28:4", 'c' },
		{ "32 2 call_api 17 c29:4", -1 },
		{ "32 2 call_api 17 c0xffffffff:4", -1 },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("texts are found from the position on, up to a limit")
{
	static const struct file_case cases[] = {
		{ "32 2 call_api 16 g2 c4:4", 7 },
		{ "32 2 call_api 16 g2 c4:4\n32 2 call_api 4 c0:4 c1:4", 0 },
		{ "32 2 call_api 4 c7:4 c0:4\n32 2 call_api 16 g2 c4:4", 7 },
		{ "32 2 call_api 4 c8:4 c0:4\n32 2 call_api 16 g2 c4:4", -1 },
		{ "32 2 call_api 16 g2 c5:4", -1 },
		{ "32 2 call_api 16 g2 c0:4", -1 },
		{ "32 2 call_api 16 g2 c1025:4", -1 },
		{ "32 2 call_api 65 g2 c4:4 c10:4", -1 },
		{ "32 2 call_api 65 g2 c4:4 c11:4", 7 },
		{ "32 2 call_api 65 g2 c4:4 c1000:4", 7 },
		{ "32 2 call_api 65 g2 c4:4 c0xffffffff:4", -1 },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("a buffer is filled behind what is kept of it")
{
	static const struct file_case cases[] = {
		{ "32 2 call_api 21 v1 c64:4 c0:4 c0:4 c10:4", 29 },
		{ "32 2 call_api 21 v1 c16:4 c0:4 c0:4 c16:4\n32 2 call_api 4 c0:4 c1:4",
		  16 },
		{ "32 2 call_api 21 v1 c64:4 c10:4 c4:4 c4:4", 35 },
		{ "32 2 call_api 21 v1 c64:4 c64:4 c60:4 c8:4", 33 },
		{ "32 2 call_api 21 v1 c64:4 c10:4 c11:4 c4:4", -1 },
		{ "32 2 call_api 21 v1 c64:4 c70:4 c4:4 c4:4", -1 },
		{ "32 2 call_api 21 v1 c64:4 c64:4 c0:4 c5:4", -1 },
		{ "32 2 call_api 4 c0:4 c2:4\n32 2 call_api 21 v1 c64:4 c10:4 c4:4 c4:4",
		  0 },
		{ "32 2 call_api 2 v1 c8:4\n32 2 call_api 21 v1 c12:4 c8:4 c4:4 c8:4\n"
		  "32 2 load v1",
		  0x742d6363 },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("numbers are read in two radices")
{
	static const struct file_case cases[] = {
		{ "32 2 call_api 23 c10:4", 123 },
		{ "32 2 call_api 23 c10:4\n32 2 call_api 4 c0:4 c1:4", 16 },
		{ "32 2 call_api 23 c16:4", 0xaabbcc },
		{ "32 2 call_api 23 c16:4\n32 2 call_api 4 c0:4 c1:4", 6 },
		{ "32 2 call_api 23 c8:4", -1 },
		{ "32 2 call_api 23 c10:4\n32 2 call_api 23 c10:4", 7 },
		{ "32 2 call_api 4 c0:4 c2:4\n32 2 call_api 23 c10:4", -1 },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("what is written is read back, and handed on in pieces")
{
	static const struct file_case cases[] = {
		{ "32 2 call_api 71 c1:4", -1 },
		{ "32 2 call_api 71 c0:4", 0 },
		{ "32 3 call_api 3 g2 c4:4\n32 2 call_api 71 c1:4", 0 },
		{ "32 3 call_api 3 g2 c4:4\n32 3 call_api 71 c1:4\n32 2 call_api 2 v1 "
		  "c10:4",
		  4 },
		{ "32 3 call_api 3 g2 c4:4\n32 3 call_api 71 c1:4\n32 3 call_api 71 "
		  "c0:4\n"
		  "32 2 call_api 2 v1 c64:4",
		  29 },
		{ "32 2 call_api 3 g2 c0:4", 0 },
		{ "32 2 call_api 3 g2 c0xffffffff:4", INT64_MIN },
		{ "32 2 call_api 70 c5:4", 0 },
		{ "32 2 call_api 70 c5000:4", -1 },
	};

	check_all(cases, ARRAY_LEN(cases));
	CHECK_EQ(result_of("32 2 call_api 22 c5:4\n32 2 call_api 3 g2 c4:4\n"
			   "32 2 call_api 22 c6:4\n32 2 call_api 3 g2 c2:4"),
		 2);
	CHECK_STR(run.children.text, "5:test;6:te;");
}

static bool no_more(void *context, struct slice bytes, uint32_t id)
{
	(void)context;
	(void)bytes;
	(void)id;
	return false;
}

TEST("what nobody takes at the end is not passed over")
{
	running_start(&run);
	run.host.child = no_more;
	running_run(&run, "kind 0\ntype fn 32 65 32\ntype array 4 8\ntype ptr 70\n"
			  "api 3 69 write\nfunc 0 32 : 70a 65 32\nblock\n"
			  "65 1 gepz 71 v0 c0:4\n32 2 call_api 3 v1 c4:4\nT ret 32 v2\n");
	CHECK_EQ(run.status, STATUS_LIMIT);
}

TEST("what is written is bounded")
{
	running_start(&run);
	running_run(&run, "kind 0\ntype fn 32 65 32\ntype array 65536 8\ntype ptr 70\n"
			  "api 3 69 write\nfunc 0 32 : 70a 65 32\nblock\n"
			  "65 1 gepz 71 v0 c0:4\nT jmp 1\nblock\n"
			  "32 2 call_api 3 v1 c65536:4\nT jmp 1\n");
	CHECK_EQ(run.status, STATUS_LIMIT);
	CHECK_STR(run.result.why, "what it makes is too large");
}

TEST_MAIN()
