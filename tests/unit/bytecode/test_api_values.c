/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mathematics, texts, and questions about the engine. What is expected is what clamscan
 * gives, but for the last bit of one entropy, which is the exact one here.
 */
#include "running.h"
#include "test.h"

static const char before[] =
	"type fn 32 32 32\ntype fn 32 32 32 32\ntype fn 32 32\ntype fn "
	"32\n" /* 69-72 */
	"type fn 32 65 32\ntype fn 32 65 32 65 32\ntype array 64 8\ntype "
	"ptr 75\n" /* 73-76 */
	"type fn 32 65 32 32\n"
	"api 1 69 test1\napi 6 73 debug_print_str\napi 7 71 "
	"debug_print_uint\n"
	"api 5 73 setvirusname\napi 15 71 pe_rawaddr\napi 19 71 test2\n"
	"api 20 73 get_pe_section\napi 42 71 bytecode_rt_error\n"
	"api 46 69 ilog2\napi 47 70 ipow\napi 48 70 iexp\napi 49 70 "
	"isin\napi 50 70 icos\n"
	"api 51 74 memstr\napi 52 69 hex2ui\napi 53 73 atoi\napi 56 73 "
	"entropy_buffer\n"
	"api 66 72 engine_functionality_level\napi 67 72 "
	"engine_dconf_level\n"
	"api 68 72 engine_scan_options\napi 69 72 engine_db_options\n"
	"api 72 73 get_environment\napi 73 77 disable_bytecode_if\napi "
	"75 74 version_compare\n"
	"api 76 70 check_platform\napi 77 72 pdf_get_obj_num\napi 81 71 "
	"pdf_getobjsize\n"
	"api 90 72 running_on_jit\napi 91 72 get_file_reliability\napi "
	"92 72 json_is_active\n"
	"api 94 71 json_get_type\napi 101 73 engine_scan_options_ex\napi "
	"13 73 trace_value\n";

static struct running run;

/* v0 and v2 are 64 bytes each, filled with `a` and `b`; v1 and v3 point to them. */
static int64_t result_of(const char *a, size_t a_len, const char *b, const char *code)
{
	static char whole[16384];
	size_t len = 0, b_len = strlen(b);

	for (size_t i = 0; i < a_len || i < b_len; i++) {
		if (i < a_len)
			len += (size_t)snprintf(
				whole + len, sizeof(whole) - len,
				"65 5 gepz 76 v0 c%zu:4\n8 0 store c%u:1 v5\n", i,
				(unsigned char)a[i]);
		if (i < b_len)
			len += (size_t)snprintf(
				whole + len, sizeof(whole) - len,
				"65 5 gepz 76 v2 c%zu:4\n8 0 store c%u:1 v5\n", i,
				(unsigned char)b[i]);
	}
	snprintf(whole + len, sizeof(whole) - len,
		 "65 1 gepz 76 v0 c0:4\n65 3 gepz 76 v2 c0:4\n32 4 %s\nT ret 32 v4",
		 code);
	running_code(&run, before, "75a 65 75a 65 32 65 32", whole);
	if (!CHECK_EQ(run.read, STATUS_OK) || run.status != STATUS_OK)
		return INT64_MIN;
	return (int32_t)(uint32_t)run.result.value;
}

static int64_t value_of(const char *code)
{
	running_start(&run);
	return result_of("", 0, "", code);
}

TEST("functions of real numbers, rounded to the nearest")
{
	static const struct {
		unsigned api;
		int32_t a, b, c;
		int32_t value;
	} cases[] = {
		{ 47, 2, 3, 1, 8 },
		{ 47, 2, -1, 100, 50 },
		{ 47, 0, 0, 7, 7 },
		{ 47, 0, -1, 1, INT32_MAX },
		{ 47, -2, 3, 5, -40 },
		{ 47, 10, 10, 1, INT32_MIN },
		{ 47, 2, -1, 1, 1 },
		{ 47, 2, -1, -3, -2 },
		{ 47, 7, -2, 1000000, 20408 },
		{ 48, 1, 1, 1000, 2718 },
		{ 48, 3, 2, 100000, 448169 },
		{ 48, 1, 0, 1, INT32_MAX },
		{ 48, 100, 1, 1, 0 },
		{ 48, 22, 1, 1, -710054450 },
		{ 48, 1, 1, -1000, -2718 },
		{ 49, 1, 1, 1000, 841 },
		{ 49, 3, 2, 100000, 99749 },
		{ 49, 10, 3, 12345, -2353 },
		{ 49, 100, 1, 1, -1 },
		{ 49, 1, 0, 1, INT32_MAX },
		{ 50, 1, 1, 1000, 540 },
		{ 50, 10, 3, 12345, -12119 },
		{ 50, 1, 0, 1, INT32_MAX },
	};
	char code[128];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(code, sizeof(code), "call_api %u c%u:4 c%u:4 c%u:4",
			 cases[i].api, (uint32_t)cases[i].a, (uint32_t)cases[i].b,
			 (uint32_t)cases[i].c);
		if (!CHECK_EQ(value_of(code), cases[i].value))
			printf("#   of %s\n", code);
	}
	CHECK_EQ(value_of("call_api 46 c1:4 c1:4"), 0);
	CHECK_EQ(value_of("call_api 46 c2:4 c1:4"), 1 << 26);
	CHECK_EQ(value_of("call_api 46 c1:4 c2:4"), -(1 << 26));
	CHECK_EQ(value_of("call_api 46 c0:4 c1:4"), INT32_MIN);
	CHECK_EQ(value_of("call_api 46 c1:4 c0:4"), INT32_MAX);
	CHECK_EQ(value_of("call_api 46 c3:4 c7:4"), -82033367);
	CHECK_EQ(value_of("call_api 46 c10:4 c1:4"), 222930821);
	CHECK_EQ(value_of("call_api 46 c0xffffffff:4 c1:4"), INT32_MIN);
}

TEST("entropy")
{
	static const struct {
		const char *text;
		size_t len;
		int32_t value;
	} cases[] = {
		{ "", 0, -1 },
		{ "a", 1, 0 },
		{ "ab", 2, 67108864 },
		{ "aab", 3, 61625790 },
		{ "abcabcabcd", 10, 127202291 },
		{ "hello world, this", 17, 231849207 },
		{ "", 64, 0 },
	};
	char code[64];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(code, sizeof(code), "call_api 56 v1 c%zu:4", cases[i].len);
		running_start(&run);
		CHECK_EQ(result_of(cases[i].text, strlen(cases[i].text), "", code),
			 cases[i].value);
	}
	CHECK_EQ(value_of("call_api 56 v1 c65:4"), INT64_MIN);
}

TEST("texts in texts, hexadecimal digits, decimal numbers")
{
	running_start(&run);
	CHECK_EQ(result_of("abcdefabc", 9, "def", "call_api 51 v1 c10:4 v3 c3:4"), 3);
	CHECK_EQ(result_of("abcdefabc", 9, "def", "call_api 51 v1 c5:4 v3 c3:4"), -1);
	CHECK_EQ(result_of("abcdefabc", 9, "def", "call_api 51 v1 c5:4 v3 c0:4"), -1);
	CHECK_EQ(result_of("abcdefabc", 9, "def", "call_api 51 v1 c2:4 v3 c3:4"), -1);
	CHECK_EQ(value_of("call_api 52 c0x34:4 c0x31:4"), 0x41);
	CHECK_EQ(value_of("call_api 52 c0x66:4 c0x46:4"), 0xff);
	CHECK_EQ(value_of("call_api 52 c0x67:4 c0x31:4"), -1);

	static const struct {
		const char *text;
		int32_t value;
	} numbers[] = {
		{ "123", 123 },
		{ " 42x", 42 },
		{ "x42", -1 },
		{ "-5", -1 },
		{ "+5", 5 },
		{ "", -1 },
		{ "2147483647", INT32_MAX },
		{ "2147483648", -1 },
		{ "99999999999999999999", -1 },
		{ "0012", 12 },
		{ "\t7", 7 },
	};
	char code[64];
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		size_t len = strlen(numbers[i].text);

		snprintf(code, sizeof(code), "call_api 53 v1 c%zu:4", len);
		if (!CHECK_EQ(result_of(numbers[i].text, len, "", code),
			      numbers[i].value))
			printf("#   of %s\n", numbers[i].text);
	}
}

TEST("versions are compared by their numbers")
{
	static const struct {
		const char *a, *b;
		int value;
	} cases[] = {
		{ "1.2", "1.10", -1 },   { "1.2", "1.2", 0 },  { "1.2.1", "1.2", 1 },
		{ "1.2", "1.2.1", -1 },  { "2", "10", -1 },    { "1a", "1b", -1 },
		{ "1.2rc", "1.2", 1 },   { "01", "1", 0 },     { "", "1", -1 },
		{ "", "", 0 },           { "abc", "abd", -1 }, { "1.0", "1..0", 1 },
		{ "12a3", "12a10", -1 }, { "b", "1", 1 },      { "1", "b", -1 },
		{ "1.2~", "1.2", 1 },
	};
	char code[64];

	running_start(&run);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(code, sizeof(code), "call_api 75 v1 c%zu:4 v3 c%zu:4",
			 strlen(cases[i].a), strlen(cases[i].b));
		if (!CHECK_EQ(result_of(cases[i].a, strlen(cases[i].a), cases[i].b, code),
			      cases[i].value))
			printf("#   of %s and %s\n", cases[i].a, cases[i].b);
	}
}

TEST("questions about the engine and the platform")
{
	running_start(&run);
	CHECK_EQ(value_of("call_api 66"), 216);
	CHECK_EQ(value_of("call_api 67"), 216);
	CHECK_EQ(value_of("call_api 90"), 0);
	CHECK_EQ(value_of("call_api 91"), 0);
	CHECK_EQ(value_of("call_api 92"), 0);
	CHECK_EQ(value_of("call_api 94 c1:4"), -1);
	CHECK_EQ(value_of("call_api 77"), -1);
	CHECK_EQ(value_of("call_api 81 c1:4"), 0);
	CHECK_EQ(value_of("call_api 73 v1 c1:4 c1:4"), -1);
	CHECK_EQ(value_of("call_api 13 v1 c1:4"), 0);
	CHECK_EQ(value_of("call_api 76 c0xffffffff:4 c0xffffffff:4 c0xffffffff:4"), 1);
	CHECK_EQ(value_of("call_api 76 c0x0affffff:4 c0xffffffff:4 c0xffffffff:4"), 1);
	CHECK_EQ(value_of("call_api 76 c0x01ffffff:4 c0xffffffff:4 c0xffffffff:4"), 0);
	CHECK_EQ(value_of("call_api 76 c0xff2fffff:4 c0xffffffff:4 c0xffffffff:4"), 1);
	CHECK_EQ(value_of("call_api 76 c0xfff1ffff:4 c0xffffffff:4 c0xffffffff:4"), 1);
	CHECK_EQ(value_of("call_api 76 c0xffffffff:4 c0xf8ffffff:4 c0xffffffff:4"), 1);
	CHECK_EQ(value_of("call_api 76 c0xffffffff:4 c0xf4ffffff:4 c0xffffffff:4"), 0);
	CHECK_EQ(value_of("call_api 76 c0:4 c0:4 c0:4"), 0);
	CHECK_EQ(value_of("call_api 72 v1 c64:4\n65 5 gepz 76 v0 c20:4\n32 4 load v5"),
		 216);
	CHECK_EQ(value_of("call_api 72 v1 c65:4"), INT64_MIN);
	CHECK_EQ(result_of("general allmatch", 16, "", "call_api 101 v1 c16:4"), 1);
	CHECK_EQ(result_of("mail partial message", 20, "", "call_api 101 v1 c20:4"), 0);
	run.host.scan_options = 5;
	run.host.database_options = 6;
	CHECK_EQ(result_of("", 0, "", "call_api 68"), 5);
	CHECK_EQ(result_of("", 0, "", "call_api 69"), 6);
}

TEST("tests of calls, and what is printed and found")
{
	CHECK_EQ(value_of("call_api 1 c0xf00dbeef:4 c0xbeeff00d:4"), 0x12345678);
	CHECK_EQ(value_of("call_api 1 c0xf00dbeef:4 c0:4"), 0x55);
	CHECK_EQ(value_of("call_api 19 c0xf00d:4"), 0xd00f);
	CHECK_EQ(value_of("call_api 19 c0:4"), 0x5555);
	running_start(&run);
	(void)result_of("text", 4, "",
			"call_api 6 v1 c3:4\n32 4 call_api 7 c4294967295:4\n"
			"32 4 call_api 6 v1 c0:4\n32 4 call_api 42 c7:4");
	CHECK_STR(run.printed.text, "tex4294967295texterror 7");
	(void)result_of("Some.Name", 9, "", "call_api 5 v1 c1:4");
	CHECK_STR(run.found, "Some.Name");
}

TEST("facts of a file that is no program")
{
	CHECK_EQ(value_of("call_api 15 c0x1000:4"), -1);
	CHECK_EQ(value_of("call_api 20 v1 c0:4"), -1);
}

TEST_MAIN()
