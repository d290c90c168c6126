/* SPDX-License-Identifier: Apache-2.0 */
/* The pipes of a program, for those who read and write them beside it. */
#pragma once

#include "bytecode/machine.h"

struct pipe {
	uint8_t *bytes;
	uint32_t size;
	uint32_t taken, written; /* what is between them can be read */
	uint64_t pointer;        /* to bytes[0], for the program */
	bool is_file;
	uint64_t file_at; /* what is read next */
};

/* The one with that number, or NULL. */
struct pipe *pipe_of(const struct machine *machine, uint64_t id);

/* Reads on, if it is tied to the file.  False after a trap. */
MUST_CHECK bool pipe_fill(struct machine *machine, struct pipe *pipe);

/* So many bytes, or as many as there are, were read. */
void pipe_take(struct pipe *pipe, uint64_t len);
