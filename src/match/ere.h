/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POSIX extended regular expressions over short texts: names of members, addresses.
 * An expression is compiled to a machine with many states (rules/ere_compile.h), which is
 * run by following all of them at once: one step for each byte and state, whatever
 * the expression is. There is nothing that could explode, and nothing is remembered
 * but which states are reached: whether it matches is all that rules ask.
 *
 * A program, little-endian:
 *
 *	u16 states, u16 sets, u16 flags, u16 length of the literal
 *	for each state: u8 operation, u8 byte, u16 x, u16 y
 *	for each set: 32 bytes, bit b of byte n for the byte 8 n + b
 *	the literal: some run of bytes that every match must go through; may be empty
 *
 * State 0 is where it begins.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"

enum ere_op {
	ERE_MATCH, /* the end: it matches */
	ERE_BYTE,  /* the byte, then the next state */
	ERE_ANY,   /* any byte, then the next state */
	ERE_SET,   /* a byte of set x, then the next state */
	ERE_SPLIT, /* state x and state y */
	ERE_JUMP,  /* state x */
	ERE_BEGIN, /* only at the beginning of the text: the next state */
	ERE_END,   /* only at its end: the next state */
	ERE_OPS,
};

enum ere_flags {
	ERE_FOLD =
		1, /* letters in either case: bytes, sets and literal are in lower case */
};

enum { ERE_HEAD_LEN = 8, ERE_STATE_LEN = 6, ERE_SET_LEN = 32, ERE_STATES_MAX = 4096 };

struct ere_state {
	uint8_t op;
	uint8_t byte;
	uint16_t x, y;
};

/* An expression, ready to be run. */
struct ere {
	const struct ere_state *states;
	uint16_t state_count;
	const uint8_t *sets;
	bool fold;
	struct slice literal;
	/* what running it needs */
	uint16_t *now, *then;
	uint32_t *reached;
};

/*
 * Reads a program; *out points into it and the arena.
 *   OK
 *   MALFORMED   it is none: damaged
 *   NO_MEMORY
 */
MUST_CHECK enum status ere_open(struct slice program, struct arena *arena,
				struct ere *out);

/*
 * Does it match anywhere in the text? `steps` is taken from.
 *   OK      *ret_matches says it
 *   LIMIT   there are no steps left
 */
MUST_CHECK enum status ere_search(const struct ere *ere, struct slice text,
				  uint64_t *steps, bool *ret_matches);
