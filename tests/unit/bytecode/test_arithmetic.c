/* SPDX-License-Identifier: Apache-2.0 */
#include "running.h"
#include "test.h"

/* One function whose code is `code`; what it returns is `value`, or it ends with `why`. */
struct code_case {
	const char *values, *code;
	uint32_t value;
	const char *why;
};

static struct running run;

static void check_all(const struct code_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct code_case *c = &cases[i];

		running_start(&run);
		running_code(&run, "", c->values, c->code);
		bool ok = CHECK(run.read == STATUS_OK);
		ok &= CHECK_EQ(run.status, c->why ? STATUS_MALFORMED : STATUS_OK);
		ok &= CHECK_STR(run.result.why ? run.result.why : "",
				c->why ? c->why : "");
		ok &= CHECK_EQ(run.result.value, c->why ? 0 : c->value);
		if (!ok)
			printf("#   of %s (%s)\n", c->code,
			       run.refused ? run.refused : "");
	}
}

TEST("numbers of 32 bits wrap")
{
	static const struct code_case cases[] = {
		{ "32", "32 0 add c0xffffffff:4 c2:4\nT ret 32 v0", 1, NULL },
		{ "32", "32 0 sub c1:4 c2:4\nT ret 32 v0", 0xffffffff, NULL },
		{ "32", "32 0 mul c0x10001:4 c0x10000:4\nT ret 32 v0", 0x10000, NULL },
		{ "32", "32 0 and c0xff0:4 c0x0ff:4\nT ret 32 v0", 0xf0, NULL },
		{ "32", "32 0 or c0xf00:4 c0x0ff:4\nT ret 32 v0", 0xfff, NULL },
		{ "32", "32 0 xor c0xff0:4 c0x0ff:4\nT ret 32 v0", 0xf0f, NULL },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("a division is with or without a sign, and rounds towards zero")
{
	static const char by_zero[] = "a division by zero";
	static const char too_large[] = "a division whose result does not fit";
	static const struct code_case cases[] = {
		{ "32", "32 0 udiv c0xfffffff9:4 c2:4\nT ret 32 v0", 0x7ffffffc, NULL },
		{ "32", "32 0 sdiv c0xfffffff9:4 c2:4\nT ret 32 v0", 0xfffffffd, NULL },
		{ "32", "32 0 urem c0xfffffff9:4 c4:4\nT ret 32 v0", 1, NULL },
		{ "32", "32 0 srem c0xfffffff9:4 c4:4\nT ret 32 v0", 0xfffffffd, NULL },
		{ "32", "32 0 udiv c5:4 c0:4\nT ret 32 v0", 0, by_zero },
		{ "32", "32 0 sdiv c5:4 c0:4\nT ret 32 v0", 0, by_zero },
		{ "32", "32 0 urem c5:4 c0:4\nT ret 32 v0", 0, by_zero },
		{ "32", "32 0 srem c5:4 c0:4\nT ret 32 v0", 0, by_zero },
		{ "32", "32 0 sdiv c0x80000000:4 c0xffffffff:4\nT ret 32 v0", 0,
		  too_large },
		{ "32", "32 0 srem c0x80000000:4 c0xffffffff:4\nT ret 32 v0", 0,
		  too_large },
		{ "32", "32 0 udiv c0x80000000:4 c0xffffffff:4\nT ret 32 v0", 0, NULL },
		{ "8 32", "8 0 sdiv c0x80:1 c0xff:1\n32 1 zext v0\nT ret 32 v1", 0,
		  too_large },
		{ "64 32",
		  "64 0 sdiv c0x8000000000000000:8 c0xffffffffffffffff:8\n"
		  "32 1 trunc v0\nT ret 32 v1",
		  0, too_large },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("a shift by the width or more ends the run")
{
	static const char why[] = "a shift by the width or more";
	static const struct code_case cases[] = {
		{ "32", "32 0 shl c1:4 c31:4\nT ret 32 v0", 0x80000000, NULL },
		{ "32", "32 0 lshr c0x80000000:4 c31:4\nT ret 32 v0", 1, NULL },
		{ "32", "32 0 ashr c0x80000000:4 c31:4\nT ret 32 v0", 0xffffffff, NULL },
		{ "32", "32 0 shl c1:4 c32:4\nT ret 32 v0", 0, why },
		{ "32", "32 0 lshr c1:4 c0xffffffff:4\nT ret 32 v0", 0, why },
		{ "8 32", "8 0 ashr c0x80:1 c3:1\n32 1 zext v0\nT ret 32 v1", 0xf0,
		  NULL },
		{ "8 32", "8 0 shl c1:1 c8:1\n32 1 zext v0\nT ret 32 v1", 0, why },
		{ "64 32", "64 0 shl c1:8 c64:8\n32 1 trunc v0\nT ret 32 v1", 0, why },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("odd widths are what they say")
{
	static const struct code_case cases[] = {
		{ "2 32", "2 0 add c3:1 c1:1\n32 1 zext v0\nT ret 32 v1", 0, NULL },
		{ "7 32", "7 0 mul c0x7f:1 c3:1\n32 1 sext v0\nT ret 32 v1", 0xfffffffd,
		  NULL },
		{ "17 32", "17 0 sub c0:4 c1:4\n32 1 zext v0\nT ret 32 v1", 0x1ffff,
		  NULL },
		{ "33 64 32",
		  "33 0 add c0x1ffffffff:8 c2:8\n64 1 zext v0\n32 2 trunc v1\nT ret 32 "
		  "v2",
		  1, NULL },
		{ "33 64 64 32",
		  "33 0 sub c0:8 c1:8\n64 1 zext v0\n64 2 lshr v1 c32:8\n32 3 trunc v2\n"
		  "T ret 32 v3",
		  1, NULL },
		{ "63 64 64 32",
		  "63 0 shl c1:8 c62:8\n64 1 sext v0\n64 2 lshr v1 c32:8\n32 3 trunc v2\n"
		  "T ret 32 v3",
		  0xc0000000, NULL },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("casts cut, repeat the sign or fill with zeros")
{
	static const struct code_case cases[] = {
		{ "1 32", "1 0 trunc c6:4\n32 1 zext v0\nT ret 32 v1", 0, NULL },
		{ "1 32", "1 0 trunc c7:4\n32 1 sext v0\nT ret 32 v1", 0xffffffff, NULL },
		{ "8 32", "8 0 trunc c0x1ff:4\n32 1 zext v0\nT ret 32 v1", 0xff, NULL },
		{ "8 32", "8 0 trunc c0x180:4\n32 1 sext v0\nT ret 32 v1", 0xffffff80,
		  NULL },
		{ "64 32", "64 0 sext c0x80000000:4\n32 1 trunc v0\nT ret 32 v1",
		  0x80000000, NULL },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("every comparison, with and without a sign")
{
	static const struct {
		const char *op;
		const char *holds; /* for (1,2), (2,2), (2,1), (-1,1) */
	} cases[] = {
		{ "eq", "0100" },  { "ne", "1011" },  { "ugt", "0011" },
		{ "uge", "0111" }, { "ult", "1000" }, { "ule", "1100" },
		{ "sgt", "0010" }, { "sge", "0110" }, { "slt", "1001" },
		{ "sle", "1101" },
	};
	static const unsigned pairs[4][2] = { { 1, 2 }, { 2, 2 }, { 2, 1 }, { 0xff, 1 } };
	char code[128];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (unsigned k = 0; k < 4; k++) {
			running_start(&run);
			snprintf(code, sizeof(code),
				 "1 0 %s 8 c%u:1 c%u:1\n32 1 zext v0\nT ret 32 v1",
				 cases[i].op, pairs[k][0], pairs[k][1]);
			running_code(&run, "", "1 32", code);
			if (!CHECK_EQ(run.result.value, cases[i].holds[k] - '0'))
				printf("#   of %s\n", code);
		}
}

TEST("bytes are swapped, values selected, and the machine is little-endian")
{
	static const struct code_case cases[] = {
		{ "16 32", "16 0 bswap16 c0x1234:2\n32 1 zext v0\nT ret 32 v1", 0x3412,
		  NULL },
		{ "32", "32 0 bswap32 c0x12345678:4\nT ret 32 v0", 0x78563412, NULL },
		{ "64 32",
		  "64 0 bswap64 c0x1234567800000000:8\n32 1 trunc v0\nT ret 32 v1",
		  0x78563412, NULL },
		{ "32", "32 0 select c1:1 c5:4 c6:4\nT ret 32 v0", 5, NULL },
		{ "32", "32 0 select c0:1 c5:4 c6:4\nT ret 32 v0", 6, NULL },
		{ "1 32", "1 0 isbigendian\n32 1 zext v0\nT ret 32 v1", 0, NULL },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST_MAIN()
