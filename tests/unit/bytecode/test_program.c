/* SPDX-License-Identifier: Apache-2.0 */
/* What is no program is refused, in either form. */
#include "assembled.h"
#include "rules/languages.h"
#include "running.h"
#include "test.h"

static struct running run;

static const char *refusal_of(const char *text)
{
	running_start(&run);
	running_run(&run, text);
	return run.read == STATUS_OK ? "taken" : run.refused;
}

static const struct {
	const char *text, *why;
} cases[] = {
	{ "kind 0\nfunc 0 32 : 32\nblock\nT ret 32 v0\n", "taken" },
	{ "kind 0\n", "no code" },
	{ "kind 9\nfunc 0 32 : 32\nblock\nT ret 32 v0\n", "taken" },
	{ "kind 400\nfunc 0 32 : 32\nblock\nT ret 32 v0\n", "of no kind that is known" },
	{ "kind 256\nname No.Signature\nfunc 0 32 : 32\nblock\nT ret 32 v0\n",
	  "no logical signature" },
	{ "kind 0\nlevel 5\nfunc 0 32 : 32\nblock\nT ret 32 v0\n",
	  "of another version of the format" },
	{ "kind 0\nlevels 217 0\nfunc 0 32 : 32\nblock\nT ret 32 v0\n",
	  "for another feature level" },
	{ "kind 0\nlevels 51 215\nfunc 0 32 : 32\nblock\nT ret 32 v0\n",
	  "for another feature level" },
	{ "kind 0\nlevels 51 216\nfunc 0 32 : 32\nblock\nT ret 32 v0\n", "taken" },
	{ "kind 0\nfunc 0 32 : 32\nblock\nT ret 32 v1\n",
	  "operands that do not fit the operation" },
	{ "kind 0\nfunc 0 32 : 200\nblock\nT ret 32 c0:4\n", "a value of no type" },
	{ "kind 0\nfunc 1 32 : 32\nblock\nT ret 32 c0:4\n",
	  "the first function takes arguments" },
	{ "kind 0\nfunc 0 32 : 32\nblock\nT jmp 1\n", "a jump out of its function" },
	{ "kind 0\nfunc 0 32 : 32\nblock\nT branch c1:1 0 1\n",
	  "a branch out of its function" },
	{ "kind 0\nfunc 0 32 : 32\nblock\nT add c1:4 c1:4\n",
	  "a block that ends with an operation that does not end it" },
	{ "kind 0\nfunc 0 32 : 32\nblock\n32 0 ret 32 c1:4\nT ret 32 c0:4\n",
	  "a block that ends with an operation that does not end it" },
	{ "kind 0\nfunc 0 32 : 32\nblock\n32 9 add c1:4 c1:4\nT ret 32 c0:4\n",
	  "a result that does not fit its place" },
	{ "kind 0\nfunc 0 32 : 64\nblock\n32 0 add c1:4 c1:4\nT ret 32 c0:4\n",
	  "a result that does not fit its place" },
	{ "kind 0\nfunc 0 32 : 32\nblock\n0 0 add c1:4 c1:4\nT ret 32 c0:4\n",
	  "a result that does not fit its place" },
	{ "kind 0\nfunc 0 32 : 32\nblock\n32 0 call_direct 3\nT ret 32 c0:4\n",
	  "a call of no function" },
	{ "kind 0\nfunc 0 32 : 32\nblock\n32 0 call_direct 0\nT ret 32 c0:4\n",
	  "a call of no function" },
	{ "kind 0\nfunc 0 32 : 32\nblock\n32 0 call_direct 1 c5:4\nT ret 32 "
	  "c0:4\n",
	  "a call with too few or too many arguments" },
	{ "kind 0\nfunc 0 32 : 32\nblock\n32 0 call_api 7 c5:4\nT ret 32 c0:4\n",
	  "a call of a function of the engine that is not listed" },
	{ "kind 0\napi 7 69 debug_print_uint\ntype fn 32 32\nfunc 0 32 : 32\n"
	  "block\n32 0 call_api 7\nT ret 32 c0:4\n",
	  "a call of the engine with too few or too many arguments" },
	{ "kind 0\napi 2 69 read\ntype fn 32 65 32\nfunc 0 32 : 32\n"
	  "block\n32 0 call_api 2 v0 c1:4\nT ret 32 c0:4\n",
	  "a call of the engine with wrong arguments" },
	{ "kind 0\napi 7 69 debug_print_str\ntype fn 32 32\nfunc 0 32 : 32\n"
	  "block\nT ret 32 c0:4\n",
	  "a function of the engine by a wrong name" },
	{ "kind 0\napi 8 69 disasm_x86\ntype fn 32 65 32\nfunc 0 32 : 32\n"
	  "block\nT ret 32 c0:4\n",
	  "not built yet: it calls" },
	{ "kind 0\napi 200 69 future\ntype fn 32 65 32\nfunc 0 32 : 32\n"
	  "block\nT ret 32 c0:4\n",
	  "it calls a function of a newer engine" },
	{ "kind 0\ntype array 4 69\nfunc 0 32 : 32\nblock\nT ret 32 c0:4\n",
	  "a type inside itself, or nested too deep" },
	{ "kind 0\ntype ptr 69\nfunc 0 32 : 32\nblock\nT ret 32 c0:4\n", "taken" },
	{ "kind 0\ntype array 99999999 64\nfunc 0 32 : 32\nblock\nT ret 32 "
	  "c0:4\n",
	  "a type that is too large" },
	{ "kind 0\ntype array 1000000 64\nfunc 0 32 : 69\nblock\nT ret 32 c0:4\n",
	  "a function whose values are too large" },
	{ "kind 0\nglobal 69 1\nfunc 0 32 : 32\nblock\nT ret 32 c0:4\n",
	  "a global of no type" },
	{ "kind 0\nglobal 32 1 2\nfunc 0 32 : 32\nblock\nT ret 32 c0:4\n",
	  "a global with too few or too many constants" },
	{ "kind 0\nfunc 0 32 : 65\nblock\n65 0 gep1 32 v0 c1:4\nT ret 32 c0:4\n",
	  "an address by what is no pointer" },
	{ "kind 0\nfunc 0 0 :\nblock\nT ret 32 c0:4\n",
	  "a result of a function that has none" },
};

TEST("programs that contradict themselves are refused")
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (!CHECK_STR(refusal_of(cases[i].text), cases[i].why))
			printf("#   of %s\n", cases[i].text);
}

TEST("types do not share what they are made of")
{
	struct program_type types[] = {
		{ .shape = SHAPE_STRUCT, .first = 0, .part_count = 2 },
		{ .shape = SHAPE_STRUCT, .first = 2, .part_count = 1 },
	};
	uint32_t parts[] = { 32, 32, 32 };
	struct program program = {
		.types = types,
		.type_count = ARRAY_LEN(types),
		.parts = parts,
		.part_count = ARRAY_LEN(parts),
	};
	const char *why = NULL;

	CHECK(program_check(&program, &why) == STATUS_MALFORMED);
	CHECK_STR(why, "no function");
	types[1].first = 1;
	CHECK(program_check(&program, &why) == STATUS_MALFORMED);
	CHECK_STR(why, "a type that is out of order");
	types[1].first = 2;
	types[1].part_count = 2;
	CHECK(program_check(&program, &why) == STATUS_MALFORMED);
	CHECK_STR(why, "a type that is out of order");
	types[1].part_count = 0;
	CHECK(program_check(&program, &why) == STATUS_MALFORMED);
	CHECK_STR(why, "parts that belong to no type");
}

static const char sample[] =
	"kind 256\nname A.{B,C};Target:0;0&1;6161;6262\ntype fn 32 65 32\ntype array 4 "
	"8\n"
	"type ptr 70\napi 2 69 read\napi 5 69 setvirusname\nglobal 0 0\n"
	"global 70 65 46 66 0\nglobal 65 0 1\n"
	"func 0 32 : 70a 65 32 1\nblock\n65 1 gepz 71 v0 c0:4\n32 2 call_api 2 v1 c4:4\n"
	"1 3 sgt 32 v2 c1:4\nT branch v3 1 2\nblock\n32 2 call_api 5 g2 c0:4\n"
	"T ret 32 c1:4\nblock\nT ret 32 c0:4\n";

TEST("every beginning of a file is refused, and every changed byte is safe")
{
	static struct text_buffer cbc;
	static char changed[TEXT_BUFFER_SIZE];

	assemble(sample, &cbc);
	running_start(&run);
	run.file = "aabb";
	run.file_len = 4;
	running_text(&run, cbc.text, cbc.len);
	REQUIRE(run.read == STATUS_OK);
	CHECK_STR(run.found, "A.B");
	CHECK_STR(run.name, "A");
	for (size_t len = 0; len + 1 < cbc.len; len++) {
		running_text(&run, cbc.text, len);
		if (!CHECK(run.read == STATUS_MALFORMED ||
			   run.read == STATUS_UNSUPPORTED))
			printf("#   at %zu\n", len);
		CHECK(run.refused != NULL);
	}
	for (size_t at = 0; at < cbc.len; at++)
		for (unsigned bit = 0; bit < 8; bit++) {
			memcpy(changed, cbc.text, cbc.len);
			changed[at] = (char)(changed[at] ^ 1 << bit);
			running_text(&run, changed, cbc.len);
			CHECK(run.read == STATUS_OK || run.refused != NULL);
		}
}

TEST("a damaged compact form is refused or runs within its bounds")
{
	static struct text_buffer cbc;
	struct rule_error error = { 0 };
	struct arena arena;
	struct rule rule;
	unsigned runs = 0;

	assemble(sample, &cbc);
	arena_init(&arena, 64 << 20);
	REQUIRE(cbc_read(&arena, slice_of(cbc.text), &rule, &error) == STATUS_OK);
	CHECK_EQ(rule.more_name_count, 2);
	CHECK_EQ(rule.sub_count, 2);
	CHECK(rule.subs[0].flags & SUB_COUNTED);
	uint8_t *copy = arena_alloc(&arena, rule.data.len);
	REQUIRE(copy != NULL);
	running_start(&run);
	for (size_t at = 0; at < rule.data.len; at++)
		for (unsigned value = 0; value < 256; value += 7) {
			struct arena_mark mark = arena_mark(&arena);
			struct program program;
			const char *why;

			memcpy(copy, rule.data.base, rule.data.len);
			copy[at] = (uint8_t)value;
			run.limits.steps_max = 1000;
			run.host.file = source_of_memory("aabb", 4);
			if (program_load((struct slice){ copy, rule.data.len }, &arena,
					 &program) == STATUS_OK &&
			    program_check(&program, &why) == STATUS_OK) {
				enum status status = bytecode_run(&program, &run.host,
								  &run.limits, &arena,
								  &run.result);
				CHECK(status == STATUS_OK || run.result.why != NULL);
				runs++;
			}
			arena_rewind(&arena, mark);
		}
	CHECK(runs > 0);
	for (size_t len = 0; len < rule.data.len; len++) {
		struct program program;

		CHECK(program_load((struct slice){ rule.data.base, len }, &arena,
				   &program) != STATUS_OK);
	}
	arena_clear(&arena);
}

TEST_MAIN()
