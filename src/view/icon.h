/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an icon of a program looks like: where it is brightest, darkest and so on, in
 * numbers that stand for a picture of 16, 24 or 32 pixels. They are those of ClamAV's
 * `idb` rules, found by giving icons to clamscan 1.4.6 and reading what it tells of
 * them; docs/formats/icons.md has all that was found.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/status.h"
#include "bytes/source.h"

enum icon_kind {
	ICON_COLOURFUL,
	ICON_GRAY,
	ICON_BRIGHT,
	ICON_DARK,
	ICON_EDGES,
	ICON_SMOOTH, /* the fewest edges */
	ICON_KINDS,
};

enum {
	ICON_AREAS_EACH = 3,
	ICON_SUMS = 4,
	ICON_SIDE_MAX = 32,
	ICON_AREA_NONE = UINT16_MAX, /* as `value`: there was no room for it */
	ICON_DIGITS = 124,
};

/* A square of a quarter of the side. */
struct icon_area {
	uint16_t value; /* the mean of its pixels, or ICON_AREA_NONE */
	uint8_t x, y;   /* its upper left corner */
};

struct icon_look {
	uint8_t side; /* 16, 24 or 32 */
	/*
	 * Of each kind the first, second, third. If hardly a pixel is coloured there are
	 * no colourful and gray ones: further ones with edges and without stand there.
	 */
	struct icon_area areas[ICON_KINDS][ICON_AREAS_EACH];
	/* percent: how red, green, blue the coloured pixels are; how many are coloured */
	uint8_t sums[ICON_SUMS];
};

/* Else the first two kinds of areas are further edges, and the sums are zeros. */
static inline bool icon_is_coloured(const struct icon_look *look)
{
	return look->sums[ICON_SUMS - 1] > 0;
}

/*
 * Looks at the icon whose bitmap header stands at `offset`.
 *   OK
 *   MALFORMED    no bitmap header (PNG), a side below 16 or above 256, or far from square
 *   UNSUPPORTED  16 bits a pixel and the like, or a size that is compared with nothing
 *   TRUNCATED    the file ends in its pixels
 *   CHANGED, IO, NO_MEMORY
 */
MUST_CHECK enum status icon_read(const struct source *source, uint64_t offset,
				 struct arena *arena, struct icon_look *out);

/* The digits of an idb rule, and a NUL. An area that is none has the value 0. */
void icon_digits(const struct icon_look *look, char out[ICON_DIGITS + 1]);
