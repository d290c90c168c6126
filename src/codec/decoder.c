/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/decoder.h"

#include <assert.h>

#include "base/checked.h"

static uint64_t decoder_taken(const void *state);
static enum status decoder_read(void *state, uint8_t *buffer, size_t len,
				size_t *ret_len);
static enum status fill_window(struct decoder *decoder);
static enum status step(struct decoder *decoder, struct codec_io *io);

enum status decoder_open(struct arena *arena, const struct codec *codec,
			 const void *parameters, struct source in, struct decoder **out)
{
	struct decoder *decoder = arena_new(arena, struct decoder);
	struct slice memory;

	if (!decoder)
		return STATUS_NO_MEMORY;
	decoder->in = in;
	decoder->codec = codec;
	if (!source_memory(&in, &memory)) {
		decoder->buffer = arena_alloc_unset(arena, DECODER_WINDOW);
		if (!decoder->buffer)
			return STATUS_NO_MEMORY;
	}
	enum status status = codec->init(arena, parameters, &decoder->codec_state);
	if (status == STATUS_OK)
		*out = decoder;
	return status;
}

enum status decoder_restart(struct decoder *decoder, uint64_t offset)
{
	offset = min_u64(offset, decoder->in.size);
	decoder->start = offset;
	if (offset >= decoder->window_offset &&
	    offset - decoder->window_offset <= decoder->window_len) {
		decoder->window_pos = (size_t)(offset - decoder->window_offset);
	} else {
		decoder->window_offset = offset;
		decoder->window_len = 0;
		decoder->window_pos = 0;
	}
	decoder->ended = decoder->codec->reset(decoder->codec_state);
	return decoder->ended;
}

struct stream decoder_stream(struct decoder *decoder)
{
	return (struct stream){ .read = decoder_read,
				.taken = decoder_taken,
				.state = decoder };
}

static uint64_t decoder_taken(const void *state)
{
	const struct decoder *decoder = state;

	return decoder_position(decoder) - decoder->start;
}

uint64_t decoder_position(const struct decoder *decoder)
{
	return decoder->window_offset + decoder->window_pos;
}

bool decoder_is_complete(const struct decoder *decoder)
{
	return decoder->ended == STATUS_END;
}

static enum status decoder_read(void *state, uint8_t *buffer, size_t len, size_t *ret_len)
{
	struct decoder *decoder = state;
	struct codec_io io = { .out = buffer, .out_len = len };

	assert(len > 0);
	while (decoder->ended == STATUS_OK && io.out_pos == 0)
		decoder->ended = step(decoder, &io);
	*ret_len = io.out_pos;
	/* Bytes go before the end: it is told when they are gone. */
	if (decoder->ended == STATUS_END && io.out_pos > 0)
		return STATUS_OK;
	return decoder->ended;
}

static enum status step(struct decoder *decoder, struct codec_io *io)
{
	enum status status = fill_window(decoder);

	if (status != STATUS_OK)
		return status;

	size_t before = decoder->window_pos;
	io->in = decoder->window;
	io->in_len = decoder->window_len;
	io->in_pos = decoder->window_pos;
	io->in_ends = decoder->window_offset + decoder->window_len == decoder->in.size;
	status = decoder->codec->step(decoder->codec_state, io);
	assert(io->in_pos >= before && io->in_pos <= io->in_len &&
	       io->out_pos <= io->out_len);

	decoder->window_pos = io->in_pos;
	/* A codec that takes nothing and gives nothing would be asked for ever. */
	if (status == STATUS_OK && io->in_pos == before && io->out_pos == 0)
		return STATUS_MALFORMED;
	return status;
}

/* Reads ahead when the last window is used up; at the end of the input it stays empty. */
static enum status fill_window(struct decoder *decoder)
{
	struct slice memory;

	if (decoder->window_pos < decoder->window_len)
		return STATUS_OK;
	if (source_memory(&decoder->in, &memory)) {
		decoder->window_pos = (size_t)decoder_position(decoder);
		decoder->window_offset = 0;
		decoder->window = memory.base;
		decoder->window_len = memory.len;
		return STATUS_OK;
	}
	decoder->window_offset = decoder_position(decoder);
	decoder->window_pos = 0;
	decoder->window_len = 0;
	decoder->window = decoder->buffer;
	return source_read(&decoder->in, decoder->window_offset, decoder->buffer,
			   DECODER_WINDOW, &decoder->window_len);
}
