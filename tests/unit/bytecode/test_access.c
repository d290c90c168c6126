/* SPDX-License-Identifier: Apache-2.0 */
#include "running.h"
#include "test.h"

static const char types[] = "type array 8 8\n"         /* 69 */
			    "type ptr 69\n"            /* 70 */
			    "type struct 8 32 16 64\n" /* 71: 15 bytes */
			    "type ptr 71\n"            /* 72 */
			    "type array 3 71\n"        /* 73 */
			    "type ptr 73\n"            /* 74 */
			    "type array 4 32\n"        /* 75 */
			    "type ptr 75\n"            /* 76 */
			    "type ptr 65\n";           /* 77 */

static struct running run;

static const char *run_code(const char *globals, const char *values, const char *code)
{
	static char before[2048];

	snprintf(before, sizeof(before), "%s%s", types, globals);
	running_start(&run);
	running_code(&run, before, values, code);
	if (run.read != STATUS_OK)
		return run.refused;
	return run.result.why ? run.result.why : "ok";
}

TEST("what is stored is loaded, little-endian, at any offset")
{
	CHECK_STR(run_code("", "69a 65 65 32",
			   "65 1 gepz 70 v0 c3:4\n32 0 store c0x11223344:4 v1\n"
			   "65 2 gep1 65 v1 c1:4\n8 0 store c0x55:1 v2\n32 3 load v1\n"
			   "T ret 32 v3"),
		  "ok");
	CHECK_EQ(run.result.value, 0x11225544);
}

TEST("a store without a type is as wide as what it stores")
{
	CHECK_STR(
		run_code("", "69a 65 8 32",
			 "65 1 gepz 70 v0 c0:4\n32 0 store c0xffffffff:4 v1\n"
			 "8 2 add c1:1 c1:1\n0 0 store v2 v1\n32 3 load v1\nT ret 32 v3"),
		"ok");
	CHECK_EQ(run.result.value, 0xffffff02);
}

TEST("nothing outside a variable is read or written")
{
	static const char why[] = "an access outside its memory";
	static const char *const codes[] = {
		"65 1 gepz 70 v0 c8:4\n8 2 load v1\nT ret 32 c0:4",
		"65 1 gepz 70 v0 c0xffffffff:4\n8 2 load v1\nT ret 32 c0:4",
		"65 1 gepz 70 v0 c5:4\n32 3 load v1\nT ret 32 c0:4",
		"65 1 gepz 70 v0 c5:4\n32 0 store c1:4 v1\nT ret 32 c0:4",
		"65 1 gepz 70 v0 c1:4\n0 0 memset v1 c0:1 c8:4\nT ret 32 c0:4",
		"65 1 gepz 70 v0 c1:4\n0 0 memcpy v1 v1 c8:4\nT ret 32 c0:4",
		"65 1 gepz 70 v0 c1:4\n32 3 memcmp v1 v1 c8:4\nT ret 32 c0:4",
		"65 1 gepz 70 v0 c1:4\n0 0 memset v1 c0:1 c0xffffffffffffffff:8\nT ret "
		"32 c0:4",
		"8 2 load v1\nT ret 32 c0:4",
		"8 2 load g0\nT ret 32 c0:4",
	};

	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		if (!CHECK_STR(run_code("", "69a 65 8 32", codes[i]), why))
			printf("#   of %s\n", codes[i]);
		CHECK_EQ(run.status, STATUS_MALFORMED);
	}
}

TEST("an address may leave its variable and come back")
{
	CHECK_STR(run_code("", "69a 65 65 8 32",
			   "65 1 gepz 70 v0 c8:4\n65 2 gep1 65 v1 c0xffffffff:4\n"
			   "8 0 store c7:1 v2\n8 3 load v2\n32 4 zext v3\nT ret 32 v4"),
		  "ok");
	CHECK_EQ(run.result.value, 7);
}

TEST("gep1 steps by what is pointed to, gepz by bytes, gepn by members")
{
	static const struct {
		const char *code;
		unsigned value;
	} cases[] = {
		{ "65 1 gepz 76 v0 c0:4\n65 2 gep1 67 v1 c2:4\n", 8 },
		{ "65 1 gepz 76 v0 c0:4\n65 2 gep1 72 v1 c1:4\n", 15 },
		{ "65 1 gepz 76 v0 c0:4\n65 2 gepz 76 v0 c1:4\n", 1 },
		{ "65 1 gepz 74 v0 c0:4\n65 2 gepn 74 v0 c0:4 c1:4 c2:4\n", 15 + 5 },
		{ "65 1 gepz 74 v0 c0:4\n65 2 gepn 74 v0 c0:4 c2:4 c3:4\n", 30 + 7 },
		{ "65 1 gepz 74 v0 c0:4\n65 2 gepn 72 v0 c1:4\n", 15 },
	};
	char code[256];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(code, sizeof(code), "%s32 3 ptrdiff32 v2 v1\nT ret 32 v3",
			 cases[i].code);
		CHECK_STR(run_code("", "73a 65 65 32", code), "ok");
		if (!CHECK_EQ(run.result.value, cases[i].value))
			printf("#   of %s\n", code);
	}
	CHECK_STR(run_code("", "73a 65", "65 1 gepn 72 v0 c0:4 c9:4\nT ret 32 c0:4"),
		  "an address of what is not there");
}

TEST("bytes that overlap are moved as if by way of another place")
{
	CHECK_STR(run_code("", "69a 65 65 32",
			   "65 1 gepz 70 v0 c0:4\n65 2 gepz 70 v0 c1:4\n"
			   "32 0 store c0x04030201:4 v1\n0 0 memmove v2 v1 c4:4\n"
			   "32 3 load v2\nT ret 32 v3"),
		  "ok");
	CHECK_EQ(run.result.value, 0x04030201);
	CHECK_STR(run_code("", "69a 65 65 32",
			   "65 1 gepz 70 v0 c0:4\n65 2 gepz 70 v0 c1:4\n"
			   "32 0 store c0x04030201:4 v1\n0 0 memcpy v2 v1 c4:4\n"
			   "32 3 load v2\nT ret 32 v3"),
		  "ok");
	CHECK_EQ(run.result.value, 0x04030201);
}

TEST("memcmp gives the difference of the first bytes that differ")
{
	CHECK_STR(
		run_code("", "69a 65 65 32",
			 "65 1 gepz 70 v0 c0:4\n65 2 gepz 70 v0 c4:4\n"
			 "8 0 store c3:1 v1\n8 0 store c9:1 v2\n32 3 memcmp v1 v2 c4:4\n"
			 "T ret 32 v3"),
		"ok");
	CHECK_EQ(run.result.value, 0xfffffffa);
}

TEST("globals hold numbers, bytes and addresses, and stay as they are")
{
	static const char globals[] = "global 69 1 2 3 4 5 6 7 8\nglobal 65 2 1\n"
				      "global 32 0x12345678\nglobal 69 0\n"
				      "global 71 1 2 3 4\nglobal 65 0 5\n";

	CHECK_STR(run_code(globals, "32", "32 0 load g2\nT ret 32 v0"), "ok");
	CHECK_EQ(run.result.value, 0x06050403);
	CHECK_STR(run_code(globals, "32", "32 0 add g3 c0:4\nT ret 32 v0"), "ok");
	CHECK_EQ(run.result.value, 0x12345678);
	CHECK_STR(run_code(globals, "32", "32 0 load g4\nT ret 32 v0"), "ok");
	CHECK_EQ(run.result.value, 0);
	CHECK_STR(run_code(globals, "65 32",
			   "65 0 gep1 65 g6 c1:4\n32 1 load v0\nT ret 32 v1"),
		  "ok");
	CHECK_EQ(run.result.value, 2);
	CHECK_STR(run_code(globals, "32", "32 0 store c1:4 g2\nT ret 32 c0:4"),
		  "a write to constant memory");
	CHECK_STR(run_code("global 69 1 2\n", "32", "T ret 32 c0:4"),
		  "a global with too few or too many constants");
	CHECK_STR(run_code("global 65 0 99\n", "32", "32 0 load g1\nT ret 32 v0"),
		  "an access outside its memory");
}

TEST("what the engine knows can be read")
{
	static const char globals[] = "context 0x8005\nglobal 67 0 0x8000\n"
				      "global 67 4 0x8005\nglobal 67 0 0x8004\n"
				      "global 66 0 0x8001\nglobal 65 0 0x8003\n";

	char before[2048];

	snprintf(before, sizeof(before), "%s%s", types, globals);
	running_start(&run);
	run.file = "12345";
	run.file_len = 5;
	run.host.match_counts[0] = 100;
	run.host.match_offsets[1] = 20000;
	running_code(&run, before, "32 32 32 16 32 32 32 32 8 32",
		     "32 0 load g1\n32 1 load g2\n32 2 load g3\n16 3 load g4\n"
		     "8 8 load g5\n32 4 add v0 v1\n32 5 add v4 v2\n32 6 zext v3\n"
		     "32 7 add v5 v6\nT ret 32 v7");
	CHECK_EQ(run.result.value, 20105);
	CHECK_STR(run_code(globals, "32", "32 0 store c1:4 g1\nT ret 32 c0:4"),
		  "a write to constant memory");
}

TEST("an address that is made up finds nothing of ours")
{
	char code[256];

	for (uint64_t high = 0; high < 64; high++) {
		snprintf(code, sizeof(code),
			 "65 1 gepz 70 v0 c0:4\n64 0 store c0x%llx00000000:8 v1\n"
			 "65 2 load v1\n8 0 store c1:1 v2\nT ret 32 c5:4",
			 (unsigned long long)(high << 20 | high));
		const char *why = run_code("", "69a 65 65", code);

		CHECK(run.status == STATUS_OK || run.status == STATUS_MALFORMED);
		CHECK(strcmp(why, "ok") == 0 || strstr(why, "memory"));
	}
}

TEST_MAIN()
