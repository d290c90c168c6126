/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a part of a pattern is searched by: up to eight bytes in a row of it, each
 * with a mask, those that are rarest in ordinary files. Two of them, the rarest
 * that differ, are compared sixteen places at a time; where both agree all eight
 * are looked at.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

enum { NEEDLE_LEN_MAX = 8 };

struct needle {
	uint64_t value; /* the first byte lowest; bits outside the mask are 0 */
	uint64_t mask;
	unsigned len;       /* 0: there is no needle */
	unsigned pair[2];   /* which two bytes are compared first */
	unsigned rarity;    /* the higher, the rarer */
	uint64_t near, far; /* how far from the start of the part it stands: near … far */
};

/* Collects the bytes of a part in order and keeps the best eight in a row. */
struct needle_maker {
	uint64_t value, mask;
	unsigned len;       /* bytes in a row so far, NEEDLE_LEN_MAX at most */
	uint64_t near, far; /* of the byte that comes next, from the start of the part */
	struct needle best;
};

/* The next byte b is one with (b & mask) == value. */
void needle_add(struct needle_maker *maker, uint8_t value, uint8_t mask);

/* Between the bytes so far and the next there are min … max bytes that nothing is known of. */
void needle_skip(struct needle_maker *maker, uint64_t min, uint64_t max);

/* The first place in the text where the needle stands, or SIZE_MAX. */
size_t needle_find(const struct needle *needle, struct slice text);
