/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs an unpacker the way the scan loop does, marks and rewinds included, and keeps
 * what came out of it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "unpack/unpack.h"

struct unpacked_child {
	char *name; /* its bytes and a NUL */
	size_t name_len;
	uint8_t *bytes;
	size_t len;
	enum status status; /* END: all of it came; else its problem, or where it broke */
	uint64_t packed_bytes;
	uint64_t claimed_bytes;
	bool is_encrypted;
};

struct unpacked {
	enum status opened;
	enum status ended; /* what the last next() said */
	struct unpacked_child *children;
	size_t count;
	size_t folders; /* are no children */
	struct {
		enum status status;
		uint64_t offset;
	} notes[32];
	size_t note_count; /* may be more than there is room for */
	size_t arena_peak;
};

enum { UNPACKED_BYTES_MAX = 1 << 20, UNPACKED_CHILDREN_MAX = 1000 };

/* Out of a source, with this budget; each child up to UNPACKED_BYTES_MAX. */
struct unpacked unpack_source(const struct unpacker *unpacker, struct source source,
			      size_t budget);

/*
 * Out of these bytes: from memory that ends at a page nobody may touch, and once more from
 * a file. A difference between the two ends the program.
 */
struct unpacked unpack_bytes(const struct unpacker *unpacker, const void *bytes,
			     size_t len);

void unpacked_free(struct unpacked *unpacked);

/* "name:len:status name:len:status | note@offset …", for one comparison that shows all. */
const char *unpacked_text(const struct unpacked *unpacked);
