/* SPDX-License-Identifier: Apache-2.0 */
/*
 * BMP: "BM", and at 14 a header whose length tells its version. Rows are padded to four
 * bytes and come from the bottom up, unless the height is negative. Read are the
 * uncompressed forms with 1, 4, 8, 24 and 32 bits a pixel.
 */
#include "base/checked.h"
#include "bytes/reader.h"
#include "view/image_formats.h"

enum {
	FILE_HEADER = 14,
	INFO_MIN = 40,
	HEAD_LEN = FILE_HEADER + 124 + 1024,
	PALETTE_MAX = 256,
};

struct bmp {
	uint32_t width, height;
	bool is_upside_down; /* the last row comes first, as is usual */
	unsigned bits;
	uint32_t pixels_at;
	size_t row_len;
	uint8_t palette[PALETTE_MAX]; /* shades */
};

static enum status read_head(const struct source *source, struct arena *arena,
			     struct bmp *out);
static void read_palette(struct reader *head, struct bmp *bmp, uint32_t colours);
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
	uint8_t *row = arena_alloc(arena, bmp.row_len);
	if (!row)
		return STATUS_NO_MEMORY;
	for (uint32_t i = 0; i < bmp.height; i++) {
		uint32_t y = bmp.is_upside_down ? bmp.height - 1 - i : i;

		status = source_read_all(source,
					 bmp.pixels_at + (uint64_t)i * bmp.row_len, row,
					 bmp.row_len);
		if (status != STATUS_OK)
			return status;
		shade_row(&bmp, row, &shades[(size_t)y * bmp.width]);
	}
	*out = (struct image){ bmp.width, bmp.height, shades };
	return STATUS_OK;
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
	uint32_t method = reader_u32le(&head);
	reader_skip(&head, 12);
	uint32_t colours = reader_u32le(&head);
	if (!reader_ok(&head) || out->width > INT32_MAX)
		return STATUS_MALFORMED;
	if (info_len < INFO_MIN || method != 0)
		return STATUS_UNSUPPORTED;
	out->is_upside_down = height > 0;
	out->height = (uint32_t)(height > 0 ? height : -height);
	switch (out->bits) {
	case 1:
	case 4:
	case 8:
		reader_seek(&head, FILE_HEADER + (size_t)info_len);
		read_palette(&head, out, colours);
		break;
	case 24:
	case 32:
		break;
	default:
		return STATUS_UNSUPPORTED;
	}
	out->row_len = ((size_t)out->width * out->bits + 31) / 32 * 4;
	return STATUS_OK;
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

static void shade_row(const struct bmp *bmp, const uint8_t *row, uint8_t *shades)
{
	const size_t depth = bmp->bits;
	const size_t step = depth / 8;

	for (size_t x = 0; x < bmp->width; x++) {
		if (depth >= 24) {
			shades[x] = image_shade(row[x * step + 2], row[x * step + 1],
						row[x * step]);
			continue;
		}
		size_t bit = x * depth;
		unsigned index = (unsigned)row[bit / 8] >> (8 - bit % 8 - depth);
		shades[x] = bmp->palette[index & ((1u << depth) - 1)];
	}
}
