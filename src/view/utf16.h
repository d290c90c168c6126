/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-16 as clamscan 1.4.6 reads pages in it: what is ASCII is kept, and the rest comes to
 * something that rules were written on. A unit with its low byte first becomes one byte,
 * the low one plus sixteen times the high one; with the high byte first the bytes stay as
 * they are, and the NULs among them mean nothing in a page.
 */
#pragma once

#include "base/arena.h"
#include "base/status.h"
#include "bytes/source.h"

/*
 * *out is `wide` itself or a text in the arena.
 *   OK, CHANGED, IO, NO_MEMORY
 */
MUST_CHECK enum status utf16_read(struct arena *arena, const struct source *wide,
				  struct source *out);
