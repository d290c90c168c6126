/* SPDX-License-Identifier: Apache-2.0 */
#include "programs.h"

#include <stdbool.h>
#include <string.h>

enum { PE_AT = 64, OPTIONS_LEN = 224, SECTION_AT = 512 };

static void put(uint8_t *at, uint64_t value, size_t len, bool is_big)
{
	for (size_t i = 0; i < len; i++)
		at[is_big ? len - 1 - i : i] = (uint8_t)(value >> (8 * i));
}

size_t pe_make(uint8_t *out, const struct pe_wish *wish)
{
	uint8_t *file_header = out + PE_AT + 4;
	uint8_t *options = file_header + 20;
	uint8_t *section = options + OPTIONS_LEN;
	size_t end = SECTION_AT + wish->section_len;

	memset(out, 0, SECTION_AT);
	memcpy(out, "MZ", 2);
	put(out + 60, PE_AT, 4, false);
	memcpy(out + PE_AT, "PE\0\0", 4);
	put(file_header, 0x14c, 2, false);
	put(file_header + 2, 1, 2, false);
	put(file_header + 16, OPTIONS_LEN, 2, false);
	put(options, 0x10b, 2, false);
	put(options + 92, 16, 4, false);
	put(options + 96 + 4 * 8, wish->signature_at, 4, false);
	put(options + 96 + 4 * 8 + 4, wish->signature_len, 4, false);
	memcpy(section, ".text", 5);
	put(section + 16, wish->section_len, 4, false);
	put(section + 20, SECTION_AT, 4, false);
	memset(out + SECTION_AT, 0x90, wish->section_len);
	if (wish->symbols > 0) {
		put(file_header + 8, end, 4, false);
		put(file_header + 12, wish->symbols, 4, false);
		memset(out + end, 0x11, wish->symbols * 18 + wish->strings_len);
		end += wish->symbols * 18;
		put(out + end, wish->strings_len, 4, false);
		end += wish->strings_len;
	}
	return end;
}

size_t elf_make(uint8_t *out, size_t segment_len, int bits, int is_big)
{
	bool big = is_big != 0, wide = bits == 64;
	size_t width = wide ? 8 : 4, header = wide ? 64 : 52, entry = wide ? 56 : 32;
	uint8_t *at = out + 24 + width;

	memset(out, 0, segment_len + 2 * 64);
	memcpy(out,
	       "\x7f"
	       "ELF",
	       4);
	out[4] = wide ? 2 : 1;
	out[5] = big ? 2 : 1;
	put(at, header, width, big);
	put(at + width, segment_len, width, big);
	at += 2 * width + 4;
	put(at, header, 2, big);
	put(at + 2, entry, 2, big);
	put(at + 4, 1, 2, big);
	put(at + 6, wide ? 64 : 40, 2, big);
	put(at + 8, 2, 2, big);
	/* The segment: all of the file so far. */
	put(out + header + (wide ? 32 : 16), segment_len, width, big);
	return segment_len + (wide ? 128 : 80);
}
