/* SPDX-License-Identifier: Apache-2.0 */
/* ECDSA signatures, checked with a key as a certificate has it. */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"
#include "base/message_digest.h"
#include "base/slice.h"
#include "base/status.h"

enum ec_curve { EC_P256, EC_P384, EC_P521 };

struct ec_key {
	enum ec_curve curve;
	struct slice point; /* 04, then both coordinates; or compressed */
};

/*
 * Is `signature` (two numbers in DER) one of that digest by the key's owner? What is no
 * point of the curve is nobody's key.
 *   OK, NO_MEMORY
 */
MUST_CHECK enum status ec_verify(const struct digests *digests, const struct ec_key *key,
				 const struct message_digest *digest,
				 struct slice signature, bool *ret_holds);
