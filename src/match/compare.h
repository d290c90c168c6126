/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparisons of bytes: a number, as text or in binary, at a distance from where
 * another subsignature matched last, against one or two constants.
 *
 * How text is read was seen with clamscan 1.4.6. Blanks in front are skipped, digits
 * are read up to the first that is none; no digit at all is 0. Hexadecimal text may
 * begin with 0x, and otherwise with a sign, as decimal text may; automatic text is
 * hexadecimal with 0x, else decimal. The low order first of hexadecimal text goes by
 * pairs of digits, an odd one filled up with a 0 in front; a pair with anything else in
 * it ends the number. EXACT wants all of the bytes to be the number, without blanks;
 * what the pairs of low order leave out counts as read, but 0x does not.
 *
 * No number: bytes that are not all there, one beyond 64 bits with a sign, no order
 * where one is needed, the low one for decimal text, automatic text of which less than
 * three bytes are left behind the blanks.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"

enum compare_form {
	COMPARE_HEX = 'h',
	COMPARE_DECIMAL = 'd',
	COMPARE_AUTO = 'a',
	COMPARE_BINARY = 'i',
};

enum compare_flags {
	COMPARE_LOW_FIRST = 1,
	COMPARE_HIGH_FIRST = 2, /* neither: only decimal text is a number */
	COMPARE_EXACT = 4,
};

enum { COMPARE_SETS_MAX = 2 };

/* Of a text longer than this no more is read. */
enum { COMPARE_READ_MAX = 1024 };

/* The data of a SUB_COMPARE, as rule_record.h says, decoded. */
struct compare {
	uint8_t sub; /* the subsignature that it refers to */
	uint8_t form;
	uint8_t flags;
	uint32_t len; /* of the number, in bytes */
	int64_t offset;
	uint8_t count;
	struct {
		uint8_t how; /* '<', '=', '>' */
		int64_t value;
	} sets[COMPARE_SETS_MAX];
};

/* Bytes of the longest stored form. */
enum { COMPARE_DATA_MAX = 20 + 9 * COMPARE_SETS_MAX };

/* Returns how many bytes it took of `data`, which has COMPARE_DATA_MAX. */
size_t compare_store(const struct compare *compare, uint8_t *data);
MUST_CHECK bool compare_load(struct slice data, struct compare *out);

/* The number in `bytes`, of which there are `len`, or the first COMPARE_READ_MAX of them. */
MUST_CHECK bool compare_number(const struct compare *compare, struct slice bytes,
			       int64_t *out);

/* Is that number what the sets say? */
bool compare_holds(const struct compare *compare, int64_t value);
