/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bump memory with a budget, released in the reverse order of its use.
 *
 * Everything a scan allocates comes from one arena. Nothing in it is freed by
 * itself: who starts a piece of work takes a mark and rewinds to it when the
 * work is done. A bomb is therefore nothing but "the budget ran out".
 *
 * Memory is zeroed, unless it is asked for unset. Pointers stay valid until the arena
 * is rewound past them. One arena belongs to one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"

struct arena_chunk;

struct arena {
	struct arena_chunk *top;   /* the chunk allocations come from */
	struct arena_chunk *spare; /* one emptied chunk, kept for the next need */
	size_t budget_bytes;       /* the most that chunks may take together */
	size_t taken_bytes;        /* what they take now, the spare one included */
	size_t peak_bytes;         /* the most they ever took */
};

struct arena_mark {
	struct arena_chunk *chunk;
	size_t used;
};

/* An empty arena: takes no memory until the first allocation. */
void arena_init(struct arena *arena, size_t budget_bytes);

/* Gives all memory back; the arena may be used again. */
void arena_clear(struct arena *arena);

/*
 * `size` zeroed bytes aligned for any type, or NULL when the budget does not allow
 * them.
 */
MUST_CHECK void *arena_alloc(struct arena *arena, size_t size);

/*
 * Makes what was allocated last, `size` bytes, `larger` bytes long, wherever that will be:
 * the bytes so far are kept, the others are not zeroed. No mark may have been taken since.
 * NULL: the budget does not allow it, it was not the last, or others lie in front of it;
 * then it is as it was.
 */
MUST_CHECK void *arena_grow(struct arena *arena, void *memory, size_t size,
			    size_t larger);

/* The same, but what is in the bytes is not set: for what is written before it is read. */
MUST_CHECK void *arena_alloc_unset(struct arena *arena, size_t size);

/* `count` zeroed elements of `size` bytes, or NULL (also when the product overflows). */
MUST_CHECK void *arena_alloc_array(struct arena *arena, size_t count, size_t size);

/* Copies bytes. On success *out points to memory of the arena; false: no memory. */
MUST_CHECK bool arena_copy(struct arena *arena, struct slice bytes, struct slice *out);

/* How many bytes could still be taken, were they asked for in one piece. */
size_t arena_left(const struct arena *arena);

struct arena_mark arena_mark(const struct arena *arena);

/* Releases everything allocated since the mark. Marks are rewound in reverse order. */
void arena_rewind(struct arena *arena, struct arena_mark mark);

#define arena_new(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define arena_new_array(arena, type, count) \
	((type *)arena_alloc_array((arena), (count), sizeof(type)))
