/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies of what cannot be handed on itself: standard input, and files whose
 * reading may never end. A copy is nameless: it lives in memory or in an
 * unlinked temporary file, and goes with its last descriptor.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/status.h"
#include "host/target.h"

enum { COPY_MEMORY_MAX = 1024 * 1024 }; /* what is longer goes to a file */

/*
 * An empty place for a copy of about `size` bytes: in memory, or in a file of
 * the folder for temporary files.
 *   OK
 *   LIMIT    no descriptor is free
 *   IO       no folder takes it; errno says why
 */
MUST_CHECK enum status copy_place(uint64_t size, int *ret_fd);

/* How much may be copied to a place in a file: half of what is free there. */
uint64_t copy_room(int place);

struct copy {
	int from;
	int to;
	uint64_t limit; /* no more bytes than this */
	bool waits;     /* for more, should `from` not block by itself */
	const volatile sig_atomic_t *stop; /* not 0: give up; may be NULL */
	void (*progress)(void *context,
			 uint64_t bytes); /* after each piece; may be NULL */
	void *context;
	uint64_t len; /* how long the copy is by now, holes included */
	bool is_cut;  /* there was more, or no room for more */
};

/*
 * Reads `from` to its end, from where it stands.
 *   OK
 *   END      *stop was set
 *   IO       reading failed; errno says why. What was read before is there
 */
MUST_CHECK enum status copy_stream(struct copy *copy);

/*
 * Reads the pieces of a file, each to its place; between them the copy has
 * holes. As copy_stream().
 */
MUST_CHECK enum status copy_extents(struct copy *copy, uint64_t size,
				    const struct extent *extents, size_t count);
