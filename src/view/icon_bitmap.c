/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An icon resource is a bitmap without a file header: a header of its own length, the
 * palette, the rows of pixels and those of the mask, each padded to four bytes, from the
 * bottom up. The height counts both. What the header says of planes, compression, sizes
 * and used colours is passed over, as clamscan does: a palette has all its entries.
 *
 * With 32 bits the fourth byte says how much a pixel covers of the white behind it, and
 * the mask is not read; if it is 0 everywhere, or with fewer bits, the mask's ones are
 * white.
 */
#include <string.h>

#include "base/checked.h"
#include "bytes/reader.h"
#include "view/icon_parts.h"

enum {
	HEADER_LEN = 40,
	SIDE_MIN = 16,
	SIDE_MAX = 256,
	PALETTE_MAX = 256,
	WHITE = 255,
};

struct bitmap {
	const struct source *source;
	struct arena *arena;
	uint64_t at; /* of what is read next */
	uint32_t width, height;
	unsigned bits;
	uint8_t palette[PALETTE_MAX * 4];
	struct icon_bitmap out;
	uint8_t *cover; /* of each pixel: 0 lets the white through */
};

static enum status read_header(struct bitmap *bitmap);
static enum status read_rows(struct bitmap *bitmap);
static void read_row(const struct bitmap *bitmap, const uint8_t *row, size_t y);
static enum status read_mask(struct bitmap *bitmap);
static void put_on_white(const struct bitmap *bitmap);

enum status icon_bitmap_read(const struct source *source, uint64_t offset,
			     struct arena *arena, struct icon_bitmap *out)
{
	struct bitmap bitmap = { .source = source, .arena = arena, .at = offset };
	enum status status = read_header(&bitmap);

	if (status == STATUS_OK)
		status = read_rows(&bitmap);
	if (status != STATUS_OK)
		return status;
	bool is_covered = false;
	for (size_t i = 0; i < (size_t)bitmap.width * bitmap.height; i++)
		is_covered |= bitmap.cover[i] != 0;
	if (bitmap.bits < 32 || !is_covered)
		status = read_mask(&bitmap);
	if (status != STATUS_OK)
		return status;
	put_on_white(&bitmap);
	*out = bitmap.out;
	return STATUS_OK;
}

/* Sides may differ by a quarter of the longer one, rounded up. */
static bool is_square_enough(uint32_t width, uint32_t height)
{
	uint32_t longer = width > height ? width : height;
	uint32_t shorter = width > height ? height : width;

	return shorter >= longer * 3 / 4;
}

static enum status read_header(struct bitmap *bitmap)
{
	uint8_t bytes[HEADER_LEN];
	enum status status = source_read_all(bitmap->source, bitmap->at, bytes,
					     sizeof(bytes));

	if (status != STATUS_OK)
		return status;
	struct reader in = reader_of(bytes, sizeof(bytes));
	uint32_t len = reader_u32le(&in);
	bitmap->width = reader_u32le(&in);
	bitmap->height = reader_u32le(&in) / 2;
	reader_skip(&in, 2);
	bitmap->bits = reader_u16le(&in);
	if (len < HEADER_LEN || bitmap->width < SIDE_MIN || bitmap->width > SIDE_MAX ||
	    bitmap->height < SIDE_MIN || bitmap->height > SIDE_MAX ||
	    !is_square_enough(bitmap->width, bitmap->height))
		return STATUS_MALFORMED;
	bitmap->at += len;
	switch (bitmap->bits) {
	case 1:
	case 4:
	case 8:
		len = UINT32_C(4) << bitmap->bits;
		status = source_read_all(bitmap->source, bitmap->at, bitmap->palette,
					 len);
		bitmap->at += len;
		return status;
	case 24:
	case 32:
		return STATUS_OK;
	default:
		return STATUS_UNSUPPORTED;
	}
}

static enum status read_rows(struct bitmap *bitmap)
{
	size_t count = (size_t)bitmap->width * bitmap->height;
	size_t row_len = (bitmap->width * bitmap->bits + 31) / 32 * 4;
	/* Scaling is done in place, and may make it larger. */
	size_t room = max_size(count, ICON_PIXELS_MAX);

	bitmap->out = (struct icon_bitmap){
		.width = bitmap->width,
		.height = bitmap->height,
		.pixels = arena_alloc_array(bitmap->arena, room, ICON_COLOURS),
	};
	bitmap->cover = arena_alloc(bitmap->arena, count);
	uint8_t *row = arena_alloc(bitmap->arena, row_len);
	if (!bitmap->out.pixels || !bitmap->cover || !row)
		return STATUS_NO_MEMORY;
	for (size_t y = bitmap->height; y-- > 0;) {
		enum status status = source_read_all(bitmap->source, bitmap->at, row,
						     row_len);
		if (status != STATUS_OK)
			return status;
		read_row(bitmap, row, y);
		bitmap->at += row_len;
	}
	return STATUS_OK;
}

static void read_row(const struct bitmap *bitmap, const uint8_t *row, size_t y)
{
	unsigned step = bitmap->bits / 8;

	for (size_t x = 0; x < bitmap->width; x++) {
		size_t pixel = y * bitmap->width + x;
		const uint8_t *from = &row[x * step];

		if (bitmap->bits <= 8) {
			size_t bit = x * bitmap->bits;
			unsigned shift = 8 - bitmap->bits - bit % 8;
			unsigned index = row[bit / 8] >> shift &
					 ((1U << bitmap->bits) - 1);
			from = &bitmap->palette[(size_t)index * 4];
		}
		for (size_t i = 0; i < ICON_COLOURS; i++)
			bitmap->out.pixels[pixel * ICON_COLOURS + i] =
				from[ICON_COLOURS - 1 - i];
		bitmap->cover[pixel] = bitmap->bits == 32 ? from[ICON_COLOURS] : 0;
	}
}

static enum status read_mask(struct bitmap *bitmap)
{
	uint8_t row[SIDE_MAX / 8];
	size_t row_len = (bitmap->width + 31) / 32 * 4;

	for (size_t y = bitmap->height; y-- > 0;) {
		enum status status = source_read_all(bitmap->source, bitmap->at, row,
						     row_len);
		if (status != STATUS_OK)
			return status;
		for (size_t x = 0; x < bitmap->width; x++) {
			bool is_out = row[x / 8] >> (7 - x % 8) & 1;
			bitmap->cover[y * bitmap->width + x] = is_out ? 0 : UINT8_MAX;
		}
		bitmap->at += row_len;
	}
	return STATUS_OK;
}

static void put_on_white(const struct bitmap *bitmap)
{
	size_t count = (size_t)bitmap->width * bitmap->height * ICON_COLOURS;

	for (size_t i = 0; i < count; i++) {
		unsigned cover = bitmap->cover[i / ICON_COLOURS];
		unsigned value = bitmap->out.pixels[i];

		value = WHITE - cover + value * cover / UINT8_MAX;
		bitmap->out.pixels[i] = (uint8_t)value;
	}
}
