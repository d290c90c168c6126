/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where children too large for memory are kept while they are looked at: one
 * unlinked temporary file that the parent opened and handed to the worker.
 *
 * It is used as a stack, like the arena: a child is appended, scanned, and cut
 * off again (spool_rewind) before the next one comes. Space is only reused,
 * never returned by the worker: the parent empties the file between jobs.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "bytes/source.h"

struct spool {
	int fd;         /* -1: there is none */
	uint64_t used;  /* bytes in use: the next child begins here */
	uint64_t limit; /* the most that may be in use */
	uint64_t peak;  /* the most that was; whoever empties the file may set it to 0 */
};

/*
 * A spool over `fd` (-1 for none: every append says LIMIT). The caller owns the
 * descriptor.
 */
void spool_init(struct spool *spool, int fd, uint64_t limit_bytes);

/*
 * Appends bytes.
 *   OK     all of them are kept
 *   LIMIT  they do not fit; nothing of them is kept
 *   IO     the system refused; nothing of them is kept
 */
MUST_CHECK enum status spool_append(struct spool *spool, const void *bytes, size_t len);

/*
 * What was appended since the spool stood at `mark` (a former value of `used`), as a
 * source.
 */
struct source spool_source(const struct spool *spool, uint64_t mark);

/* Forgets everything appended since `mark`. */
void spool_rewind(struct spool *spool, uint64_t mark);
