/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs of bytecode rules: which are to be run on an object, and what they find in it
 * and make out of it. Not for anybody outside of this folder.
 */
#pragma once

#include "match/matcher.h"
#include "scan/level.h"

/* Before an object is matched. False: no memory. */
MUST_CHECK bool bytecode_prepare(struct scan *scan, struct level *level);

/* The patterns of a program matched: it is run when the object's rules are decided. */
void bytecode_triggered(struct scan *scan, struct level *level, uint32_t segment,
			uint32_t rule, const struct match_counts *counts);

/* Runs them, and those that ask for no patterns. What they make waits in the level. */
void bytecode_run_all(struct scan *scan, struct level *level,
		      const struct executable *executable);

/* The next object that a program made out of this one. False: no more. */
MUST_CHECK bool bytecode_next_made(struct scan *scan, struct level *level,
				   struct child *child);
