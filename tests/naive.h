/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Matching as its definition reads, by trying everything: what the tests compare with.
 * Texts of some hundred bytes at most.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

enum { NAIVE_TEXT_MAX = 4096 };

struct naive_text {
	const uint8_t *bytes;
	size_t len;
};

/*
 * Can the program be followed from `at`? Then *ret_end is the end that is found when
 * each part takes its nearest end, and each gap its nearest length, that work.
 */
bool naive_matches(const struct naive_text *text, const uint8_t *program, size_t len,
		   size_t at, size_t *ret_end);

struct naive_range {
	size_t first, last;
};

/*
 * Marks where the last part of the program stands at the end of a match that starts in
 * the range: part by part, by trying every start and every end that was reached.
 */
void naive_last_places(const struct naive_text *text, struct slice program,
		       struct naive_range starts, bool *places);
