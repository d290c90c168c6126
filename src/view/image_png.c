/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libpng reports errors by a long jump to where it was called; nothing of ours is
 * open in between, and its memory is the arena's.
 */
#include <png.h>
#include <setjmp.h>

#include "base/checked.h"
#include "view/image_formats.h"

enum { CHANNELS = 3, CHUNK_BYTES_MAX = 1 << 20, CHUNKS_MAX = 64 };

struct png_work {
	const struct source *source;
	struct arena *arena;
	uint64_t at;
	enum status status;
	jmp_buf back;
	uint32_t width, height;
	uint8_t *shades;
	uint8_t *row;
};

static void decode(struct png_work *work, png_structp png);
static enum status make_room(struct png_work *work, bool is_interlaced);
static void shade_row(struct png_work *work, const uint8_t *row, uint32_t y);

static void on_read(png_structp png, png_bytep out, size_t len)
{
	struct png_work *work = png_get_io_ptr(png);

	work->status = source_read_all(work->source, work->at, out, len);
	work->at += len;
	if (work->status != STATUS_OK)
		png_error(png, "read");
}

static void on_error(png_structp png, png_const_charp text)
{
	struct png_work *work = png_get_error_ptr(png);

	(void)text;
	if (work->status == STATUS_OK)
		work->status = STATUS_MALFORMED;
	longjmp(work->back, 1);
}

static void on_warning(png_structp png, png_const_charp text)
{
	(void)png;
	(void)text;
}

static png_voidp take(png_structp png, size_t size)
{
	struct png_work *work = png_get_mem_ptr(png);

	return arena_alloc(work->arena, size);
}

static void give(png_structp png, png_voidp memory)
{
	(void)png;
	(void)memory;
}

enum status image_read_png(const struct source *source, struct arena *arena,
			   struct image *out)
{
	struct png_work *work = arena_new(arena, struct png_work);

	if (!work)
		return STATUS_NO_MEMORY;
	work->source = source;
	work->arena = arena;
	png_structp png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, work, on_error,
						   on_warning, work, take, give);
	if (!png)
		return STATUS_NO_MEMORY;
	if (setjmp(work->back) == 0)
		decode(work, png);
	if (work->status == STATUS_OK)
		*out = (struct image){ work->width, work->height, work->shades };
	return work->status;
}

static void fail(struct png_work *work, enum status status)
{
	if (status == STATUS_OK)
		return;
	work->status = status;
	longjmp(work->back, 1);
}

static void decode(struct png_work *work, png_structp png)
{
	png_infop info = png_create_info_struct(png);

	if (!info)
		fail(work, STATUS_NO_MEMORY);
	png_set_read_fn(png, work, on_read);
	png_set_user_limits(png, IMAGE_PIXELS_MAX, IMAGE_PIXELS_MAX);
	png_set_chunk_malloc_max(png, CHUNK_BYTES_MAX);
	png_set_chunk_cache_max(png, CHUNKS_MAX);
	/* What is not needed to see the picture is not read. */
	png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
	png_read_info(png, info);
	work->width = png_get_image_width(png, info);
	work->height = png_get_image_height(png, info);
	png_set_expand(png);
	png_set_scale_16(png);
	png_set_strip_alpha(png);
	png_set_gray_to_rgb(png);
	int passes = png_set_interlace_handling(png);
	png_read_update_info(png, info);
	if (png_get_rowbytes(png, info) != (size_t)work->width * CHANNELS)
		fail(work, STATUS_UNSUPPORTED);
	fail(work, make_room(work, passes > 1));
	for (int pass = 0; pass < passes; pass++) {
		for (uint32_t y = 0; y < work->height; y++) {
			size_t at = passes > 1 ? (size_t)y * work->width * CHANNELS : 0;

			png_read_row(png, &work->row[at], NULL);
			if (pass == passes - 1)
				shade_row(work, &work->row[at], y);
		}
	}
}

/* For the shades, and for one row, or all of them where they come interlaced. */
static enum status make_room(struct png_work *work, bool is_interlaced)
{
	uint32_t rows = is_interlaced ? work->height : 1;
	enum status status = image_room(work->width, work->height, work->arena,
					&work->shades);

	if (status != STATUS_OK)
		return status;
	work->row = arena_alloc_array(work->arena, (size_t)work->width * CHANNELS, rows);
	return work->row ? STATUS_OK : STATUS_NO_MEMORY;
}

static void shade_row(struct png_work *work, const uint8_t *row, uint32_t y)
{
	uint8_t *shades = &work->shades[(size_t)y * work->width];

	for (size_t x = 0; x < work->width; x++)
		shades[x] = image_shade(row[x * CHANNELS], row[x * CHANNELS + 1],
					row[x * CHANNELS + 2]);
}
