/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of bytecode: numbers of half bytes, each a letter. A number is how many half
 * bytes it has (0x60 and so many) and these, the lowest first, each 0x60 and its value.
 * Whatever is not so makes the reader fail, for good.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "bytecode/code.h"
#include "bytes/reader.h"

/* A number with its length in front; 0 once the reader has failed. */
uint64_t cbc_number(struct reader *in);

/* The same of 32 bits; a larger one fails. */
uint32_t cbc_number32(struct reader *in);

/* A number of `width` half bytes. */
uint64_t cbc_fixed(struct reader *in, unsigned width);

/* Is the next byte this one? Then it is taken. */
bool cbc_take(struct reader *in, char letter);

/* The constants up to the letter that ends them: the next one.  False: that was it. */
bool cbc_constant(struct reader *in, uint64_t *out);

/* An operand. Whether what it names is there is not looked at. */
struct program_operand cbc_operand(struct reader *in);

/* Text: '|', its length, two half bytes for each byte; without its NUL.  OK, NO_MEMORY */
MUST_CHECK enum status cbc_string(struct reader *in, struct arena *arena,
				  struct slice *out);
