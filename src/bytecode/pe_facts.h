/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What programs may know of a PE file: its headers, in the form that ClamAV gives them
 * to programs, and its sections. Read from the object when first asked for.
 */
#pragma once

#include "bytecode/machine.h"

enum { PE_DATA_SIZE = 648, PE_SECTION_SIZE = 36 };

#define PE_NO_OFFSET UINT32_MAX

/* As the file has them, and rounded as its loader does. */
struct pe_section {
	uint32_t address, memory_len, offset, len;
	uint32_t flags;
	uint32_t own_address, own_memory_len, own_offset, own_len;
};

struct pe_facts {
	uint32_t header_at; /* of "PE\0\0" */
	uint32_t headers_len;
	uint32_t entry; /* in the file; 0 if it is nowhere */
	uint32_t overlay, overlay_len;
	const uint8_t *header; /* from "PE\0\0" on: file header and optional header */
	size_t header_len;
	uint32_t section_count;
	struct pe_section *sections;
};

/*
 * The facts, or NULL in *out where the object is no PE file.  False after a trap: it
 * could not be read, or there is no memory.
 */
MUST_CHECK bool pe_facts_of(struct machine *machine, const struct pe_facts **out);

/* PE_DATA_SIZE bytes of headers; zeros where the object is no PE file. False after a trap. */
MUST_CHECK bool pe_facts_write(struct machine *machine, uint8_t *out);

/* Where an address of the loaded program is in the file, or PE_NO_OFFSET. */
uint32_t pe_facts_offset(const struct pe_facts *facts, uint64_t size, uint32_t address);
