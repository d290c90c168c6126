/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two ways, as clamscan has them: squares whose side is a multiple of 24 or 32 are halved
 * until it is 32 or less; of others pixels are picked, with the column rounded to the
 * nearest and the row rounded down.
 */
#include <string.h>

#include "view/icon_parts.h"

static const uint32_t sides[] = { 16, 24, 32 };

static void halve(struct icon_bitmap *bitmap);
static uint32_t nearest_side(const struct icon_bitmap *bitmap);
static void pick(struct icon_bitmap *bitmap, uint32_t side, const uint8_t *from);

enum status icon_bitmap_scale(struct icon_bitmap *bitmap)
{
	uint32_t width = bitmap->width;

	if (width == bitmap->height && (width % 24 == 0 || width % 32 == 0)) {
		while (bitmap->width > ICON_SIDE_MAX)
			halve(bitmap);
		return bitmap->width == 24 || bitmap->width == 32 ? STATUS_OK :
								    STATUS_UNSUPPORTED;
	}
	pick(bitmap, nearest_side(bitmap), bitmap->pixels);
	return STATUS_OK;
}

/* Pairs in a row first, then rows; each mean is rounded down. */
static void halve(struct icon_bitmap *bitmap)
{
	size_t row_len = (size_t)bitmap->width * ICON_COLOURS;
	uint8_t *to = bitmap->pixels;

	for (size_t y = 0; y + 1 < bitmap->height; y += 2) {
		for (size_t x = 0; x + 1 < bitmap->width; x += 2) {
			for (size_t i = 0; i < ICON_COLOURS; i++) {
				size_t at = y * row_len + x * ICON_COLOURS + i;
				const uint8_t *upper = &bitmap->pixels[at];
				const uint8_t *lower = &bitmap->pixels[at + row_len];
				unsigned above = (upper[0] + upper[ICON_COLOURS]) / 2U;
				unsigned below = (lower[0] + lower[ICON_COLOURS]) / 2U;

				*to++ = (uint8_t)((above + below) / 2);
			}
		}
	}
	bitmap->width /= 2;
	bitmap->height /= 2;
}

static uint32_t distance(uint32_t a, uint32_t b)
{
	return a > b ? a - b : b - a;
}

/* By both sides together; of two that are equally near the smaller. */
static uint32_t nearest_side(const struct icon_bitmap *bitmap)
{
	uint32_t best = 0, best_distance = UINT32_MAX;

	for (size_t i = 0; i < ARRAY_LEN(sides); i++) {
		uint32_t far = distance(bitmap->width, sides[i]) +
			       distance(bitmap->height, sides[i]);

		if (far < best_distance) {
			best = sides[i];
			best_distance = far;
		}
	}
	return best;
}

static void pick(struct icon_bitmap *bitmap, uint32_t side, const uint8_t *from)
{
	uint8_t small[ICON_PIXELS_MAX * ICON_COLOURS];

	for (uint32_t y = 0; y < side; y++) {
		for (uint32_t x = 0; x < side; x++) {
			uint32_t column = (2 * x * bitmap->width + side) / (2 * side);
			uint32_t row = y * bitmap->height / side;
			size_t at = (size_t)row * bitmap->width + column;

			memcpy(&small[((size_t)y * side + x) * ICON_COLOURS],
			       &from[at * ICON_COLOURS], ICON_COLOURS);
		}
	}
	bitmap->width = side;
	bitmap->height = side;
	memcpy(bitmap->pixels, small, (size_t)side * side * ICON_COLOURS);
}
