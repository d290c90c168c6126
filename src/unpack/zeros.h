/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Padding: archives are filled with zeros up to the end of a block, a tape or a disk.
 */
#pragma once

#include "base/arena.h"
#include "bytes/source.h"

/* Padding longer than this is not looked through but taken for something else. */
enum { ZEROS_LOOK_MAX = 1024 * 1024 * 1024 };

/*
 * Finds the first byte from `from` on, below `end`, that is not zero: *ret_pos, or `end`
 * if there is none. Holes of sparse files cost nothing; after ZEROS_LOOK_MAX zeros that
 * had to be read, *ret_pos is the byte behind them.
 *   OK, CHANGED, IO
 */
MUST_CHECK enum status zeros_end(const struct source *source, uint64_t from, uint64_t end,
				 uint64_t *ret_pos);
