/* SPDX-License-Identifier: Apache-2.0 */
/* The steps from an icon's bytes to its look; only for view/icon*.c. */
#pragma once

#include "view/icon.h"

enum {
	ICON_PIXELS_MAX = ICON_SIDE_MAX * ICON_SIDE_MAX,
	ICON_COLOURS = 3, /* red, green, blue */
};

/* Rows from the top, of pixels of ICON_COLOURS bytes. */
struct icon_bitmap {
	uint32_t width, height;
	uint8_t *pixels;
};

/* A number of each pixel. */
struct icon_plane {
	unsigned side;
	uint16_t values[ICON_PIXELS_MAX];
};

/* icon_bitmap.c: reads it in its own size, on white where it lets something through. */
MUST_CHECK enum status icon_bitmap_read(const struct source *source, uint64_t offset,
					struct arena *arena, struct icon_bitmap *out);

/*
 * icon_scale.c: in place, to 16, 24 or 32 pixels. UNSUPPORTED: it comes to another side,
 * as clamscan halves 72 to 18.
 */
MUST_CHECK enum status icon_bitmap_scale(struct icon_bitmap *bitmap);

/* icon_edges.c: how much of an edge each pixel is on. */
MUST_CHECK enum status icon_edges(const struct icon_bitmap *bitmap, struct arena *arena,
				  struct icon_plane *out);
