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

enum {
	AUTHENTICODE_CERTIFICATES_MAX = 32,
	AUTHENTICODE_STAMPS_MAX = 4,
	AUTHENTICODE_MORE_MAX = 4, /* signatures behind the first */
};

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

/* A time stamp of the newer kind (RFC 3161). */
struct authenticode_stamp {
	struct authenticode_signer signer;
	struct slice content;   /* what it signs: it names the time, */
	int64_t time;           /* this one, in seconds since 1970, */
	enum message_hash hash; /* and a digest of the signature that is stamped */
	struct slice imprint;
};

struct authenticode {
	struct certificate certificates[AUTHENTICODE_CERTIFICATES_MAX];
	size_t certificate_count;
	size_t own_certificate_count; /* behind them are those of its time stamps */
	/* The rest is there if the signer is. */
	struct authenticode_signer signer;
	struct authenticode_signer stamper; /* of a countersignature, the older kind */
	struct authenticode_stamp stamps[AUTHENTICODE_STAMPS_MAX];
	size_t stamp_count;
	struct slice content;     /* what is signed: it names the digest of the file */
	enum message_hash hash;   /* which that is, */
	struct slice file_digest; /* and the digest */
	/* Signatures of the file that stand in this one; read into `more`. */
	struct slice more_bytes[AUTHENTICODE_MORE_MAX];
	struct authenticode *more;
	size_t more_count;
};

/*
 * Reads the signature, and those that stand in it (but none in those); they and what they
 * point to are the arena's. What is damaged behind the certificates leaves
 * `signer.is_there` false.
 *   OK
 *   END    the file has none that ends with the file
 *   CHANGED, IO, NO_MEMORY
 */
MUST_CHECK enum status authenticode_read(const struct pe_image *image,
					 struct arena *arena, struct authenticode **out);

/*
 * A signature of that form of something else: its content is a SEQUENCE, of the type that
 * `type` (an OID) names. Signatures in it are not read, nor hash and digest of a file.
 * False: it is none, or damaged.
 */
MUST_CHECK bool authenticode_parse_list(struct slice bytes, struct slice type,
					struct authenticode *out);

/*
 * The digest that a signature names: of the whole file but its checksum, the entry of
 * the directory for signatures, and the signatures, if it has any.
 *   OK, CHANGED, IO, NO_MEMORY
 */
MUST_CHECK enum status authenticode_digest(const struct pe_image *image,
					   struct arena *arena,
					   const struct digests *digests,
					   enum message_hash hash,
					   struct message_digest *out);
