/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A source that stays what it was when it was first read, for files that are read more
 * than once and believed for what the first reading saw: who may write to the file could
 * otherwise show one content to the check and another to what comes behind it. Of each
 * piece the SHA-256 is kept; a piece that is another one later is CHANGED.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "bytes/source.h"

enum { SETTLED_PIECE = 256 * 1024, SETTLED_DIGEST_LEN = 32 };

struct settled {
	struct source under;
	const struct digests *digests;
	struct settled_piece {
		bool is_known;
		uint8_t sha256[SETTLED_DIGEST_LEN];
	} * pieces;
	uint8_t *piece; /* the one that was read last, */
	size_t index;   /* this one, */
	bool is_read;   /* if there is any */
};

/* False: no memory. Everything is borrowed, or the arena's. */
MUST_CHECK bool settled_init(struct settled *settled, struct source under,
			     const struct digests *digests, struct arena *arena);

/* Valid as long as `settled` stays where it is. */
struct source settled_source(struct settled *settled);
