/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Help with the pass over one huge object. The pass is made in pieces; what the filter
 * lets through in a piece hangs on the bytes of that piece (and FILTER_LITERAL_MAX on
 * both sides), the rules and the target alone. So somebody else may look at a piece and
 * say which rules are candidates; whoever makes the pass takes that in place of a look
 * of his own, in the order of the pieces, and has what he would have had alone.
 *
 * Nobody is waited for: a piece that nobody has looked at when its turn comes is looked
 * at by whoever makes the pass.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/status.h"
#include "match/id_set.h"
#include "match/matcher.h"

/* So many pieces are in an object at most: those of larger ones are longer. */
enum { MATCH_PIECES_MAX = 1024 };

struct match_help {
	/* A pass over so many pieces, two at least, begins. */
	void (*begin)(void *context, unsigned target, uint32_t pieces);
	/*
	 * The candidates of a piece (segment << 32 | rule), in the order in which they were
	 * found; borrowed until the next call. False: nobody has looked at it.
	 */
	bool (*take)(void *context, uint32_t piece, const uint64_t **ret_ids,
		     size_t *ret_count);
	void (*end)(void *context);
	void *context;
};

/* How long the pieces of an object are, all but the last. */
uint64_t match_piece_bytes(const struct match_limits *limits, uint64_t size);

/*
 * The helper's side: which rules the filter lets through in that piece. The object is
 * one without holes. `found` is empty, and in the matcher's arena.
 *   OK, TIME, CHANGED, IO, NO_MEMORY
 *   UNSUPPORTED  there is no such piece
 */
MUST_CHECK enum status match_piece(const struct matcher *matcher,
				   const struct match_object *object, uint32_t piece,
				   struct id_set *found);
