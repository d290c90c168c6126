/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An X.509 certificate, as far as signatures of programs need it (RFC 5280): whose it
 * is, by whom, the key, and what it may sign. Slices point into the bytes it was
 * read from.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/ec_signature.h"
#include "base/rsa_signature.h"
#include "base/slice.h"
#include "bytes/reader.h"

/* What a key may sign; sets. */
enum certificate_use {
	CERTIFICATE_SIGNS_CODE = 1,
	CERTIFICATE_SIGNS_TIMES = 2,
	CERTIFICATE_SIGNS_CERTIFICATES = 4,
};

struct public_key {
	bool is_ec;
	struct rsa_key rsa; /* if not */
	struct ec_key ec;   /* if it is */
};

struct certificate {
	struct slice issuer, subject; /* names, as they stand: without tag and length */
	struct slice serial;          /* likewise */
	struct public_key key;
	int64_t not_before, not_after; /* seconds since 1970 */
	/*
	 * As clamscan 1.4.6 has them: code and times unless the extended key usage
	 * says otherwise, certificates unless the key usage does; nothing without
	 * any extension.
	 */
	unsigned uses;
	bool is_no_authority; /* its basic constraints say that it signs no certificates */
	struct slice signed_part; /* what the issuer's signature is of */
	enum message_hash hash;   /* … by this digest */
	struct slice signature;
};

/*
 * The next certificate. False if it is none, or one of another kind (another key than
 * RSA or of the curves P-256, P-384 and P-521; another signature than one of MD5, SHA-1 or
 * SHA-2): the reader stands behind it, unless it failed.
 */
MUST_CHECK bool certificate_read(struct reader *in, struct certificate *out);

/* The digest that an AlgorithmIdentifier names, alone, with RSA or ECDSA. False: another. */
MUST_CHECK bool certificate_hash(struct reader *in, enum message_hash *out);
