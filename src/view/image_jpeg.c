/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libjpeg calls its error handler and expects it not to return; what it took is given
 * back after the jump. A picture made of hundreds of scans is a bomb.
 */
#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include <jerror.h>

#include "base/checked.h"
#include "view/image_formats.h"

enum { INPUT_LEN = 16 * 1024, SCANS_MAX = 100, CHANNELS_MAX = 4 };

struct jpeg_work {
	struct jpeg_decompress_struct decoder;
	struct jpeg_error_mgr errors;
	struct jpeg_source_mgr input;
	struct jpeg_progress_mgr progress;
	jmp_buf back;
	const struct source *source;
	uint64_t at;
	struct arena *arena;
	enum status status;
	uint8_t *shades;
	uint8_t *row;
	uint8_t bytes[INPUT_LEN];
};

static void decode(struct jpeg_work *work);
static void shade_row(struct jpeg_work *work, uint32_t y);

_Noreturn static void stop(struct jpeg_work *work, enum status status)
{
	work->status = status;
	longjmp(work->back, 1);
}

_Noreturn static void on_error(j_common_ptr decoder)
{
	struct jpeg_work *work = decoder->client_data;
	bool is_memory = decoder->err->msg_code == JERR_OUT_OF_MEMORY;

	stop(work, is_memory ? STATUS_NO_MEMORY : STATUS_MALFORMED);
}

static void on_message(j_common_ptr decoder, int level)
{
	(void)decoder;
	(void)level;
}

static void on_progress(j_common_ptr decoder)
{
	struct jpeg_work *work = decoder->client_data;

	if (work->decoder.input_scan_number > SCANS_MAX)
		stop(work, STATUS_LIMIT);
}

static void nothing(j_decompress_ptr decoder)
{
	(void)decoder;
}

static boolean on_read(j_decompress_ptr decoder)
{
	struct jpeg_work *work = decoder->client_data;
	size_t len = 0;
	enum status status = source_read(work->source, work->at, work->bytes,
					 sizeof(work->bytes), &len);

	if (status == STATUS_OK && len == 0)
		status = STATUS_TRUNCATED;
	if (status != STATUS_OK)
		stop(work, status);
	work->at += len;
	work->input.next_input_byte = work->bytes;
	work->input.bytes_in_buffer = len;
	return TRUE;
}

static void on_skip(j_decompress_ptr decoder, long count)
{
	struct jpeg_work *work = decoder->client_data;

	if (count <= 0)
		return;
	size_t here = min_size((size_t)count, work->input.bytes_in_buffer);
	work->input.bytes_in_buffer -= here;
	work->input.next_input_byte = &work->input.next_input_byte[here];
	work->at = add_u64_capped(work->at, (size_t)count - here);
}

enum status image_read_jpeg(const struct source *source, struct arena *arena,
			    struct image *out)
{
	struct jpeg_work *work = arena_new(arena, struct jpeg_work);

	if (!work)
		return STATUS_NO_MEMORY;
	work->source = source;
	work->arena = arena;
	work->decoder.err = jpeg_std_error(&work->errors);
	work->decoder.client_data = work;
	work->errors.error_exit = on_error;
	work->errors.emit_message = on_message;
	work->progress.progress_monitor = on_progress;
	work->input.init_source = nothing;
	work->input.fill_input_buffer = on_read;
	work->input.skip_input_data = on_skip;
	work->input.resync_to_restart = jpeg_resync_to_restart;
	work->input.term_source = nothing;
	if (setjmp(work->back) == 0)
		decode(work);
	if (work->status == STATUS_OK)
		*out = (struct image){ work->decoder.output_width,
				       work->decoder.output_height, work->shades };
	jpeg_destroy_decompress(&work->decoder);
	return work->status;
}

static void decode(struct jpeg_work *work)
{
	struct jpeg_decompress_struct *decoder = &work->decoder;

	jpeg_create_decompress(decoder);
	decoder->src = &work->input;
	decoder->progress = &work->progress;
	(void)jpeg_read_header(decoder, TRUE);
	if (decoder->jpeg_color_space == JCS_YCCK)
		decoder->out_color_space = JCS_CMYK;
	enum status status = image_room(decoder->image_width, decoder->image_height,
					work->arena, &work->shades);
	if (status != STATUS_OK)
		stop(work, status);
	(void)jpeg_start_decompress(decoder);
	if (decoder->output_components > CHANNELS_MAX)
		stop(work, STATUS_UNSUPPORTED);
	work->row = arena_alloc_array(work->arena, decoder->output_width, CHANNELS_MAX);
	if (!work->row)
		stop(work, STATUS_NO_MEMORY);
	while (decoder->output_scanline < decoder->output_height) {
		uint32_t y = decoder->output_scanline;
		JSAMPROW row = work->row;

		if (jpeg_read_scanlines(decoder, &row, 1) != 1)
			stop(work, STATUS_TRUNCATED);
		shade_row(work, y);
	}
}

static uint8_t shade_of(const uint8_t *pixel, int channels)
{
	unsigned black = pixel[CHANNELS_MAX - 1];

	if (channels == 1)
		return pixel[0];
	if (channels == 3)
		return image_shade(pixel[0], pixel[1], pixel[2]);
	/* Adobe's CMYK, which is stored inverted. */
	return image_shade(pixel[0] * black / 255, pixel[1] * black / 255,
			   pixel[2] * black / 255);
}

static void shade_row(struct jpeg_work *work, uint32_t y)
{
	const size_t width = work->decoder.output_width;
	const int channels = work->decoder.output_components;
	uint8_t *shades = &work->shades[y * width];

	for (size_t x = 0; x < width; x++)
		shades[x] = shade_of(&work->row[x * (size_t)channels], channels);
}
