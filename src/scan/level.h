/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this folder share: a scan under way, and the stack of open
 * objects it is at. Not for anybody else.
 */
#pragma once

#include "base/arena.h"
#include "database/database.h"
#include "scan/bytecode_state.h"
#include "scan/scan.h"
#include "unpack/unpack.h"
#include "view/executable.h"

/* A child that was a run of bytes of its container, and was looked at whole. */
struct inner {
	struct extent place;
	const struct unpacker *unpacker; /* what opened it */
};

enum { RETYPES_MAX = 8, EMBEDDED_MAX = 10 };
enum { TRUSTING_MAX = 8 };
/* So many rules are told of at most once, though they match in several views. */
enum { LEVEL_TOLD_MAX = 256 };

/* An object that has been entered: matched, and perhaps open as a container. */
struct level {
	struct scan_object object;
	struct source source;
	struct outcome outcome; /* of the object and what is in it */
	uint32_t hits;          /* rules that matched the object itself */
	/* those told of already: segment << 32 | rule; NULL: not kept */
	uint64_t *told;
	size_t told_count;
	struct bytecode_state bytecode;

	struct arena_mark mark; /* where the arena stood before the object came */
	uint64_t spool_mark;    /* and the spool */

	/* The formats it is, in the order they are tried; then the one that is open. */
	struct types types;
	size_t types_tried;
	/* Types that rules give it: it is matched and opened as these, too. */
	enum file_type retypes[RETYPES_MAX];
	size_t retype_count;
	size_t retypes_matched;
	bool has_more_retypes; /* than there is room for, or archives inside */
	/* Where rules say that an archive begins in it. */
	uint64_t embedded[EMBEDDED_MAX];
	size_t embedded_count;
	size_t embedded_told;
	enum file_type opened_as;        /* what is open … */
	bool opened_as_retype;           /* … was told by a rule, not by the bytes */
	unsigned types_opened;           /* bit i: the type tried as the i-th */
	const struct unpacker *unpacker; /* NULL: none is open */
	void *unpacker_state;
	struct unpack unpack;
	bool is_window;        /* its bytes are its parent's */
	struct inner inner;    /* the last that is what its container also is */
	struct scan *scan;     /* for what the unpacker notes */
	uint64_t member_count; /* of what is open: children so far */
	uint8_t *members_told; /* a bit for each rule about members; NULL: none */
	struct arena_mark entered_mark; /* what an open unpacker takes is above it … */
	struct arena_mark child_mark;   /* … and what `next` and the child take */
	bool announced;
	/* sources whose rules find nothing in it: they trust its signature */
	struct slice trusted_by[TRUSTING_MAX];
	size_t trusted_by_count;

	struct digest digests[DIGEST_COUNT]; /* those known so far; len 0: not yet */
};

struct scan {
	const struct scan_setup *setup;
	struct level *levels; /* limits.depth_max + 1 of them */
	size_t depth;         /* how many are entered */
	uint64_t deadline_ms;
	uint64_t bytes; /* out of the root so far, all levels added up */
	uint32_t files; /* objects so far */
	bool stopped;   /* a limit of the whole root was reached: unwind */
};

/* The object entered last. */
static inline struct level *scan_top(struct scan *scan)
{
	return &scan->levels[scan->depth - 1];
}

/* report.c: the object is not all looked at; told at once, and kept for the verdict. */
void scan_incomplete(struct scan *scan, struct level *level, enum reason reason,
		     uint64_t offset, struct slice detail);

/* As above, for a limit of the whole root: nothing more of it is looked at. */
void scan_stop(struct scan *scan, struct level *level, enum reason reason);

/* The reason for what a parser or a stream says. */
enum reason scan_reason(enum status status);

/* Tells of the object, once. */
void scan_announce(struct scan *scan, struct level *level);

/* Has the root used up its time? */
bool scan_time_is_up(const struct scan *scan);

/* object.c: what it is, and which rules match it. Sets level->types. */
void object_look(struct scan *scan, struct level *level);

/* hits.c: the digest of an object, taken when first asked for. */
MUST_CHECK enum status object_digest(struct scan *scan, struct level *level,
				     enum digest_kind kind, struct digest *out);

/*
 * hits.c: the digests of the set `kinds` of some bytes of the root.
 *   OK, TIME, CHANGED, IO, NO_MEMORY
 *   LIMIT  more holes than are hashed
 */
MUST_CHECK enum status scan_digests(struct scan *scan, const struct source *source,
				    unsigned kinds, struct digest out[DIGEST_COUNT]);

/*
 * members.c: before a container is opened (what it allocates stays as long as the container
 * is open), and for each of its children before that is entered: which rules about
 * members match.
 */
void members_begin(struct scan *scan, struct level *level);
void members_look(struct scan *scan, struct level *level, const struct child *child);

/* parser_switches.c: is a container of that type to be opened? */
MUST_CHECK bool switches_let_open(struct scan *scan, enum file_type type);

/*
 * passwords.c: those for containers of a type, which stay as long as what `unpack` opens.
 *   OK, NO_MEMORY
 *   LIMIT   there are more than are tried: the first of them are there
 */
MUST_CHECK enum status passwords_find(struct scan *scan, enum file_type type,
				      struct unpack *unpack);

/*
 * hits.c: a rule matched (hit->sha256 is not set yet): a finding, unless its own
 * source allows it.
 */
void object_hit(struct scan *scan, struct level *level, const struct scan_hit *hit);

/*
 * materialise.c: reads a child's stream to its end, or to a limit, into memory
 * or the spool. What was read is in level->source, even after trouble, which
 * is told as incomplete.
 */
void child_materialise(struct scan *scan, struct level *level, const struct child *child);
