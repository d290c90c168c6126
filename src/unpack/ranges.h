/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which bytes of a container have been accounted for, so that what lies between can be
 * looked at too. In fixed memory: neighbours become one range, and an archive that is in
 * order needs one in all.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

struct range {
	uint64_t start, end; /* the first byte behind it */
};

struct ranges {
	struct range *items;
	size_t count, size;
	bool overlap;        /* two of them had bytes in common; known when settled … */
	uint64_t overlap_at; /* … the first of these bytes */
};

/* Room for `size` (at least 1) ranges that are no neighbours.  OK, NO_MEMORY. */
MUST_CHECK enum status ranges_init(struct ranges *ranges, struct arena *arena,
				   size_t size);

/* Adds one; an empty one is nothing. False: no room, and it is not in the set. */
MUST_CHECK bool ranges_add(struct ranges *ranges, uint64_t start, uint64_t end);

/* Sorts and merges. Before ranges_next_gap(), and again after further additions. */
void ranges_settle(struct ranges *ranges);

/* The first gap between `from` and `end`, cut to them. False: there is none. */
MUST_CHECK bool ranges_next_gap(const struct ranges *ranges, uint64_t from, uint64_t end,
				struct range *out);
