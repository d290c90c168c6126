/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Microsoft's security catalogues (.cat): a signed list of digests of files, so that a
 * program need not be signed itself. As they stand there: nothing is believed here.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/message_digest.h"
#include "base/slice.h"
#include "base/status.h"
#include "view/authenticode.h"

struct digest_catalog {
	struct authenticode *signature; /* without hash and digest of a file */
	struct slice members;
};

/* What a digest in a catalogue is of. */
enum catalog_of {
	CATALOG_PROGRAM, /* a PE file, by its signature's digest: without the signature */
	CATALOG_FILE,    /* all bytes of a file */
};

struct catalog_question {
	enum catalog_of of;
	enum message_hash hash;
	struct slice digest;
};

/*
 *   OK         what *out points to is the arena's, or in `bytes`
 *   MALFORMED  they are no catalogue
 *   NO_MEMORY
 */
MUST_CHECK enum status digest_catalog_open(struct slice bytes, struct arena *arena,
					   struct digest_catalog *out);

/* Is this digest among those of the catalogue? */
bool digest_catalog_has(const struct digest_catalog *catalog,
			const struct catalog_question *question);
