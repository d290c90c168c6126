/* SPDX-License-Identifier: Apache-2.0 */
/* One parser for each format, as executable_parse() has it, but for the choice. */
#pragma once

#include "view/executable.h"

MUST_CHECK enum status pe_parse(const struct source *source, struct arena *arena,
				struct executable *out);
MUST_CHECK enum status elf_parse(const struct source *source, struct arena *arena,
				 struct executable *out);
MUST_CHECK enum status macho_parse(const struct source *source, struct arena *arena,
				   struct executable *out);

/* Reads numbers in the file's own order of bytes. */
static inline uint16_t executable_u16(struct reader *in, bool is_big)
{
	return is_big ? reader_u16be(in) : reader_u16le(in);
}

static inline uint32_t executable_u32(struct reader *in, bool is_big)
{
	return is_big ? reader_u32be(in) : reader_u32le(in);
}

/* A number of the file's own width. */
static inline uint64_t executable_word(struct reader *in, bool is_big, bool is_64)
{
	if (!is_64)
		return executable_u32(in, is_big);
	return is_big ? reader_u64be(in) : reader_u64le(in);
}
