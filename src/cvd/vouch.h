/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom a container is believed for: ClamAV's own signatures in it or, if they do not hold,
 * a detached one that stands beside it and leads to a certificate that is trusted. Either
 * is enough, and neither takes anything from the other: a detached signature that does
 * not hold costs a container nothing that its own would do for.
 */
#pragma once

#include "base/arena.h"
#include "base/digest.h"
#include "base/slice.h"
#include "base/status.h"
#include "bytes/source.h"
#include "cvd/container.h"
#include "cvd/sign.h"

/* A file called NAME.sign beside a container. Names may have folders in front. */
struct cvd_beside {
	struct slice name;
	struct source content;
};

struct cvd_trust {
	const struct cvd_beside *signatures;
	size_t signature_count;
	/* As in struct cvd_sign. */
	const struct slice *certificates;
	size_t certificate_count;
	const struct digests *digests;
	struct digest_state *digest; /* as in cvd_open() */
	struct arena *arena;
	const char *reason; /* why no detached signature holds; a constant string */
};

/*
 * Looks for the detached signature of a container of this name, whose header was read:
 * `X.cvd.sign`, or `X-VERSION.cvd.sign`.
 *   OK         it holds: `voucher` says whose it is
 *   END        there is none
 *   MALFORMED  it does not hold; trust->reason says why
 *   NO_MEMORY, CHANGED, IO
 */
MUST_CHECK enum status cvd_find_voucher(struct cvd_trust *trust, const struct cvd *cvd,
					struct slice name, struct source source,
					struct cvd_voucher *out);

/*
 * cvd_open() and cvd_check(), and once more if a detached signature vouches for what was
 * refused: cvd->voucher says so. All memory is the arena's.
 */
MUST_CHECK enum status cvd_believe(struct cvd *cvd, struct slice name,
				   struct source source, struct cvd_trust *trust);
