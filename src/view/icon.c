/* SPDX-License-Identifier: Apache-2.0 */
#include "view/icon.h"

#include <math.h>
#include <string.h>

#include "view/icon_parts.h"

enum {
	COLOURED_MIN = 86,        /* saturation and value of a coloured pixel, of 255 */
	COLOURED_PERCENT_MIN = 6, /* of all pixels, for the icon to be coloured */
	FEW = ICON_AREAS_EACH,
	MANY = 2 * ICON_AREAS_EACH,
};

/* All that is asked of the pixels. */
struct looking {
	const struct icon_bitmap *bitmap;
	struct icon_look look;
	struct icon_plane brightness, colour, edges;
	uint32_t sums[ICON_PIXELS_MAX]; /* of what is above and to the left of a pixel */
};

struct pixel {
	unsigned most, middle, least; /* of red, green and blue */
	size_t most_is;               /* which of them: 0, 1, 2 */
	bool is_coloured;
};

static enum status look_at(struct looking *looking, struct arena *arena);
static void look_at_colours(struct looking *looking);
static struct pixel pixel_of(const uint8_t *colours);
static void add_hue(const uint8_t *colours, const struct pixel *pixel,
		    unsigned hues[ICON_COLOURS]);
static void find_areas(struct looking *looking, const struct icon_plane *plane,
		       bool least, size_t count, struct icon_area *out);
static void add_up(struct looking *looking, const struct icon_plane *plane);

enum status icon_read(const struct source *source, uint64_t offset, struct arena *arena,
		      struct icon_look *out)
{
	struct arena_mark mark = arena_mark(arena);
	struct looking *looking = arena_new(arena, struct looking);
	struct icon_bitmap bitmap;
	enum status status = STATUS_NO_MEMORY;

	if (looking)
		status = icon_bitmap_read(source, offset, arena, &bitmap);
	if (status == STATUS_OK)
		status = icon_bitmap_scale(&bitmap);
	if (status == STATUS_OK) {
		looking->bitmap = &bitmap;
		status = look_at(looking, arena);
	}
	if (status == STATUS_OK)
		*out = looking->look;
	arena_rewind(arena, mark);
	return status;
}

static enum status look_at(struct looking *looking, struct arena *arena)
{
	struct icon_area(*areas)[ICON_AREAS_EACH] = looking->look.areas;
	struct icon_area more[MANY];
	enum status status = icon_edges(looking->bitmap, arena, &looking->edges);

	if (status != STATUS_OK)
		return status;
	memset(&looking->look, 0, sizeof(looking->look));
	looking->look.side = (uint8_t)looking->bitmap->width;
	look_at_colours(looking);
	find_areas(looking, &looking->brightness, false, FEW, areas[ICON_BRIGHT]);
	find_areas(looking, &looking->brightness, true, FEW, areas[ICON_DARK]);
	if (icon_is_coloured(&looking->look)) {
		find_areas(looking, &looking->colour, false, FEW, areas[ICON_COLOURFUL]);
		find_areas(looking, &looking->colour, true, FEW, areas[ICON_GRAY]);
		find_areas(looking, &looking->edges, false, FEW, areas[ICON_EDGES]);
		find_areas(looking, &looking->edges, true, FEW, areas[ICON_SMOOTH]);
		return STATUS_OK;
	}
	find_areas(looking, &looking->edges, false, MANY, more);
	memcpy(areas[ICON_EDGES], more, sizeof(areas[ICON_EDGES]));
	memcpy(areas[ICON_COLOURFUL], &more[FEW], sizeof(areas[ICON_COLOURFUL]));
	find_areas(looking, &looking->edges, true, MANY, more);
	memcpy(areas[ICON_SMOOTH], more, sizeof(areas[ICON_SMOOTH]));
	/* Of further smooth areas clamscan has the places of the further edges. */
	for (size_t i = 0; i < FEW; i++) {
		areas[ICON_GRAY][i] = areas[ICON_COLOURFUL][i];
		areas[ICON_GRAY][i].value = more[FEW + i].value;
	}
	return STATUS_OK;
}

static void look_at_colours(struct looking *looking)
{
	unsigned side = looking->bitmap->width, coloured = 0;
	unsigned hues[ICON_COLOURS] = { 0 };

	looking->brightness.side = side;
	looking->colour.side = side;
	for (size_t i = 0; i < (size_t)side * side; i++) {
		const uint8_t *colours = &looking->bitmap->pixels[i * ICON_COLOURS];
		struct pixel pixel = pixel_of(colours);
		unsigned saturation = 0;

		if (pixel.most > 0)
			saturation = UINT8_MAX * (pixel.most - pixel.least) / pixel.most;
		looking->brightness.values[i] = (uint16_t)pixel.most;
		looking->colour.values[i] = (uint16_t)(saturation * sqrt(pixel.most));
		if (saturation < COLOURED_MIN || pixel.most < COLOURED_MIN)
			continue;
		coloured++;
		add_hue(colours, &pixel, hues);
	}
	unsigned percent = 100 * coloured / (side * side);
	if (percent < COLOURED_PERCENT_MIN)
		return;
	for (size_t i = 0; i < ICON_COLOURS; i++)
		looking->look.sums[i] = (uint8_t)(hues[i] / coloured);
	looking->look.sums[ICON_SUMS - 1] = (uint8_t)percent;
}

static struct pixel pixel_of(const uint8_t *colours)
{
	struct pixel pixel = { .least = UINT8_MAX };

	for (size_t i = 0; i < ICON_COLOURS; i++) {
		if (colours[i] > pixel.most) {
			pixel.most = colours[i];
			pixel.most_is = i;
		}
		if (colours[i] < pixel.least)
			pixel.least = colours[i];
	}
	pixel.middle = (unsigned)colours[0] + colours[1] + colours[2] - pixel.most -
		       pixel.least;
	return pixel;
}

static unsigned percent_up(unsigned part, unsigned whole)
{
	return (100 * part + whole - 1) / whole;
}

/*
 * The hue stands between two of six points around the circle, which are called red, blue,
 * green, red, blue, green; each has as much of it as it is near. From where the largest
 * colour is pure the other two go one each way.
 */
static void add_hue(const uint8_t *colours, const struct pixel *pixel,
		    unsigned hues[ICON_COLOURS])
{
	/* the point on the side of the next colour, and on that of the one before */
	static const size_t others[ICON_COLOURS][2] = { { 2, 1 }, { 0, 2 }, { 1, 0 } };
	size_t next = colours[(pixel->most_is + 1) % ICON_COLOURS];
	size_t before = colours[(pixel->most_is + 2) % ICON_COLOURS];
	unsigned range = pixel->most - pixel->least;
	size_t other = others[pixel->most_is][next >= before ? 0 : 1];

	hues[pixel->most_is] += percent_up(pixel->most - pixel->middle, range);
	hues[other] += percent_up(pixel->middle - pixel->least, range);
}

/* A place where an area may begin, and the sum of its pixels. */
static uint32_t area_sum(const struct looking *looking, size_t side, size_t x, size_t y)
{
	const uint32_t *sums = looking->sums;
	size_t right = x + side / 4, bottom = y + side / 4;

	return sums[bottom * side + right] + sums[y * side + x] - sums[y * side + right] -
	       sums[bottom * side + x];
}

static bool is_free(const struct icon_area *taken, size_t count, size_t len, size_t x,
		    size_t y)
{
	for (size_t i = 0; i < count; i++)
		if (x < taken[i].x + len && taken[i].x < x + len &&
		    y < taken[i].y + len && taken[i].y < y + len)
			return false;
	return true;
}

/*
 * Areas begin at least two columns and one row before the last place where they would
 * fit, as clamscan's do. Of sums that are equal the first in reading order is taken.
 */
static struct icon_area find_area(const struct looking *looking, size_t side, bool least,
				  const struct icon_area *taken, size_t count)
{
	size_t len = side / 4, places = side - len;
	uint32_t best = least ? UINT32_MAX : 0;
	struct icon_area area = { .value = least ? ICON_AREA_NONE : 0 };

	for (size_t i = 0; i < places * (places - 1); i++) {
		size_t x = i % (places - 1), y = i / (places - 1);
		uint32_t sum = area_sum(looking, side, x, y);
		bool is_better = least ? sum < best : sum > best;

		if (!is_better || !is_free(taken, count, len, x, y))
			continue;
		best = sum;
		area = (struct icon_area){
			.value = (uint16_t)(sum / (len * len)),
			.x = (uint8_t)x,
			.y = (uint8_t)y,
		};
	}
	return area;
}

static void find_areas(struct looking *looking, const struct icon_plane *plane,
		       bool least, size_t count, struct icon_area *out)
{
	add_up(looking, plane);
	for (size_t i = 0; i < count; i++)
		out[i] = find_area(looking, plane->side, least, out, i);
}

/* One row and column are enough: no area reaches the last ones. */
static void add_up(struct looking *looking, const struct icon_plane *plane)
{
	size_t side = plane->side;

	for (size_t x = 0; x < side; x++)
		looking->sums[x] = 0;
	for (size_t y = 1; y < side; y++) {
		uint32_t row = 0;

		looking->sums[y * side] = 0;
		for (size_t x = 1; x < side; x++) {
			row += plane->values[(y - 1) * side + x - 1];
			looking->sums[y * side + x] = looking->sums[(y - 1) * side + x] +
						      row;
		}
	}
}
