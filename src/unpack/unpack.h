/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Containers hand out children, one at a time.
 *
 * An unpacker is an iterator over one container: `open` once, `next` until it
 * says END (or that it cannot go on). It never scans, never descends, never
 * decodes a child by itself: it says where a child's bytes are (a window of
 * the container, or a stream that decodes them), and the one loop in
 * scan/scan.c does the rest. Depth, count, size, ratio and time are limited
 * there and nowhere else.
 *
 * Memory: what `open` allocates lives as long as the container; what `next`
 * allocates lives until the child it returned is finished, and is released
 * before `next` is called again. So state that has to survive from one `next`
 * to another is allocated by `open`, or has a fixed place in the state.
 *
 * A new unpacker is one file, a line in registry.c, a test, a fuzz target and
 * a page in docs/formats: see CONTRIBUTING.md.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "bytes/source.h"
#include "bytes/stream.h"
#include "type/type.h"

/* What is known of a child before it is looked at; what rules about members test. */
struct child {
	/* as the container has it: any bytes; empty if it has none */
	struct slice name;
	bool is_stream;
	struct source source;  /* the child's bytes, if !is_stream */
	struct stream stream;  /* else they come out of this */
	uint64_t packed_bytes; /* bytes it takes in the container; for the ratio */
	/* its size as the container says, or CHILD_SIZE_UNKNOWN */
	uint64_t claimed_bytes;
	bool is_encrypted;
	/* Its bytes' CRC-32, as the container says. */
	bool has_crc;
	uint32_t crc;
	/* A folder: nothing to look at, but rules may be about its name. */
	bool is_folder;
	/*
	 * OK, or why its bytes cannot be had (ENCRYPTED, UNSUPPORTED, VOLUMES,
	 * TRUNCATED …); then source and stream are not looked at, and the child
	 * is `incomplete`.
	 */
	enum status problem;
};

#define CHILD_SIZE_UNKNOWN UINT64_MAX

/* What an unpacker works with. Borrowed: lives as long as the container is open. */
struct unpack {
	struct source source; /* the container */
	struct arena *arena;
	/* that rules have for containers of this type, to be tried in this order */
	const struct slice *passwords;
	size_t password_count;
	bool clamav_compat; /* open no more than clamscan does */
	/*
	 * For trouble that does not end the walk (a header that lies, bytes between
	 * members): the container becomes `incomplete` for this status. `offset` is
	 * where in the container it was seen. Called at any time; never fails.
	 */
	void (*note)(void *context, enum status status, uint64_t offset);
	void *note_context;
	/*
	 * `open` may set it: where in the source the archive lies, if it is told by its
	 * end and other bytes may stand before it. Empty: it may be anywhere.
	 */
	struct extent archive;
};

struct unpacker {
	enum file_type type; /* the type it opens */
	const char *name;    /* "zip": for messages and crash reports */

	/*
	 *   OK           *state is for next()
	 *   MALFORMED    not this format after all
	 *   TRUNCATED, UNSUPPORTED, ENCRYPTED, NO_MEMORY, IO, CHANGED
	 */
	enum status (*open)(struct unpack *unpack, void **state);

	/*
	 *   OK    *child is filled in (it arrives zeroed)
	 *   END   that was all, and all of it was understood
	 *   other the walk cannot go on; what came before counts
	 */
	enum status (*next)(void *state, struct child *child);
};

/* Tells the container's note function. */
void unpack_note(struct unpack *unpack, enum status status, uint64_t offset);

/* The unpacker for a type, or NULL. */
const struct unpacker *unpacker_of(enum file_type type);

/* All unpackers, for tests and `custos prove`: a NULL-terminated table. */
extern const struct unpacker *const unpackers[];
