/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the bytes of an object come from, for random access: memory, a file
 * descriptor, a window of another source, the spool, or a reader of its own
 * (bytes/settled.h). Hostile files are never mapped: a file that shrinks under
 * a mapping kills its reader.
 *
 * A source is a small value with an operations table. Whoever makes one owns
 * what it refers to and keeps it alive; a window keeps a copy of its parent's
 * value, so only the underlying memory or descriptor must outlive it.
 *
 * Sizes and offsets are in bytes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "bytes/reader.h"

/* The largest piece that source_view() copies at once. */
enum { SOURCE_VIEW_MAX = 1024 * 1024 };

/* A run of a file that holds data; between runs the file reads as zeros. */
struct extent {
	uint64_t offset;
	uint64_t len;
};

struct source {
	enum source_kind { SOURCE_MEMORY, SOURCE_FD, SOURCE_READER } kind;
	uint64_t size;         /* of this source */
	uint64_t start;        /* where it begins in the memory or the file */
	const uint8_t *memory; /* SOURCE_MEMORY */
	uint64_t memory_len;   /* bytes at `memory`, before any window was taken */
	int fd;                /* SOURCE_FD */
	/* SOURCE_FD: sorted, not overlapping; NULL: all data */
	const struct extent *extents;
	size_t extent_count;
	/* SOURCE_READER: all `len` bytes at `offset`, which are there, or why not. */
	enum status (*read)(void *state, uint64_t offset, uint8_t *buffer, size_t len);
	void *state;
};

struct source source_of_memory(const void *base, size_t len);

/*
 * A descriptor open for reading, of a regular file of `size` bytes. `extents`
 * (may be NULL) tells where its data lies; bytes outside them are zero and are
 * not read from the system.
 */
struct source source_of_fd(int fd, uint64_t size, const struct extent *extents,
			   size_t extent_count);

/* A part of another source. Cut to what is there: ask its size, if that matters. */
struct source source_window(const struct source *parent, uint64_t offset, uint64_t len);

/*
 * Copies up to `len` bytes from `offset`. *ret_len is less than `len` only at
 * the end of the source.
 *   OK       *ret_len may be 0 at or behind the end
 *   CHANGED  the file ended before its size
 *   IO       the system refused
 */
MUST_CHECK enum status source_read(const struct source *source, uint64_t offset,
				   void *buffer, size_t len, size_t *ret_len);

/* As source_read(), but TRUNCATED unless all `len` bytes are there. */
MUST_CHECK enum status source_read_all(const struct source *source, uint64_t offset,
				       void *buffer, size_t len);

/*
 * A copy in the arena of the `len` (at most SOURCE_VIEW_MAX) bytes at
 * `offset`, as a reader; shorter where the source ends before. A byte used for
 * a decision is read once: parse the copy, never the source twice.
 *   OK, CHANGED, IO   as source_read()
 *   NO_MEMORY         the arena's budget
 *   LIMIT             `len` is above SOURCE_VIEW_MAX
 */
MUST_CHECK enum status source_view(const struct source *source, struct arena *arena,
				   uint64_t offset, size_t len, struct reader *out);

/*
 * The next run of data at or after `offset`, cut to the source. Returns false
 * when only zeros follow. For a source without extents everything is data.
 */
MUST_CHECK bool source_next_data(const struct source *source, uint64_t offset,
				 struct extent *out);

/* The whole source as memory if it is memory already (no copy); else false. */
MUST_CHECK bool source_memory(const struct source *source, struct slice *out);
