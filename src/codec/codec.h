/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decoders: bytes in, bytes out, resumable, one step at a time.
 *
 * A codec never asks the system for memory and never reads or writes anything
 * but the caller's windows: all it needs beside them comes from the arena at
 * `init`, and goes when the caller rewinds. There is no `end`.
 *
 * A codec knows nothing of containers: zip's header, gzip's trailer and their
 * checksums are the unpackers' business.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

/* The caller's windows. A step moves the positions; never beyond the lengths. */
struct codec_io {
	const uint8_t *in;
	size_t in_len;
	size_t in_pos;
	bool in_ends; /* nothing will come after these input bytes */
	uint8_t *out;
	size_t out_len;
	size_t out_pos;
};

struct codec {
	const char *name;

	/*
	 * Makes a decoder's state in the arena. `parameters` is what the codec's
	 * own header says (NULL where it needs none).
	 *   OK, NO_MEMORY
	 *   LIMIT        its dictionary is larger than the arena may give
	 *   MALFORMED, UNSUPPORTED   the parameters make no sense
	 */
	enum status (*init)(struct arena *arena, const void *parameters, void **state);

	/*
	 * Decodes until the input is used up, the output is full, or the data ends.
	 *   OK         more input or more room is wanted: look at the positions
	 *   END        the compressed data ended; in_pos is the first byte behind it
	 *   TRUNCATED  in_ends, and the data does not
	 *   MALFORMED, UNSUPPORTED, LIMIT, NO_MEMORY
	 * What was written before an error counts.
	 */
	enum status (*step)(void *state, struct codec_io *io);

	/* Starts anew with the same parameters, taking no further memory. */
	enum status (*reset)(void *state);
};
