/* SPDX-License-Identifier: Apache-2.0 */
/* RSA signatures (PKCS #1 version 1.5), checked with a key that is just two numbers. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/message_digest.h"
#include "base/slice.h"
#include "base/status.h"

enum { RSA_BYTES_MIN = 64, RSA_BYTES_MAX = 1024 };

/* Big-endian; zeros in front do not matter. */
struct rsa_key {
	struct slice modulus;
	struct slice exponent;
};

/*
 * Is `signature` one of that digest by the key's owner? Never with a modulus outside of
 * the limits above, or an exponent that is even, 1, or longer than 32 bits.
 *   OK, NO_MEMORY
 */
MUST_CHECK enum status rsa_verify(const struct rsa_key *key, enum message_hash hash,
				  const struct message_digest *digest,
				  struct slice signature, bool *ret_holds);
