/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Detached signatures (NAME.sign), which ClamAV 1.5 and later make beside their own: a
 * line "#clamsign-1.0", then lines "lowest:highest:pkcs7-pem:BASE64", where the numbers are
 * feature levels and may be missing, and the last field is a PKCS #7 signature of the whole
 * file, in DER. The certificate that it was made with has to lead to one that is trusted.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/slice.h"
#include "base/status.h"
#include "bytes/source.h"

enum { CVD_SIGN_BYTES_MAX = 256 * 1024, CVD_CERTIFICATES_MAX = 64 };

struct cvd_sign {
	/* Texts of certificates that are trusted, in PEM; each may hold several. */
	const struct slice *certificates;
	size_t certificate_count;
	const struct digests *digests;
	struct arena *arena;
	const char *reason; /* a constant string */
	char signer[256];   /* "CN=…" of who signed; may be hostile */
};

/*
 * Is `text` a signature of `content` by somebody whom one of the certificates vouches for?
 *   OK         `signer` says who it is
 *   MALFORMED  `reason` says why it is not
 *   NO_MEMORY, CHANGED, IO
 */
MUST_CHECK enum status cvd_sign_verify(struct cvd_sign *sign, struct slice text,
				       struct source content);
