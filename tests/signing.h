/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates and signatures made in a test: RSA keys of 1,024 bits, or EC keys where
 * asked, names that are one common name, SHA-256.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"

enum { SIGNING_KEYS = 3 };

/* Who there is; each has a key. */
enum signing_who { SIGNING_ROOT, SIGNING_LEAF, SIGNING_STAMPER };

struct signing {
	struct arena arena;
	void *keys[SIGNING_KEYS];     /* EVP_PKEY */
	enum signing_who leaf_issuer; /* as signatures name it; the root unless set */
};

struct certificate_wish {
	enum signing_who subject, issuer;
	const char *not_before, *not_after; /* YYMMDDHHMMSSZ; NULL: 2020 to 2040 */
	bool for_code, for_times;           /* extended key usage, if any of them */
	bool no_certificates;               /* key usage without it */
	bool is_no_authority;               /* basic constraints say so */
};

struct signature_wish {
	struct slice file_digest; /* SHA-256 */
	struct slice certificates[SIGNING_KEYS];
	const char *stamp; /* when a stamper says it was signed; NULL: none does */
	bool is_forged;    /* by another key than the leaf's */
	/* A stamp of the newer kind: YYYYMMDDHHMMSSZ; its own certificates. */
	const char *newer_stamp;
	struct slice stamp_certificate;
	bool stamps_another;  /* it is of another signature */
	struct slice further; /* a signature that stands in this one */
};

/* A catalogue with one digest, by SHA-1 (20 bytes) or SHA-256. */
struct catalog_wish {
	struct slice digest;
	bool is_of_file; /* of all bytes, not of a program without its signature */
	struct slice certificates[SIGNING_KEYS];
	bool is_forged;
};

void signing_open(struct signing *signing);
void signing_close(struct signing *signing);

/* Somebody's key is one of the curve P-256 from now on. */
void signing_use_ec(struct signing *signing, enum signing_who who);

/* What is made lives until signing_close(). */
struct slice signing_certificate(struct signing *signing,
				 const struct certificate_wish *wish);
struct slice signing_modulus(struct signing *signing, enum signing_who who);

/* The name and the serial number of somebody's certificates, without tag and length. */
struct slice signing_name(struct signing *signing, enum signing_who who);
struct slice signing_serial(struct signing *signing, enum signing_who who);

/* A signature of SIGNING_LEAF's, as it stands in a PE file: PKCS #7. */
struct slice signing_signature(struct signing *signing,
			       const struct signature_wish *wish);

struct slice signing_catalog(struct signing *signing, const struct catalog_wish *wish);
