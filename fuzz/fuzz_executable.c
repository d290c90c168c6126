/* SPDX-License-Identifier: Apache-2.0 */
/* The first byte chooses the format, the rest is the file. */
#include <assert.h>

#include "view/executable.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum file_type types[] = { TYPE_MSEXE, TYPE_ELF, TYPE_MACHO };
	struct executable executable = { 0 };
	struct arena arena;
	uint64_t sum = 0;

	if (size == 0)
		return 0;
	struct source file = source_of_memory(data, size);
	struct source source = source_window(&file, 1, size - 1);
	arena_init(&arena, 8 << 20);
	enum status status = executable_parse(&source, types[data[0] % 3], &arena,
					      &executable);
	assert(status == STATUS_OK || status == STATUS_MALFORMED ||
	       status == STATUS_TRUNCATED || status == STATUS_NO_MEMORY);
	assert(executable.section_count <= EXECUTABLE_SECTIONS_MAX);
	for (size_t i = 0; i < executable.section_count; i++)
		sum += executable.sections[i].offset ^ executable.sections[i].len;
	assert(sum != 1 || executable.section_count > 0);
	arena_clear(&arena);
	return 0;
}
