/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one loop: takes a root object, matches it, opens it if it is a
 * container, and goes deeper, until everything inside has been looked at or a
 * limit says stop. Everything it learns goes out through events, at once, so
 * that a worker that dies has already told what it knew.
 *
 * The engine is pure: it opens nothing, starts nothing, and allocates from
 * the one arena it is given.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/cpu_path.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/reason.h"
#include "base/slice.h"
#include "base/view.h"
#include "bytes/source.h"
#include "bytes/spool.h"
#include "database/database.h"
#include "type/type.h"
#include "verdict/verdict.h"

/* An object while it is being looked at. Borrowed; valid during the event only. */
struct scan_object {
	const struct scan_object *parent; /* NULL for the root */
	/* as the parent container has it; empty for the root */
	struct slice name;
	enum file_type type;
	uint64_t size_bytes;
	uint64_t
		offset; /* where it begins in the file or memory its bytes are read from */
	unsigned depth; /* 0 for the root */
	/* 32 bytes, or NULL; at `leave`, if asked for and something was found in it */
	const uint8_t *sha256;
};

/* A rule that matched, after the allow entries of its own source. */
struct scan_hit {
	uint32_t segment; /* which segment of the database */
	uint32_t rule;    /* rule id in that segment: database_rule() tells the rest */
	enum view view;   /* in which reading of the object */
	uint64_t offset;  /* where in that */
	uint64_t len;     /* how many bytes from there; the whole of it for hash rules */
	const uint8_t *sha256; /* of the object, 32 bytes */
	/* the member that a rule about members of the object is true of; else empty */
	struct slice member;
};

struct scan_events {
	/*
	 * Before anything of an object is parsed; also the place to leave a
	 * breadcrumb.
	 */
	void (*object)(void *context, const struct scan_object *object);
	/* When all of an object and of what is in it has been looked at. */
	void (*leave)(void *context, const struct scan_object *object,
		      const struct outcome *outcome);
	void (*hit)(void *context, const struct scan_object *object,
		    const struct scan_hit *hit);
	/*
	 * `detail`: a method, a rule's name …, for people; may be empty. `offset`:
	 * where, or 0.
	 */
	void (*incomplete)(void *context, const struct scan_object *object,
			   enum reason reason, uint64_t offset, struct slice detail);
	/*
	 * The bytes of an object in order, but not of the root, which the caller has;
	 * then those of its other views (for `explain` and `extract`). NULL in an
	 * ordinary scan.
	 */
	void (*data)(void *context, const struct scan_object *object,
		     const struct view_data *data);
	void *context;
};

struct match_help;
struct match_watch;

/* What a scanner works with: made once per process, then used for every root. */
struct scan_setup {
	const struct database *database;
	struct digest_state *digest_state;
	/* regular expressions compiled for roots before; NULL: none are kept */
	struct regex_cache *regexes;
	struct scan_limits limits;
	/*
	 * Decide as clamscan 1.4.6 does even where that contradicts its own documentation:
	 * less is found. What is passed over is told as incomplete all the same.
	 */
	bool clamav_compat;
	enum cpu_path cpu_path; /* as in struct matcher */
	/* programs of rules are not run: the object is incomplete where one would be */
	bool no_bytecode;
	/* seconds since 1970, for certificates; 0: not known, and none is valid */
	int64_t time_s;
	struct clock clock;
	/* everything comes from it, and is back when scan_run() returns */
	struct arena *arena;
	struct spool *spool;
	struct scan_events events;
	/* of the root, DIGEST_COUNT of them, those that are known; NULL: none is */
	const struct digest *digests;
	bool tell_digests; /* of what holds a finding, when it is left */
	/* NULL: nobody. Its lines are of the object told of last. */
	const struct match_watch *watch;
	/* with the passes over the bytes of a root without holes; NULL: nobody helps */
	const struct match_help *help;
};

/* The digests (bit per kind) by which rules may name a root of this size. */
unsigned scan_digest_kinds(const struct database *database, uint64_t size_bytes);

/*
 * Looks at one root.
 *   OK         *out says what was found and what was not looked at
 *   NO_MEMORY  not even the root could be looked at
 * A damaged, hostile or unreadable root is OK with reasons in *out.
 */
MUST_CHECK enum status scan_run(const struct scan_setup *setup, struct source root,
				struct outcome *out);
