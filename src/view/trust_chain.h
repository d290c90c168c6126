/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a signature good, and does it lead to a key that somebody trusts? Anchors are keys
 * that one source of rules names, with what they may sign; the rest comes out of the
 * file. The rules are those that clamscan 1.4.6 was seen to follow:
 *
 *   - a certificate is trusted if an anchor is that certificate (subject, serial if
 *     given, key; no older than the anchor wants it), or if an anchor or a trusted
 *     certificate that signs certificates is its issuer and has signed it; and if it may
 *     sign nothing that they may not;
 *   - the signer's certificate must be trusted, sign code, and be valid now, or, if a
 *     trusted stamper that signs times was valid then, at the time that it stamped.
 *
 * A certificate whose basic constraints say that it is no authority issues nothing here,
 * and who stamped a time was valid then; clamscan looks at neither. Nor does it at time
 * stamps of the newer kind and at keys of elliptic curves. A stamp of that kind that does
 * not hold counts for nothing; an older one spoils the signature, here as there.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/status.h"
#include "view/authenticode.h"

enum { TRUST_ANCHORS_MAX = 4096 };

struct trust_anchor {
	uint8_t subject_sha1[20]; /* of the name, without tag and length */
	bool has_serial;
	uint8_t serial_sha1[20];
	struct slice modulus;
	unsigned uses;      /* set of enum certificate_use */
	int64_t not_before; /* of certificates that are this one */
};

struct trust_setup {
	const struct digests *digests;
	const struct trust_anchor *anchors;
	size_t anchor_count;
	int64_t now; /* seconds since 1970; 0: not known, and nothing is valid now */
	bool clamav_compat;
};

/* The SHA-1 of what anchors are compared with, for each certificate of a signature. */
struct certificate_names {
	uint8_t subject[20], issuer[20], serial[20];
};

/*
 * OK, NO_MEMORY. `out` has room for all certificates of the signature.
 */
MUST_CHECK enum status trust_names(const struct authenticode *signature,
				   const struct digests *digests,
				   struct certificate_names *out);

/* Is this certificate the one that an anchor names? Times and uses are not asked. */
bool trust_anchor_is(const struct trust_anchor *anchor,
		     const struct certificate *certificate,
		     const struct certificate_names *names);

/*
 * Does the signature hold, and lead to an anchor? Whether it is of this file is not
 * asked: compare the digest.
 *   OK, NO_MEMORY
 */
MUST_CHECK enum status trust_check(const struct authenticode *signature,
				   const struct certificate_names *names,
				   const struct trust_setup *setup, bool *ret_trusted);
