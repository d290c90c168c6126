/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Edges: each pixel becomes how far its colour is from a middle gray, in CIE L*a*b* (D65);
 * the gradient of that (Sobel), rounded down, is stretched so that the strongest is 255,
 * and then smeared along rows and, in place, along columns. The smear down a column thus
 * takes what is above it as already smeared: edges have a tail to the bottom. The outermost
 * pixels are left alone at each step.
 *
 * An icon without any gradient has its blue for edges: it is what clamscan's buffer holds
 * then.
 */
#include <math.h>
#include <string.h>

#include "view/icon_parts.h"

enum { MIDDLE_GRAY = 127, LEVELS = 256 };

struct lab {
	double l, a, b;
};

/* How far colours are from the middle gray, and what that takes. */
struct distances {
	unsigned side;
	double linear[LEVELS]; /* of a byte, 0 to 1 */
	struct lab middle;
	double values[ICON_PIXELS_MAX];
};

static void measure(struct distances *distances, const struct icon_bitmap *bitmap);
static struct lab lab_of(const struct distances *distances, const uint8_t *pixel);
static unsigned gradient_at(const struct distances *distances, size_t at);
static void stretch(struct icon_plane *plane, unsigned strongest);
static void take_blue(struct icon_plane *plane, const struct icon_bitmap *bitmap);
static void smear_rows(struct icon_plane *plane);
static void smear_columns(struct icon_plane *plane);

enum status icon_edges(const struct icon_bitmap *bitmap, struct arena *arena,
		       struct icon_plane *out)
{
	struct arena_mark mark = arena_mark(arena);
	struct distances *distances = arena_new(arena, struct distances);
	unsigned side = bitmap->width, strongest = 0;

	if (!distances)
		return STATUS_NO_MEMORY;
	measure(distances, bitmap);
	out->side = side;
	memset(out->values, 0, sizeof(out->values));
	for (size_t y = 1; y + 1 < side; y++) {
		for (size_t x = 1; x + 1 < side; x++) {
			unsigned gradient = gradient_at(distances, y * side + x);

			out->values[y * side + x] = (uint16_t)gradient;
			if (gradient > strongest)
				strongest = gradient;
		}
	}
	if (strongest > 0)
		stretch(out, strongest);
	else
		take_blue(out, bitmap);
	smear_rows(out);
	smear_columns(out);
	arena_rewind(arena, mark);
	return STATUS_OK;
}

static void measure(struct distances *distances, const struct icon_bitmap *bitmap)
{
	static const uint8_t middle[ICON_COLOURS] = { MIDDLE_GRAY, MIDDLE_GRAY,
						      MIDDLE_GRAY };
	size_t count = (size_t)bitmap->width * bitmap->height;

	for (size_t i = 0; i < LEVELS; i++) {
		double share = (double)i / (LEVELS - 1);

		if (share <= 0.04045)
			distances->linear[i] = share / 12.92;
		else
			distances->linear[i] = pow((share + 0.055) / 1.055, 2.4);
	}
	distances->side = bitmap->width;
	distances->middle = lab_of(distances, middle);
	for (size_t i = 0; i < count; i++) {
		struct lab lab = lab_of(distances, &bitmap->pixels[i * ICON_COLOURS]);
		double l = lab.l - distances->middle.l;
		double a = lab.a - distances->middle.a;
		double b = lab.b - distances->middle.b;

		distances->values[i] = sqrt(l * l + a * a + b * b);
	}
}

static double lab_root(double share)
{
	return share > 0.008856 ? cbrt(share) : 7.787 * share + 16.0 / 116.0;
}

/* By way of XYZ; the constants are those of sRGB and of daylight. */
static struct lab lab_of(const struct distances *distances, const uint8_t *pixel)
{
	double red = distances->linear[pixel[0]];
	double green = distances->linear[pixel[1]];
	double blue = distances->linear[pixel[2]];
	double x = lab_root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047);
	double y = lab_root(0.2126 * red + 0.7152 * green + 0.0722 * blue);
	double z = lab_root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883);

	return (struct lab){ 116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z) };
}

static unsigned gradient_at(const struct distances *distances, size_t at)
{
	const double *above = &distances->values[at - distances->side];
	const double *here = &distances->values[at];
	const double *below = &distances->values[at + distances->side];
	double across = above[1] + 2 * here[1] + below[1] - above[-1] - 2 * here[-1] -
			below[-1];
	double down = below[-1] + 2 * below[0] + below[1] - above[-1] - 2 * above[0] -
		      above[1];

	return (unsigned)sqrt(across * across + down * down);
}

static void stretch(struct icon_plane *plane, unsigned strongest)
{
	for (size_t i = 0; i < (size_t)plane->side * plane->side; i++)
		plane->values[i] = (uint16_t)(plane->values[i] * (unsigned)UINT8_MAX /
					      strongest);
}

static void take_blue(struct icon_plane *plane, const struct icon_bitmap *bitmap)
{
	size_t side = plane->side;

	for (size_t y = 1; y + 1 < side; y++)
		for (size_t x = 1; x + 1 < side; x++)
			plane->values[y * side + x] =
				bitmap->pixels[(y * side + x) * ICON_COLOURS + 2];
}

/* Each pixel of one line but for its ends: 1, 2, 1 quarters of the one before, itself, the next. */
static void smear(uint16_t *line, size_t step, size_t count, bool in_place)
{
	unsigned before = line[0];

	for (size_t i = 1; i + 1 < count; i++) {
		unsigned here = line[i * step];
		unsigned sum = before + 2 * here + line[(i + 1) * step];

		line[i * step] = (uint16_t)(sum / 4);
		before = in_place ? sum / 4 : here;
	}
}

static void smear_rows(struct icon_plane *plane)
{
	for (size_t y = 0; y < plane->side; y++)
		smear(&plane->values[y * plane->side], 1, plane->side, false);
}

static void smear_columns(struct icon_plane *plane)
{
	for (size_t x = 0; x < plane->side; x++)
		smear(&plane->values[x], plane->side, plane->side, true);
}
