/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two forms of ClamAV's own signatures. Both are a number, written with 64 digits, the
 * lowest first; what it is to the power of the key's exponent decides.
 *
 *   MD5      the digest itself, as a number: no padding at all
 *   SHA-256  a padding after the manner of PSS (RFC 8017, 9.1.2) with 32 bytes of salt
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"
#include "base/digest.h"
#include "base/slice.h"
#include "base/status.h"
#include "cvd/key.h"

/*
 *   OK         it is this digest's signature
 *   MALFORMED  it is not
 *   NO_MEMORY
 */
MUST_CHECK enum status cvd_signature_of_md5(const struct cvd_key *key, struct slice text,
					    const struct digest *md5);

/* As above. `state` is used for hashing and left idle. */
MUST_CHECK enum status cvd_signature_of_sha256(const struct cvd_key *key,
					       struct slice text,
					       const struct digest *sha256,
					       struct digest_state *state);
