/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small records read from a source, many of them and mostly one behind the other: the
 * headers of an archive. A piece of the source is kept, so that not each of them costs a
 * call to the system.
 */
#pragma once

#include "base/arena.h"
#include "bytes/source.h"

struct readahead {
	struct source source;
	uint8_t *buffer; /* `size` bytes; NULL if the source is memory itself */
	size_t size;
	uint64_t offset; /* where in the source the buffer begins */
	size_t len;      /* bytes in it */
};

/* How much is read at once, unless a record is larger. */
enum { READAHEAD_PIECE = 16 * 1024 };

/*
 * `size`: the largest record that will be asked for.
 *   OK, NO_MEMORY
 */
MUST_CHECK enum status readahead_init(struct readahead *ahead, struct arena *arena,
				      struct source source, size_t size);

/*
 * The `len` (at most `size`) bytes at `offset`; fewer where the source ends before. Valid
 * until the next call.
 *   OK, CHANGED, IO
 */
MUST_CHECK enum status readahead_at(struct readahead *ahead, uint64_t offset, size_t len,
				    struct reader *out);
