/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A child that comes out of a decoder is read to its end before it is looked
 * at: into memory while it is small, and from there into the spool when it
 * outgrows that. This is where a bomb meets its limits.
 *
 * Whatever was read is looked at, even when the rest cannot be had.
 */
#include <string.h>

#include "base/checked.h"
#include "scan/level.h"

enum { FIRST_PIECE = 64 * 1024, GROWTH = 4, PIECES_BETWEEN_CLOCKS = 16 };

struct intake {
	struct scan *scan;
	struct level *level;
	const struct child *child;
	uint64_t total;  /* bytes read so far */
	uint8_t *buffer; /* of the arena */
	size_t size;
	size_t used;   /* bytes in the buffer that are not in the spool */
	bool spooling; /* bytes before those in the buffer are in the spool */
	bool full;     /* the spool took no more */
	unsigned pieces;
};

static bool make_room(struct intake *intake);
static bool grow(struct intake *intake);
static bool flush(struct intake *intake);
static bool within_limits(struct intake *intake);
static uint64_t packed_so_far(const struct child *child);
static void finish(struct intake *intake);
static void say(struct intake *intake, enum reason reason);

void child_materialise(struct scan *scan, struct level *level, const struct child *child)
{
	struct intake intake = { .scan = scan, .level = level, .child = child };

	while (make_room(&intake) && within_limits(&intake)) {
		size_t got = 0;
		enum status status = stream_read(&child->stream,
						 intake.buffer + intake.used,
						 intake.size - intake.used, &got);
		intake.used += got;
		intake.total += got;
		scan->bytes = add_u64_capped(scan->bytes, got);
		if (status == STATUS_OK)
			continue;
		if (status != STATUS_END)
			say(&intake, scan_reason(status));
		break;
	}
	finish(&intake);
}

/*
 * Space in the buffer for more: by making it, growing it, or emptying it into the
 * spool.
 */
static bool make_room(struct intake *intake)
{
	if (intake->used < intake->size)
		return true;
	if (!intake->spooling && grow(intake))
		return true;
	if (!intake->buffer) {
		say(intake, REASON_MEMORY);
		return false;
	}
	return flush(intake);
}

static bool grow(struct intake *intake)
{
	uint64_t most = intake->scan->setup->limits.memory_child_bytes;
	size_t size = FIRST_PIECE;

	if (intake->size >= most)
		return false;
	if (intake->size > 0)
		size = (size_t)min_u64(most, (uint64_t)intake->size * GROWTH);
	/* Leave the larger part of the budget to what is inside this child. */
	if (intake->size > 0 && size > arena_left(intake->scan->setup->arena) / 3)
		return false;

	struct arena *arena = intake->scan->setup->arena;
	uint8_t *larger = NULL;
	/* Mostly nothing was allocated since: one buffer then, not one beside the other. */
	if (intake->size > 0)
		larger = arena_grow(arena, intake->buffer, intake->size, size);
	if (!larger) {
		larger = arena_alloc_unset(arena, size);
		if (!larger)
			return false;
		if (intake->used > 0)
			memcpy(larger, intake->buffer, intake->used);
	}
	intake->buffer = larger;
	intake->size = size;
	return true;
}

/*
 * Moves the buffer's bytes to the spool. When it takes no more, what it has is what is
 * looked at.
 */
static bool flush(struct intake *intake)
{
	if (spool_append(intake->scan->setup->spool, intake->buffer, intake->used) !=
	    STATUS_OK) {
		say(intake, REASON_SIZE);
		intake->full = true;
		return false;
	}
	intake->spooling = true;
	intake->used = 0;
	return true;
}

static bool within_limits(struct intake *intake)
{
	const struct scan_limits *limits = &intake->scan->setup->limits;
	if (intake->total >= limits->child_bytes_max) {
		say(intake, REASON_SIZE);
		return false;
	}
	if (intake->total > limits->ratio_from_bytes &&
	    intake->total / packed_so_far(intake->child) > limits->ratio_max) {
		say(intake, REASON_RATIO);
		return false;
	}
	if (intake->scan->bytes >= limits->bytes_max) {
		scan_stop(intake->scan, intake->level, REASON_BYTES);
		return false;
	}
	if (intake->pieces++ % PIECES_BETWEEN_CLOCKS == 0 &&
	    scan_time_is_up(intake->scan)) {
		scan_stop(intake->scan, intake->level, REASON_TIME);
		return false;
	}
	return true;
}

/* Of what was read, not of what the container says: the rest may never be looked at. */
static uint64_t packed_so_far(const struct child *child)
{
	uint64_t packed = child->packed_bytes;

	if (child->stream.taken)
		packed = min_u64(packed, child->stream.taken(child->stream.state));
	return max_u64(packed, 1);
}

static void finish(struct intake *intake)
{
	struct level *level = intake->level;

	if (intake->spooling && intake->used > 0 && !intake->full)
		(void)flush(intake);
	if (intake->spooling)
		level->source = spool_source(intake->scan->setup->spool,
					     level->spool_mark);
	else
		level->source = source_of_memory(intake->buffer, intake->used);
}

static void say(struct intake *intake, enum reason reason)
{
	scan_incomplete(intake->scan, intake->level, reason, intake->total,
			(struct slice){ 0 });
}
