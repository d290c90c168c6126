/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytecode as text: what is taken can be saved, is the same when it is loaded again, and
 * runs within its bounds; what is not is refused with a reason and a place.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "bytecode/bytecode.h"
#include "rules/languages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

static bool on_child(void *context, struct slice bytes, uint32_t id)
{
	(void)context;
	(void)id;
	assert(bytes.len > 0);
	return true;
}

static void on_found(void *context, struct slice name)
{
	(void)context;
	assert(name.len > 0);
}

static void run(const struct program *program, struct arena *arena)
{
	static const uint8_t file[] = "MZ aabbcc-test 0123 7fzz end-abc";
	const struct bytecode_host host = {
		.file = source_of_memory(file, sizeof(file)),
		.found = on_found,
		.child = on_child,
	};
	const struct bytecode_limits limits = {
		.steps_max = 20000,
		.memory_max = 4 << 20,
		.child_max = 1 << 16,
		.clock = { no_time, NULL },
		.deadline_ms = 1,
	};
	struct bytecode_result result;
	enum status status = bytecode_run(program, &host, &limits, arena, &result);

	assert(status == STATUS_OK || result.why);
	assert(result.steps <= limits.steps_max);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rule_error error = { 0 };
	struct program program;
	struct arena arena;
	struct rule rule;
	const char *why;

	arena_init(&arena, 64 << 20);
	enum status status = cbc_read(&arena, (struct slice){ data, size }, &rule,
				      &error);
	if (status == STATUS_OK) {
		assert(rule.name.len > 0 && rule.data.len > 0);
		status = program_load(rule.data, &arena, &program);
		assert(status == STATUS_OK || status == STATUS_NO_MEMORY);
		if (status == STATUS_OK) {
			assert(program_check(&program, &why) == STATUS_OK);
			run(&program, &arena);
		}
	} else if (status != STATUS_NO_MEMORY) {
		assert(status == STATUS_MALFORMED || status == STATUS_UNSUPPORTED);
		assert(error.message);
	}
	arena_clear(&arena);
	return 0;
}
