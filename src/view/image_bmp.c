/* SPDX-License-Identifier: Apache-2.0 */
/*
 * BMP: "BM", and at 14 a header whose length tells its version. Rows are padded to four
 * bytes and come from the bottom up, unless the height is negative. Read are all forms with
 * 1, 4, 8, 16, 24 and 32 bits a pixel, those with masks for the colours among them, and the
 * two that are packed by runs:
 *
 *	n i	n pixels of colour i (with 4 bits: of the two colours in i, in turn)
 *	0 0	the row ends
 *	0 1	the picture ends
 *	0 2 x y	so many pixels and rows are left out
 *	0 n …	n pixels, one after the other, in a whole number of 16 bits
 *
 * What is left out is black.
 */
#include "base/checked.h"
#include "bytes/readahead.h"
#include "bytes/reader.h"
#include "view/image_formats.h"

enum {
	FILE_HEADER = 14,
	INFO_MIN = 40,
	HEAD_LEN = FILE_HEADER + 124 + 1024,
	MASKS_AT = FILE_HEADER + INFO_MIN,
	PALETTE_MAX = 256,
	PIECE_MAX = 256, /* of packed pixels */
};

enum bmp_method { BMP_PLAIN, BMP_RUNS_OF_8, BMP_RUNS_OF_4, BMP_MASKS };

struct bmp {
	uint32_t width, height;
	bool is_upside_down; /* the last row comes first, as is usual */
	unsigned bits;
	uint32_t method; /* enum bmp_method */
	uint32_t masks[3];
	uint32_t pixels_at;
	size_t row_len;
	uint8_t palette[PALETTE_MAX]; /* shades */
};

static enum status read_head(const struct source *source, struct arena *arena,
			     struct bmp *out);
static bool is_read(const struct bmp *bmp);
static void read_palette(struct reader *head, struct bmp *bmp, uint32_t colours);
static enum status read_rows(const struct bmp *bmp, const struct source *source,
			     struct arena *arena, uint8_t *shades);
static enum status read_runs(const struct bmp *bmp, const struct source *source,
			     struct arena *arena, uint8_t *shades);
static void shade_row(const struct bmp *bmp, const uint8_t *row, uint8_t *shades);

enum status image_read_bmp(const struct source *source, struct arena *arena,
			   struct image *out)
{
	struct bmp bmp = { 0 };
	uint8_t *shades;
	enum status status = read_head(source, arena, &bmp);

	if (status == STATUS_OK)
		status = image_room(bmp.width, bmp.height, arena, &shades);
	if (status != STATUS_OK)
		return status;
	if (bmp.method == BMP_RUNS_OF_8 || bmp.method == BMP_RUNS_OF_4)
		status = read_runs(&bmp, source, arena, shades);
	else
		status = read_rows(&bmp, source, arena, shades);
	if (status == STATUS_OK)
		*out = (struct image){ bmp.width, bmp.height, shades };
	return status;
}

static enum status read_rows(const struct bmp *bmp, const struct source *source,
			     struct arena *arena, uint8_t *shades)
{
	uint8_t *row = arena_alloc(arena, bmp->row_len);

	if (!row)
		return STATUS_NO_MEMORY;
	for (uint32_t i = 0; i < bmp->height; i++) {
		uint32_t y = bmp->is_upside_down ? bmp->height - 1 - i : i;
		enum status status = source_read_all(
			source, bmp->pixels_at + (uint64_t)i * bmp->row_len, row,
			bmp->row_len);

		if (status != STATUS_OK)
			return status;
		shade_row(bmp, row, &shades[(size_t)y * bmp->width]);
	}
	return STATUS_OK;
}

/* Where the next packed pixel goes. */
struct place {
	const struct bmp *bmp;
	uint8_t *shades;
	uint64_t x, y; /* rows from the bottom */
};

/* Pixels beyond the end of a row are nowhere. */
static void put(struct place *place, unsigned index)
{
	const struct bmp *bmp = place->bmp;

	if (place->x < bmp->width && place->y < bmp->height)
		place->shades[(bmp->height - 1 - place->y) * bmp->width + place->x] =
			bmp->palette[index];
	place->x++;
}

/* The i-th of pixels that are packed in bytes. */
static unsigned index_of(const struct bmp *bmp, struct reader bytes, size_t i)
{
	reader_skip(&bytes, i * bmp->bits / 8);
	uint8_t byte = reader_u8(&bytes);

	if (bmp->bits == 8)
		return byte;
	return i % 2 == 0 ? byte >> 4 : byte & 15;
}

/* What begins with a 0 and this; *ret_len of the bytes behind it belong to it. */
static void put_special(struct place *place, uint8_t what, struct reader bytes,
			size_t *ret_len)
{
	const struct bmp *bmp = place->bmp;

	*ret_len = 0;
	if (what == 0) {
		place->x = 0;
		place->y++;
	} else if (what == 1) {
		place->y = bmp->height;
	} else if (what == 2) {
		place->x += reader_u8(&bytes);
		place->y += reader_u8(&bytes);
		*ret_len = 2;
	} else {
		for (size_t i = 0; i < what; i++)
			put(place, index_of(bmp, bytes, i));
		*ret_len = ((size_t)what * bmp->bits + 15) / 16 * 2;
	}
}

static enum status read_runs(const struct bmp *bmp, const struct source *source,
			     struct arena *arena, uint8_t *shades)
{
	struct place place = { bmp, shades, 0, 0 };
	uint64_t at = bmp->pixels_at;
	struct readahead ahead;
	enum status status = readahead_init(&ahead, arena, *source, 2 + PIECE_MAX);

	while (status == STATUS_OK && place.y < bmp->height) {
		struct reader bytes;
		size_t len = 0;

		status = readahead_at(&ahead, at, 2 + PIECE_MAX, &bytes);
		if (status != STATUS_OK)
			break;
		uint8_t count = reader_u8(&bytes);
		uint8_t what = reader_u8(&bytes);
		struct reader rest = reader_of_slice(reader_rest(&bytes));
		if (count == 0)
			put_special(&place, what, rest, &len);
		for (size_t i = 0; i < count; i++)
			put(&place, bmp->bits == 8 ? what :
				    i % 2 == 0     ? what >> 4 :
						     what & 15);
		if (!reader_ok(&bytes) || len > reader_left(&rest))
			status = STATUS_TRUNCATED;
		at += 2 + len;
	}
	return status;
}

static enum status read_head(const struct source *source, struct arena *arena,
			     struct bmp *out)
{
	struct reader head;
	enum status status = source_view(source, arena, 0, HEAD_LEN, &head);

	if (status != STATUS_OK)
		return status;
	if (reader_u8(&head) != 'B' || reader_u8(&head) != 'M')
		return STATUS_UNSUPPORTED;
	reader_seek(&head, 10);
	out->pixels_at = reader_u32le(&head);
	uint32_t info_len = reader_u32le(&head);
	out->width = reader_u32le(&head);
	int64_t height = (int32_t)reader_u32le(&head);
	reader_skip(&head, 2);
	out->bits = reader_u16le(&head);
	out->method = reader_u32le(&head);
	reader_skip(&head, 12);
	uint32_t colours = reader_u32le(&head);
	if (!reader_ok(&head) || out->width > INT32_MAX)
		return STATUS_MALFORMED;
	if (info_len < INFO_MIN)
		return STATUS_UNSUPPORTED;
	out->is_upside_down = height > 0;
	out->height = (uint32_t)(height > 0 ? height : -height);
	if (!is_read(out))
		return STATUS_UNSUPPORTED;
	if (out->bits <= 8) {
		reader_seek(&head, FILE_HEADER + (size_t)info_len);
		read_palette(&head, out, colours);
	}
	out->masks[0] = out->bits == 16 ? 0x7c00 : 0xff0000;
	out->masks[1] = out->bits == 16 ? 0x3e0 : 0xff00;
	out->masks[2] = out->bits == 16 ? 0x1f : 0xff;
	if (out->method == BMP_MASKS) {
		reader_seek(&head, MASKS_AT);
		for (size_t i = 0; i < 3; i++)
			out->masks[i] = reader_u32le(&head);
	}
	out->row_len = ((size_t)out->width * out->bits + 31) / 32 * 4;
	return STATUS_OK;
}

static bool is_read(const struct bmp *bmp)
{
	switch (bmp->method) {
	case BMP_PLAIN:
		return bmp->bits == 1 || bmp->bits == 4 || bmp->bits == 8 ||
		       bmp->bits == 16 || bmp->bits == 24 || bmp->bits == 32;
	case BMP_RUNS_OF_8:
		return bmp->bits == 8 && bmp->is_upside_down;
	case BMP_RUNS_OF_4:
		return bmp->bits == 4 && bmp->is_upside_down;
	case BMP_MASKS:
		return bmp->bits == 16 || bmp->bits == 32;
	default:
		return false;
	}
}

static void read_palette(struct reader *head, struct bmp *bmp, uint32_t colours)
{
	uint32_t count = 1u << bmp->bits;

	if (colours > 0 && colours < count)
		count = colours;
	for (uint32_t i = 0; i < count; i++) {
		unsigned blue = reader_u8(head);
		unsigned green = reader_u8(head);
		unsigned red = reader_u8(head);

		reader_skip(head, 1);
		bmp->palette[i] = image_shade(red, green, blue);
	}
}

/* What a mask takes out of a pixel, as 8 bits. */
static unsigned masked(uint32_t pixel, uint32_t mask)
{
	if (mask == 0)
		return 0;
	const unsigned shift = (unsigned)__builtin_ctz(mask);
	const uint32_t most = mask >> shift;
	const uint32_t value = (pixel & mask) >> shift;

	return (unsigned)(((uint64_t)value * 255 + most / 2) / most);
}

static void shade_row(const struct bmp *bmp, const uint8_t *row, uint8_t *shades)
{
	struct reader in = reader_of(row, bmp->row_len);
	const size_t depth = bmp->bits;

	for (size_t x = 0; x < bmp->width; x++) {
		uint32_t pixel;

		if (depth < 16) {
			size_t bit = x * depth;
			pixel = (uint32_t)row[bit / 8] >> (8 - bit % 8 - depth);
			shades[x] = bmp->palette[pixel & ((1u << depth) - 1)];
			continue;
		}
		pixel = reader_u16le(&in);
		if (depth > 16)
			pixel |= (uint32_t)reader_u8(&in) << 16;
		if (depth > 24)
			pixel |= (uint32_t)reader_u8(&in) << 24;
		shades[x] = image_shade(masked(pixel, bmp->masks[0]),
					masked(pixel, bmp->masks[1]),
					masked(pixel, bmp->masks[2]));
	}
}
