/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small programs, right as far as their headers go, for tests of what is around them.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct pe_wish {
	size_t section_len;   /* one section, at 512 */
	unsigned symbols;     /* COFF symbols behind it */
	uint32_t strings_len; /* with them: the length that the table of strings states */
	uint32_t signature_at, signature_len;
};

/* Both return the length of what they wrote: everything that the headers describe. */
size_t pe_make(uint8_t *out, const struct pe_wish *wish);

/* One segment of the file's first `segment_len` bytes; sections' table right behind it. */
size_t elf_make(uint8_t *out, size_t segment_len, int bits, int is_big);
