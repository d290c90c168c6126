/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A place in a walk: which root, and which path below it. Walks visit the
 * names of a directory in the order of their bytes, and a directory before
 * what is in it. So places are ordered, an interrupted walk can go on behind
 * one, and the place need not exist any more for that.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

struct position {
	uint64_t root; /* number of the root, from 0 */
	struct slice
		path; /* below the root, without a leading '/'; empty: the root itself */
};

/* Below 0, 0 or above 0: `a` is visited before, is, or is visited after `b`. */
int position_compare(struct position a, struct position b);

/* The same for two paths below one root. */
int position_compare_paths(struct slice a, struct slice b);

/* Does `path` lie below `directory` (or is it the same)? Everything lies below the empty path. */
bool position_below(struct slice path, struct slice directory);
