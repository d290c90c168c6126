/* SPDX-License-Identifier: Apache-2.0 */
#include "view/image_hash.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/checked.h"

enum { SIDE = 32, LOW = 8, COEFFICIENTS = LOW * LOW };

static const float LOBES = 3.0F;
static const float PI_F = 3.14159265358979323846F;

/* What one place of the small image is made of: pixels first … last - 1, and how much. */
struct share {
	uint32_t first, last;
	float *weights;
};

static bool make_shares(struct share shares[SIDE], uint32_t len, struct arena *arena);
static void shrink_columns(const struct image *image, const struct share shares[SIDE],
			   float *out);
static void shrink_rows(const float *columns, uint32_t width,
			const struct share shares[SIDE], double out[SIDE][SIDE]);
static void transform(double small[SIDE][SIDE], double out[COEFFICIENTS]);
static uint64_t above_median(const double values[COEFFICIENTS]);

enum status image_hash(const struct image *image, struct arena *arena, uint64_t *out)
{
	struct arena_mark mark = arena_mark(arena);
	struct share shares[SIDE];
	double small[SIDE][SIDE];
	double low[COEFFICIENTS];
	float *columns = arena_alloc_array(arena, image->width, SIDE * sizeof(float));
	enum status status = STATUS_NO_MEMORY;

	if (columns && make_shares(shares, image->height, arena)) {
		shrink_columns(image, shares, columns);
		if (make_shares(shares, image->width, arena))
			status = STATUS_OK;
	}
	if (status == STATUS_OK) {
		shrink_rows(columns, image->width, shares, small);
		transform(small, low);
		*out = above_median(low);
	}
	arena_rewind(arena, mark);
	return status;
}

static float sinc(float t)
{
	float a = t * PI_F;

	if (t == 0.0F)
		return 1.0F;
	return sinf(a) / a;
}

static float lanczos(float x)
{
	if (fabsf(x) < LOBES)
		return sinc(x) * sinc(x / LOBES);
	return 0.0F;
}

/* For a line of `len` pixels that becomes SIDE of them. */
static bool make_shares(struct share shares[SIDE], uint32_t len, struct arena *arena)
{
	const float ratio = (float)len / (float)SIDE;
	const float scale = ratio < 1.0F ? 1.0F : ratio;
	const float reach = LOBES * scale;

	for (unsigned i = 0; i < SIDE; i++) {
		float centre = ((float)i + 0.5F) * ratio;
		float first = floorf(centre - reach);
		float last = ceilf(centre + reach);
		float sum = 0.0F;
		struct share *share = &shares[i];

		share->first = first > 0.0F ? (uint32_t)first : 0;
		if (share->first > len - 1)
			share->first = len - 1;
		share->last = last < (float)len ? (uint32_t)last : len;
		if (share->last <= share->first)
			share->last = share->first + 1;
		share->weights = arena_new_array(arena, float,
						 share->last - share->first);
		if (!share->weights)
			return false;
		centre -= 0.5F;
		for (uint32_t at = share->first; at < share->last; at++) {
			float weight = lanczos(((float)at - centre) / scale);

			share->weights[at - share->first] = weight;
			sum += weight;
		}
		for (uint32_t at = share->first; at < share->last; at++)
			share->weights[at - share->first] /= sum;
	}
	return true;
}

static void shrink_columns(const struct image *image, const struct share shares[SIDE],
			   float *out)
{
	const size_t width = image->width;

	for (size_t y = 0; y < SIDE; y++) {
		const struct share *share = &shares[y];
		float *row = &out[y * width];

		for (uint32_t from = share->first; from < share->last; from++) {
			const uint8_t *shades = &image->shades[from * width];
			float weight = share->weights[from - share->first];

			for (size_t x = 0; x < width; x++)
				row[x] += (float)shades[x] * weight;
		}
	}
}

static void shrink_rows(const float *columns, uint32_t width,
			const struct share shares[SIDE], double out[SIDE][SIDE])
{
	for (size_t y = 0; y < SIDE; y++) {
		const float *row = &columns[y * width];

		for (size_t x = 0; x < SIDE; x++) {
			const struct share *share = &shares[x];
			float sum = 0.0F;

			for (uint32_t at = share->first; at < share->last; at++)
				sum += row[at] * share->weights[at - share->first];
			sum = fminf(fmaxf(sum, 0.0F), 255.0F);
			out[y][x] = (double)roundf(sum);
		}
	}
}

/*
 * The LOW lowest frequencies of SIDE values. Halves are folded onto each other before
 * anything is multiplied, so that what cancels out is exactly 0: of an image that is
 * symmetrical, half of the bits hang on that.
 */
static void transform_line(const double values[SIDE], double out[LOW])
{
	double folded[SIDE];
	unsigned step = 1;

	for (unsigned i = 0; i < SIDE; i++)
		folded[i] = values[i];
	for (unsigned len = SIDE; step < LOW; len /= 2, step *= 2) {
		for (unsigned k = step; k < LOW; k += 2 * step) {
			out[k] = 0.0;
			for (unsigned n = 0; n < len / 2; n++)
				out[k] += (folded[n] - folded[len - 1 - n]) *
					  cos(M_PI / SIDE * (n + 0.5) * step *
					      (k / step));
		}
		for (unsigned n = 0; n < len / 2; n++)
			folded[n] += folded[len - 1 - n];
	}
	out[0] = 0.0;
	for (unsigned n = 0; n < SIDE / step; n++)
		out[0] += folded[n];
}

static void transform(double small[SIDE][SIDE], double out[COEFFICIENTS])
{
	double rows[LOW][SIDE];

	for (unsigned y = 0; y < SIDE; y++) {
		double line[LOW];

		transform_line(small[y], line);
		for (unsigned k = 0; k < LOW; k++)
			rows[k][y] = line[k];
	}
	for (unsigned u = 0; u < LOW; u++) {
		double line[LOW];

		transform_line(rows[u], line);
		for (unsigned v = 0; v < LOW; v++)
			out[v * LOW + u] = line[v];
	}
}

static int compare(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

static uint64_t above_median(const double values[COEFFICIENTS])
{
	double sorted[COEFFICIENTS];
	uint64_t bits = 0;

	for (unsigned i = 0; i < COEFFICIENTS; i++)
		sorted[i] = values[i];
	qsort(sorted, COEFFICIENTS, sizeof(sorted[0]), compare);
	double median = (sorted[COEFFICIENTS / 2 - 1] + sorted[COEFFICIENTS / 2]) / 2;
	for (unsigned i = 0; i < COEFFICIENTS; i++)
		bits = bits << 1 | (values[i] > median);
	return bits;
}
