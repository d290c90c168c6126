/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A set of 64-bit numbers in an arena, for what a scan of one object meets: empty
 * it costs nothing, and it grows with what is in it, not with what could be.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/compiler.h"

struct id_set {
	struct arena *arena;
	uint64_t *ids; /* in the order in which they were added */
	size_t count;
	uint32_t *slots; /* 1 + index into ids, 0: empty; open addressing */
	unsigned log2;   /* of the number of slots */
};

void id_set_init(struct id_set *set, struct arena *arena);

/* Empties it; it keeps its room. */
void id_set_clear(struct id_set *set);

bool id_set_has(const struct id_set *set, uint64_t id);

/* Adds an id, if it is not there yet. False: no memory. */
MUST_CHECK bool id_set_add(struct id_set *set, uint64_t id);
