/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A PE file as the parsers behind its headers see it: where the things are that its
 * data directories name, and how an address in memory becomes an offset in the file.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "bytes/reader.h"
#include "bytes/source.h"
#include "view/executable.h"

enum pe_directory_index {
	PE_IMPORTS = 1,
	PE_RESOURCES = 2,
	PE_SIGNATURES = 4, /* its address is an offset in the file */
	PE_DIRECTORIES = 16,
};

struct pe_directory {
	uint32_t address;
	uint32_t len;
};

struct pe_image {
	struct source source; /* the file */
	bool is_64;           /* PE32+ */
	uint64_t headers_len; /* addresses below are offsets; rounded up */
	struct pe_directory directories[PE_DIRECTORIES]; /* zeros: not there */
	uint64_t checksum_at;    /* of the header's checksum in the file */
	uint64_t directories_at; /* of the table of directories */
	const struct executable_section *sections;
	size_t section_count;
};

/*
 * Where an address is in the file: in the headers, or in the last section that has it.
 * False: nowhere.
 */
MUST_CHECK bool pe_place(const struct pe_image *image, uint64_t address,
			 uint64_t *ret_offset);

/*
 * A copy of up to `len` bytes from an address on, as source_view() has it; shorter at
 * the end of the file, empty where the address is nowhere.
 *   OK, CHANGED, IO, NO_MEMORY, LIMIT
 */
MUST_CHECK enum status pe_view(const struct pe_image *image, struct arena *arena,
			       uint64_t address, size_t len, struct reader *out);
