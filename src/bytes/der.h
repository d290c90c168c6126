/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DER, and the part of BER that signatures are found in: elements of a tag of one byte
 * and a length that is stated (X.690). Values stay where they are, nothing is copied
 * and nothing recurses: who reads a format asks for its elements in order, each out of
 * a reader of its own.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "bytes/reader.h"

enum der_tag {
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_OID = 0x06,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT = 0xa0, /* [0]; [1] is one more, and so on */
};

struct der {
	uint8_t tag;
	struct slice body;
	struct slice whole; /* with tag and length */
};

/* The next element. False, and the reader has failed, if there is none that fits. */
MUST_CHECK bool der_next(struct reader *in, struct der *out);

/* As der_next(), but it must have this tag; `out` reads its body. */
MUST_CHECK bool der_enter(struct reader *in, unsigned tag, struct reader *out);

/* As der_next(), but it must have this tag; `out` is its body. */
MUST_CHECK bool der_take(struct reader *in, unsigned tag, struct slice *out);

/* Passes over an element, which must be there. */
MUST_CHECK bool der_skip(struct reader *in);

/* The tag of the next element, 0 at the end. Does not move. */
unsigned der_peek(const struct reader *in);

/*
 * A time as seconds since 1970. Only the two forms that certificates have,
 * YYMMDDHHMMSSZ and YYYYMMDDHHMMSSZ.
 */
MUST_CHECK bool der_time(struct reader *in, int64_t *ret_seconds);
