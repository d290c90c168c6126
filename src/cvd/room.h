/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Room for what is made of containers: one file, or memory, that is only appended to. What
 * is in it is a range.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"
#include "bytes/source.h"
#include "bytes/stream.h"

enum { CVD_ROOM_PIECE = 64 * 1024 };

struct cvd_range {
	uint64_t offset;
	uint64_t len;
};

struct cvd_room {
	/* Writes at an absolute offset; false: the system refused. */
	bool (*write)(void *context, uint64_t offset, const void *bytes, size_t len);
	/* All bytes from the start to `size`, which were written before. */
	struct source (*read)(void *context, uint64_t size);
	void *context;
	uint64_t size_max;
	uint64_t at; /* where the next byte goes */
	size_t used; /* of the piece */
	bool failed;
	uint8_t piece[CVD_ROOM_PIECE];
};

/* Appends; a failure is told by the next room_sync(). */
void room_put(struct cvd_room *room, struct slice bytes);

/*
 * Appends all that a stream gives.
 *   OK       *out is where it is
 *   IO       the system refused
 *   LIMIT    beyond size_max
 *   other    of the stream
 */
MUST_CHECK enum status room_stream(struct cvd_room *room, struct stream stream,
				   struct cvd_range *out);

/* Writes what is still held back.  OK, IO, LIMIT */
MUST_CHECK enum status room_sync(struct cvd_room *room);

/* A range as a source. What is still held back is not there: room_sync() first. */
struct source room_range(struct cvd_room *room, struct cvd_range range);
