/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-16 as UTF-8, unit by unit: as clamscan reads wide pages, half a pair of surrogates
 * is a character of three bytes like any other.
 */
#pragma once

#include "base/arena.h"
#include "base/status.h"
#include "bytes/source.h"

/*
 * The whole text, in the arena. The byte order is that of its mark, or, without one, that
 * in which the first unit is below 256; half a unit at the end is left out.
 *   OK, CHANGED, IO, NO_MEMORY
 */
MUST_CHECK enum status utf16_read(struct arena *arena, const struct source *wide,
				  struct source *out);
