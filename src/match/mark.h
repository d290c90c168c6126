/* SPDX-License-Identifier: Apache-2.0 */
/* Word and line boundaries: the MARK of match/pattern.h, which has the table. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "match/text.h"

/*
 * Does the mark hold at `at`? Then *ret_len is how many bytes it consumes: none
 * if it only looks, else one, or two for a line end of CR LF.
 */
MUST_CHECK bool mark_holds(struct text *text, uint8_t kind, uint8_t flags, uint64_t at,
			   uint64_t *ret_len);
