/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one pattern form. Every rule language's strings compile to a program of
 * these few operations:
 *
 *   op    operands                      matches
 *   LIT   u16 n, n bytes                these bytes
 *   FOLD  u16 n, n bytes (lower case)   these bytes, ASCII letters in either case
 *   MASK  u16 n, n × (value, mask)      n bytes b with (b & mask) == value
 *   SKIP  u32 n                         any n bytes
 *   GAP   u32 min, u32 max              any min … max bytes (max 0xffffffff: no end)
 *   ALT   u8 flags, u16 count,          one of `count` programs without GAP; with
 *         count × (u16 len, program)    ALT_NOT: as many bytes as they have (all
 *                                       of one length), but none of them
 *   MARK  u8 kind, u8 flags             a word or line boundary (kinds below)
 *   NEAR  u8 flags, u8 min, u8 max,     no bytes, but min … max bytes further on (with
 *         u8 value, u8 mask             NEAR_BEFORE: back from the byte before) stands a
 *                                       byte b with (b & mask) == value
 *
 * Numbers are little-endian. A program ends with its last operation; it is
 * never empty. GAPs are neither first nor last. ALTs nest PATTERN_ALT_DEPTH
 * deep at most. What a damaged program means is undefined, but matching it
 * stays inside the bytes and inside the budget.
 *
 * A MARK with PATTERN_MARK_BEFORE or PATTERN_MARK_AFTER looks at the byte before or
 * after the place it stands at and consumes nothing; the start and the end of the
 * object are boundaries there. Without either it consumes the one byte that it names.
 * With PATTERN_MARK_NOT it asks for the opposite, and an edge is no match. What counts
 * (seen with clamscan 1.4.6):
 *
 *   kind  before it              after it                    consumed
 *   B     20 2d-2f 3c 40 5f      0a 0d 20 22 27 2d 2f        0a 0d 20 22 27 2d-2f
 *                                3d 3e 5f                    3c-3e 40 5f
 *   L     0a                     0a, or 0d 0a                0a, or both of 0d 0a
 *   W     not 0-9 A-Z a-z        not 0-9 A-Z a-z             not 0-9 A-Z a-z
 *   W with PATTERN_MARK_WIDE     the two bytes next to it are not
 *                                one of those letters or digits and then 00
 *
 * What is a match: a start from which the whole program can be followed. The
 * number of matches is the number of different starts. The length told for a match
 * is that of the way through the program that takes the nearest place at every gap
 * and the shortest alternative, the leftmost first.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

enum pattern_op {
	PATTERN_LIT = 1,
	PATTERN_FOLD = 2,
	PATTERN_MASK = 3,
	PATTERN_SKIP = 4,
	PATTERN_GAP = 5,
	PATTERN_ALT = 6,
	PATTERN_MARK = 7,
	PATTERN_NEAR = 8,
};

enum { PATTERN_ALT_NOT = 1 };
enum { PATTERN_NEAR_BEFORE = 1 };
enum pattern_mark_flags {
	PATTERN_MARK_NOT = 1,
	PATTERN_MARK_BEFORE = 2,
	PATTERN_MARK_AFTER = 4,
	PATTERN_MARK_WIDE = 8, /* with kind W, and BEFORE or AFTER */
};

enum pattern_mark {
	/* ClamAV's own table of what stands at words' ends */
	PATTERN_MARK_BOUNDARY = 'B',
	PATTERN_MARK_LINE = 'L', /* a line's end */
	PATTERN_MARK_WORD = 'W', /* no letter or digit */
};

#define PATTERN_GAP_NO_END UINT32_MAX
enum { PATTERN_ALT_DEPTH = 15 };
