/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where things are in a program file: what rules mean by "entry point" and
 * "section 3". One shape for PE, ELF and Mach-O, parsed once per object.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "bytes/source.h"
#include "type/type.h"

enum { EXECUTABLE_SECTIONS_MAX = 4096 };

struct executable_section {
	uint64_t offset; /* of its bytes in the file */
	/* of its bytes in the file; may reach behind the end of a damaged file */
	uint64_t len;
	uint64_t address; /* where its first byte is in memory */
};

struct pe_image; /* view/pe_image.h */

struct executable {
	bool has_entry;
	uint64_t entry_offset;               /* in the file */
	struct executable_section *sections; /* in the order of the section table */
	size_t section_count;
	const struct pe_image *pe; /* what else a PE file's headers say; else NULL */
	/* clamscan 1.4.6 takes none of these numbers: not even the file's end counts */
	bool is_refused_by_clamscan;
	bool is_entry_unknown_to_clamscan; /* it takes the start of the file */
};

/*
 * Reads the headers of a PE, ELF or Mach-O file. Memory is the arena's.
 *   OK           *out is filled in, perhaps without an entry point or sections
 *   MALFORMED, TRUNCATED   headers that no loader would take: no offsets that
 *                refer to the program can be resolved
 *   UNSUPPORTED  `type` is none of the three
 *   NO_MEMORY, IO, CHANGED
 */
MUST_CHECK enum status executable_parse(const struct source *source, enum file_type type,
					struct arena *arena, struct executable *out);
