/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds which rules match one object: one pass over its bytes for all
 * segments, then the conditions of the rules that this pass made candidates.
 *
 *   bytes -> prefilter (filter.h) -> candidates -> conditions -> expressions
 *        \-> digests ------------------------------> hash tables
 *
 * A candidate rule is evaluated on demand: each subsignature that its
 * expression asks for is searched in the object by the pattern's own longest
 * literal and verified there. So the filter decides what is looked at, never
 * what is true: without it (MATCH_ALL_RULES) the answer must be the same.
 *
 * Costs are paid by candidates. Nothing is allocated or cleared per rule.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/cpu_path.h"
#include "base/digest.h"
#include "base/slice.h"
#include "base/status.h"
#include "base/view.h"
#include "bytes/source.h"
#include "match/expr.h"
#include "match/tables.h"
#include "type/type.h"
#include "view/executable.h"

/* The object as rules may ask about it. */
struct match_object {
	struct source source; /* the bytes of the view */
	enum view view;
	enum file_type type;
	unsigned target; /* whose rules are asked, beside those for any */
	const struct executable *executable; /* NULL: none, or it does not parse */
	bool has_no_end; /* to clamscan: no offset from there is anywhere */
	const enum file_type *containers; /* types around it, the immediate one last */
	size_t container_count;
	/* those of the source that are known, DIGEST_KINDS of them; len 0: not; may be NULL */
	const struct digest *digests;
};

struct match_limits {
	uint64_t deadline_ms;     /* by the clock below */
	uint64_t steps_max;       /* over all rules of the object: match/budget.h */
	uint64_t hole_hash_bytes; /* holes are hashed up to so many bytes of zeros */
	uint64_t piece_bytes;     /* large objects are read in pieces; 0: of 8 MiB */
};

enum match_flags {
	MATCH_ALL_RULES = 1, /* every rule is a candidate: the filter is not asked */
	/* rules mean what clamscan makes of them, also where that is wrong */
	MATCH_CLAMAV_COMPAT = 2,
	MATCH_NO_HASHES = 4,   /* hash rules do not ask about these bytes */
	MATCH_NO_PATTERNS = 8, /* and those with patterns do not */
};

/* Numbers above 32 bits are the largest of these. */
struct match_counts {
	uint32_t counts[EXPR_SUBS_MAX];
	uint32_t offsets[EXPR_SUBS_MAX];
};

/* What the matcher tells, in no particular order. */
struct match_events {
	/* A rule matched; offset and length of the first match that made it true. */
	void (*hit)(void *context, uint32_t segment, uint32_t rule, uint64_t offset,
		    uint64_t len);
	/* A candidate rule could not be followed to its end (steps, memory). */
	void (*cut)(void *context, uint32_t segment, uint32_t rule);
	void *context;
	/*
	 * In place of a hit, of a rule whose patterns a program waits for: how often each
	 * subsignature matches, and where first (UINT32_MAX: nowhere). Borrowed.
	 */
	void (*trigger)(void *context, uint32_t segment, uint32_t rule,
			const struct match_counts *counts);
};

struct match_help;
struct match_watch;
struct regex_cache;

struct matcher {
	const struct tables *segments;
	size_t segment_count;
	struct digest_state *digest_state; /* used for every object in turn */
	struct arena *arena;               /* rewound when matcher_run() returns */
	/* expressions compiled for objects before; NULL: none are kept */
	struct regex_cache *regexes;
	struct clock clock;
	struct match_limits limits;
	struct match_events events;
	const struct match_watch *watch; /* NULL: nobody watches; see match/watch.h */
	const struct match_help *help;   /* NULL: nobody helps; see match/help.h */
	unsigned flags;
	enum cpu_path cpu_path; /* one that this processor can run */
};

/* What one run learned beside hits. */
struct match_result {
	unsigned digest_mask; /* which of the digests below there are (bit per kind) */
	struct digest digests[DIGEST_KINDS];
	/* hash rules apply, but holes above the limit were not hashed */
	bool hashes_missed;
	/* What it cost, for tests and bench: lookups in the table of grams, triggers and
	 * literals that were looked at, rules let through, steps (match/budget.h) */
	uint64_t lookups, visits, comparisons, candidates, steps;
};

/*
 * Looks at every byte of the object once.
 *   OK         all rules were decided, but for those told as cut
 *   TIME       the deadline passed
 *   CHANGED, IO   the source broke
 *   NO_MEMORY
 * Hits told before an error are good.
 */
MUST_CHECK enum status matcher_run(const struct matcher *matcher,
				   const struct match_object *object,
				   struct match_result *out);

struct hash_query {
	enum hash_scope scope;
	const struct digest *digest; /* its length tells the kind */
	uint64_t size_bytes;         /* of what it is the digest of */
};

/* Calls `found` for each rule that names it; `rule` is the id that database_rule() knows. */
void match_hash(const struct tables *tables, const struct hash_query *query,
		void (*found)(void *context, uint32_t rule), void *context);

/*
 * False: none of the segment's rules has this digest, as its filter tells at once; true:
 * one may have.
 */
bool match_hash_may_be(const struct tables *tables, const struct hash_query *query);

/* Which digests (bit per kind) the tables want of something of that size. */
unsigned match_hash_kinds(const struct tables *tables, enum hash_scope scope,
			  uint64_t size_bytes);

/* The same of all sizes together. */
unsigned match_hash_kinds_of_any_size(const struct tables *tables, enum hash_scope scope);
