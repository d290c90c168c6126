/* SPDX-License-Identifier: Apache-2.0 */
#include "view/executable.h"

#include "view/executable_format.h"

enum status executable_parse(const struct source *source, enum file_type type,
			     struct arena *arena, struct executable *out)
{
	struct arena_mark mark = arena_mark(arena);
	struct executable executable = { 0 };
	enum status status = STATUS_UNSUPPORTED;

	if (type == TYPE_MSEXE)
		status = pe_parse(source, arena, &executable);
	else if (type == TYPE_ELF)
		status = elf_parse(source, arena, &executable);
	else if (type == TYPE_MACHO)
		status = macho_parse(source, arena, &executable);
	if (status == STATUS_OK)
		*out = executable;
	else
		arena_rewind(arena, mark);
	return status;
}
