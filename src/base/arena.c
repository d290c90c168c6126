/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chunks of at least CHUNK_SIZE bytes in a stack. A request that does not fit
 * the top chunk gets a new one; what is left of the old top is not used again
 * until a rewind brings it back. One standard chunk is kept when a rewind
 * empties it, so that a walk over many small children does not go to malloc
 * for each of them. Chunks larger than that come zeroed, from pages that take no room
 * before they are written to: what is allocated in one for the first time is not zeroed
 * again.
 */
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"

enum { CHUNK_SIZE = 64 * 1024 };

static const size_t ALIGN_MASK = alignof(max_align_t) - 1;

struct arena_chunk {
	struct arena_chunk *below;
	size_t size; /* of bytes[] */
	size_t used;
	size_t written; /* behind so many bytes all are zeros */
	alignas(max_align_t) uint8_t bytes[];
};

static void *take(struct arena *arena, size_t size, size_t *ret_dirty);
static size_t largest_chunk(const struct arena *arena);
static bool push_chunk(struct arena *arena, size_t size);
static void pop_chunk(struct arena *arena);
static void *grow_chunk(struct arena *arena, size_t at, size_t larger);

void arena_init(struct arena *arena, size_t budget_bytes)
{
	*arena = (struct arena){ .budget_bytes = budget_bytes };
}

void arena_clear(struct arena *arena)
{
	while (arena->top)
		pop_chunk(arena);
	free(arena->spare);
	arena_init(arena, arena->budget_bytes);
}

void *arena_alloc(struct arena *arena, size_t size)
{
	size_t dirty;
	void *memory = take(arena, size, &dirty);

	if (memory && dirty > 0)
		memset(memory, 0, dirty);
	return memory;
}

void *arena_alloc_unset(struct arena *arena, size_t size)
{
	size_t dirty;

	return take(arena, size, &dirty);
}

/* Memory, the first *ret_dirty bytes of which may not be zeros. */
static void *take(struct arena *arena, size_t size, size_t *ret_dirty)
{
	size_t rounded;

	/* Nothing at all takes room too: its address is then nobody else's. */
	if (!add_size(max_size(size, 1), ALIGN_MASK, &rounded))
		return NULL;
	rounded &= ~ALIGN_MASK;

	struct arena_chunk *top = arena->top;
	if (!top || rounded > top->size - top->used) {
		if (!push_chunk(arena, rounded))
			return NULL;
		top = arena->top;
	}
	void *memory = &top->bytes[top->used];
	*ret_dirty = 0;
	if (top->written > top->used)
		*ret_dirty = min_size(rounded, top->written - top->used);
	top->used += rounded;
	top->written = max_size(top->written, top->used);
	return memory;
}

void *arena_grow(struct arena *arena, void *memory, size_t size, size_t larger)
{
	struct arena_chunk *top = arena->top;
	size_t rounded;

	if (!add_size(max_size(size, 1), ALIGN_MASK, &rounded))
		return NULL;
	rounded &= ~ALIGN_MASK;
	if (!top || top->used < rounded || memory != &top->bytes[top->used - rounded] ||
	    larger < size)
		return NULL;
	return grow_chunk(arena, top->used - rounded, larger);
}

/* The chunk's last allocation, at `at`, becomes `larger`, and the chunk what it must. */
static void *grow_chunk(struct arena *arena, size_t at, size_t larger)
{
	struct arena_chunk *top = arena->top;
	size_t end;

	if (!add_size(at, larger, &end) || !add_size(end, ALIGN_MASK, &end))
		return NULL;
	end &= ~ALIGN_MASK;
	if (end > top->size) {
		/* Others may point into it. */
		if (at > 0 || end - top->size > arena->budget_bytes - arena->taken_bytes)
			return NULL;
		top = realloc(top, sizeof(*top) + end);
		if (!top)
			return NULL;
		arena->taken_bytes += end - top->size;
		arena->peak_bytes = max_size(arena->peak_bytes, arena->taken_bytes);
		top->size = end;
		arena->top = top;
	}
	top->used = end;
	top->written = max_size(top->written, end);
	return &top->bytes[at];
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
	size_t total;

	if (!mul_size(count, size, &total))
		return NULL;
	return arena_alloc(arena, total);
}

bool arena_copy(struct arena *arena, struct slice bytes, struct slice *out)
{
	uint8_t *copy = arena_alloc(arena, bytes.len);

	if (!copy)
		return false;
	if (bytes.len > 0)
		memcpy(copy, bytes.base, bytes.len);
	*out = (struct slice){ copy, bytes.len };
	return true;
}

size_t arena_left(const struct arena *arena)
{
	size_t free_in_top = 0;
	size_t outside = largest_chunk(arena);

	if (arena->top)
		free_in_top = (arena->top->size - arena->top->used) & ~ALIGN_MASK;
	return (free_in_top > outside) ? free_in_top : outside;
}

struct arena_mark arena_mark(const struct arena *arena)
{
	struct arena_mark mark = { arena->top, 0 };

	if (arena->top)
		mark.used = arena->top->used;
	return mark;
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
	while (arena->top != mark.chunk) {
		assert(arena->top);
		pop_chunk(arena);
	}
	if (!arena->top)
		return;
	assert(mark.used <= arena->top->used);
	arena->top->used = mark.used;
}

/* The room that a new chunk could have, the spare one given up for it. */
static size_t largest_chunk(const struct arena *arena)
{
	size_t taken = arena->taken_bytes;

	if (arena->spare)
		taken -= arena->spare->size + sizeof(struct arena_chunk);
	size_t left = arena->budget_bytes - min_size(taken, arena->budget_bytes);
	return (left - min_size(left, sizeof(struct arena_chunk))) & ~ALIGN_MASK;
}

static bool push_chunk(struct arena *arena, size_t size)
{
	struct arena_chunk *chunk = arena->spare;

	arena->spare = NULL;
	if (chunk && size > chunk->size) {
		arena->taken_bytes -= chunk->size + sizeof(*chunk);
		free(chunk);
		chunk = NULL;
	}
	if (!chunk) {
		size_t largest = largest_chunk(arena);

		/* At the end of the budget chunks become as small as they must. */
		if (size < CHUNK_SIZE)
			size = max_size(size, min_size(CHUNK_SIZE, largest));
		if (size > largest)
			return false;
		chunk = size > CHUNK_SIZE ? calloc(1, sizeof(*chunk) + size) :
					    malloc(sizeof(*chunk) + size);
		if (!chunk)
			return false;
		chunk->size = size;
		chunk->written = size > CHUNK_SIZE ? 0 : size;
		arena->taken_bytes += sizeof(*chunk) + size;
		if (arena->taken_bytes > arena->peak_bytes)
			arena->peak_bytes = arena->taken_bytes;
	}
	chunk->used = 0;
	chunk->below = arena->top;
	arena->top = chunk;
	return true;
}

static void pop_chunk(struct arena *arena)
{
	struct arena_chunk *chunk = arena->top;

	arena->top = chunk->below;
	if (!arena->spare && chunk->size == CHUNK_SIZE) {
		arena->spare = chunk;
		return;
	}
	arena->taken_bytes -= chunk->size + sizeof(*chunk);
	free(chunk);
}
