/* SPDX-License-Identifier: Apache-2.0 */
/* The compact form of bytecode: refused, or run within its bounds over a small file. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "bytecode/bytecode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t file[] = "MZ aabbcc-test 0123 7fzz end-abc";
	const struct bytecode_host host = {
		.file = source_of_memory(file, sizeof(file)),
	};
	const struct bytecode_limits limits = {
		.steps_max = 20000,
		.memory_max = 4 << 20,
		.child_max = 1 << 16,
		.clock = { no_time, NULL },
		.deadline_ms = 1,
	};
	struct bytecode_result result;
	struct program program;
	struct arena arena;
	const char *why = NULL;

	arena_init(&arena, 64 << 20);
	if (program_load((struct slice){ data, size }, &arena, &program) == STATUS_OK) {
		if (program_check(&program, &why) == STATUS_OK) {
			enum status status = bytecode_run(&program, &host, &limits,
							  &arena, &result);

			assert(status == STATUS_OK || result.why);
			assert(result.steps <= limits.steps_max);
		} else {
			assert(why);
		}
	}
	arena_clear(&arena);
	return 0;
}
