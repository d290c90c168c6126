/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Authenticode signature of a PE file (Microsoft, "Windows Authenticode Portable
 * Executable Signature Format"): who signed what, as it stands there. Nothing is
 * believed here; view/trust_chain.h checks it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/message_digest.h"
#include "base/slice.h"
#include "base/status.h"
#include "view/certificate.h"
#include "view/pe_image.h"

enum { AUTHENTICODE_CERTIFICATES_MAX = 32 };

/* Somebody's signature: of the file, or of the time at which it was signed. */
struct authenticode_signer {
	bool is_there;
	struct slice issuer, serial; /* of the signer's certificate */
	enum message_hash hash;
	struct slice attributes;     /* the signed ones, with tag and length */
	struct slice content_type;   /* among them: what is signed, */
	struct slice message_digest; /* … its digest, */
	bool has_time;
	int64_t time; /* … and when, in seconds since 1970 */
	struct slice signature;
};

struct authenticode {
	struct certificate certificates[AUTHENTICODE_CERTIFICATES_MAX];
	size_t certificate_count;
	/* The rest is there if the signer is. */
	struct authenticode_signer signer;
	struct authenticode_signer stamper; /* of a countersignature, the older kind */
	struct slice content;     /* what is signed: it names the digest of the file */
	enum message_hash hash;   /* which that is, */
	struct slice file_digest; /* and the digest */
};

/*
 * Reads the signature; it and what it points to are the arena's. What is damaged behind
 * the certificates leaves `signer.is_there` false.
 *   OK
 *   END    the file has none that ends with the file
 *   CHANGED, IO, NO_MEMORY
 */
MUST_CHECK enum status authenticode_read(const struct pe_image *image,
					 struct arena *arena, struct authenticode **out);

/*
 * The digest that a signature names: of the whole file but its checksum, the entry of
 * the directory for signatures, and the signatures.
 *   OK, CHANGED, IO, NO_MEMORY
 */
MUST_CHECK enum status authenticode_digest(const struct pe_image *image,
					   struct arena *arena,
					   const struct digests *digests,
					   enum message_hash hash,
					   struct message_digest *out);
