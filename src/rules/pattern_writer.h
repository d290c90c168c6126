/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes a pattern program (match/pattern.h), operation by operation. Bytes
 * that follow each other join into one operation, and so do skips.
 *
 * Memory is the arena's. When it ends, or a program becomes longer than its
 * form can say, the writer fails and stays failed: ask program_finish() once.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "match/pattern.h"

struct program {
	struct arena *arena;
	uint8_t *bytes;
	size_t len;
	size_t size;
	size_t run; /* where the operation begins that can still grow; PROGRAM_NO_RUN */
	enum status status;
};

#define PROGRAM_NO_RUN SIZE_MAX

/* One byte of a pattern: b matches when (b & mask) == value. */
struct pattern_byte {
	uint8_t value;
	uint8_t mask;
	bool fold; /* a letter in either case; only with a mask of ff */
};

void program_init(struct program *program, struct arena *arena);

void program_byte(struct program *program, struct pattern_byte byte);
void program_skip(struct program *program, uint32_t count);
void program_gap(struct program *program, uint32_t min, uint32_t max);
void program_mark(struct program *program, enum pattern_mark kind, unsigned flags);
void program_near(struct program *program, unsigned flags, struct pattern_byte byte,
		  uint8_t min, uint8_t max);

/*
 * Alternatives: open, then for each one program_alt_next() and its operations,
 * then close. They nest.
 */
struct program_alt {
	size_t start;  /* of the operation */
	size_t length; /* where the present alternative's length stands; 0: none yet */
	unsigned count;
};

void program_alt_open(struct program *program, unsigned flags, struct program_alt *out);
void program_alt_next(struct program *program, struct program_alt *alt);
void program_alt_close(struct program *program, struct program_alt *alt);

/*
 *   OK         *out is the program
 *   LIMIT      a part of it was longer than the form allows
 *   NO_MEMORY
 */
MUST_CHECK enum status program_finish(struct program *program, struct slice *out);
