/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The languages whose rules become entries: the first byte says which, the rest are
 * lines. What is taken is then used, on the line's own bytes.
 */
#include "match/member.h"
#include "rule_lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use_members(const uint8_t *data, size_t size)
{
	const struct rule_reader *reader = rule_reader_of(slice_of("x.cdb"));
	struct rule_error error = { 0 };
	struct rule rule = { 0 };
	struct arena arena;
	struct member member = {
		.container = TYPE_ZIP,
		.opened_as = TYPE_ZIP,
		.values = { 1, 2, 3, 4 },
		.name = { data, size },
		.is_encrypted = size & 1,
	};
	uint64_t steps = 1 << 20;
	bool matches;

	arena_init(&arena, 16 << 20);
	if (reader->read(&arena, (struct slice){ data, size }, &rule, &error) ==
	    STATUS_OK)
		assert(member_test(rule.data, &member, &arena, &steps, &matches) !=
		       STATUS_MALFORMED);
	arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "x.cdb",  "x.zmd", "x.rmd", "x.ftm",
					     "x.pwdb", "x.cfg", "x.pdb", "x.wdb",
					     "x.gdb",  "x.crb", "x.idb" };

	if (size == 0 || size > RULE_LINE_MAX)
		return 0;
	if (data[0] % ARRAY_LEN(names) == 0)
		use_members(data + 1, size - 1);
	fuzz_rule_lines(names[data[0] % ARRAY_LEN(names)], data + 1, size - 1);
	return 0;
}
