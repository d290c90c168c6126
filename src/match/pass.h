/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one pass over the bytes of an object, for the prefilter and for digests.
 *
 * A sparse file is read where it has data, and FILTER_LITERAL_MAX bytes on either
 * side, so that what lies across the border of a hole, and what is in a hole alone,
 * is found: a literal of zeros that fits into a hole fits into its first bytes.
 *
 * A large object is looked at in pieces, each by itself, with or without anybody who
 * helps (match/help.h): so the candidates are the same, and in the same order.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"
#include "match/matcher.h"
#include "match/prefilter.h"

struct pass {
	const struct matcher *matcher;
	const struct source *source;
	struct prefilter *prefilter; /* NULL: not asked for */
	unsigned kinds;              /* digests that are being taken */
	uint64_t hashed;             /* how much of the object they have had */
	uint64_t holes_left;         /* how many bytes of holes may still be hashed */
	bool hashes_missed;
	struct id_set *candidates; /* where the prefilter's go to in the end */
	struct slice whole; /* the object's bytes, if they are all in memory afterwards */
};

/*
 * Reads the source and fills in `hashes_missed`, `kinds` and `whole`; digests are
 * ready to be finished.
 *   OK, TIME, CHANGED, IO, NO_MEMORY
 */
MUST_CHECK enum status pass_run(struct pass *pass);

/*
 * One piece of an object without holes; what is found is added to what the prefilter
 * was opened with.
 *   as above
 *   UNSUPPORTED  there is no such piece
 */
MUST_CHECK enum status pass_run_piece(struct pass *pass, uint32_t piece);
