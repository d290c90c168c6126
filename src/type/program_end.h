/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a program ends by its own headers. What a file holds behind that place, no loader
 * reads: an installer's archive, a signature, or something to hide.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "bytes/reader.h"

struct program_end {
	uint64_t end;        /* of what the headers describe */
	uint64_t strings_at; /* PE: a table that begins with its length (4); 0: none */
	uint64_t signature_at, signature_len; /* PE: Authenticode; 0: none */
};

/*
 * Reads the headers of a PE or ELF file as far as they are in `head`, its first bytes. False
 * if it is neither, or they make no sense. The end may lie behind that of the file.
 */
bool program_end_read(struct reader head, struct program_end *out);
