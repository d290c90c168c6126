/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A raw decoder takes all its memory when it is made. liblzma frees it by itself when it
 * is made anew; the arena forgets that, so reset() makes it anew in the same place.
 */
#include "codec/lzma.h"

#include <lzma.h>

#include "base/checked.h"
#include "bytes/reader.h"

enum { BESIDE_DICTIONARY = 512 * 1024, ALIGNMENT = 16, LC_LP_MAX = 4, PB_MAX = 4 };

struct lzma_state {
	lzma_stream stream;
	lzma_allocator allocator;
	lzma_options_lzma options;
	uint64_t size_bytes, left;
	uint8_t *pool;
	size_t pool_len, used;
};

static void *give_memory(void *opaque, size_t count, size_t size)
{
	struct lzma_state *self = opaque;
	size_t len;

	if (!mul_size(count, size, &len) || len > self->pool_len - self->used)
		return NULL;
	void *memory = &self->pool[self->used];
	self->used += min_size((len + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT,
			       self->pool_len - self->used);
	return memory;
}

static void keep_memory(void *opaque, void *memory)
{
	(void)opaque;
	(void)memory;
}

static enum status start(struct lzma_state *self)
{
	const lzma_filter filters[] = {
		{ .id = LZMA_FILTER_LZMA1, .options = &self->options },
		{ .id = LZMA_VLI_UNKNOWN },
	};

	self->used = 0;
	self->left = self->size_bytes;
	self->stream = (lzma_stream)LZMA_STREAM_INIT;
	self->stream.allocator = &self->allocator;
	switch ((unsigned)lzma_raw_decoder(&self->stream, filters)) {
	case LZMA_OK:
		return STATUS_OK;
	case LZMA_MEM_ERROR:
		return STATUS_NO_MEMORY;
	default:
		return STATUS_MALFORMED;
	}
}

/* One byte holds three numbers: (pb * 5 + lp) * 9 + lc. */
static enum status read_properties(const struct lzma_properties *properties,
				   lzma_options_lzma *out)
{
	struct reader in = reader_of(properties->bytes, sizeof(properties->bytes));
	unsigned packed = reader_u8(&in);

	out->lc = packed % 9;
	out->lp = packed / 9 % 5;
	out->pb = packed / 9 / 5;
	out->dict_size = reader_u32le(&in);
	if (out->pb > PB_MAX || out->lc + out->lp > LC_LP_MAX)
		return STATUS_MALFORMED;
	if (out->dict_size > LZMA_DICTIONARY_MAX)
		return STATUS_LIMIT;
	if (out->dict_size < LZMA_DICT_SIZE_MIN)
		out->dict_size = LZMA_DICT_SIZE_MIN;
	return STATUS_OK;
}

static enum status lzma_codec_init(struct arena *arena, const void *parameters,
				   void **state)
{
	const struct lzma_properties *properties = parameters;
	struct lzma_state *self = arena_new(arena, struct lzma_state);

	if (!self)
		return STATUS_NO_MEMORY;
	enum status status = read_properties(properties, &self->options);
	if (status != STATUS_OK)
		return status;
	self->allocator = (lzma_allocator){ give_memory, keep_memory, self };
	self->size_bytes = properties->size_bytes;
	self->pool_len = self->options.dict_size + BESIDE_DICTIONARY;
	self->pool = arena_alloc(arena, self->pool_len);
	if (!self->pool)
		return STATUS_NO_MEMORY;
	status = start(self);
	if (status == STATUS_OK)
		*state = self;
	return status;
}

static enum status lzma_codec_step(void *state, struct codec_io *io)
{
	struct lzma_state *self = state;
	size_t room = (size_t)min_u64(io->out_len - io->out_pos, self->left);

	if (self->left == 0)
		return STATUS_END;
	self->stream.next_in = io->in + io->in_pos;
	self->stream.avail_in = io->in_len - io->in_pos;
	self->stream.next_out = io->out + io->out_pos;
	self->stream.avail_out = room;
	lzma_ret result = lzma_code(&self->stream, LZMA_RUN);
	io->in_pos = io->in_len - self->stream.avail_in;
	io->out_pos += room - self->stream.avail_out;
	if (self->size_bytes != LZMA_SIZE_UNKNOWN)
		self->left -= room - self->stream.avail_out;
	if (result == LZMA_STREAM_END || self->left == 0)
		return STATUS_END;
	if (result == LZMA_MEM_ERROR)
		return STATUS_NO_MEMORY;
	if (result != LZMA_OK && result != LZMA_BUF_ERROR)
		return STATUS_MALFORMED;
	if (io->in_ends && io->in_pos == io->in_len && self->stream.avail_out > 0)
		return STATUS_TRUNCATED;
	return STATUS_OK;
}

static enum status lzma_codec_reset(void *state)
{
	return start(state);
}

const struct codec lzma_codec = {
	.name = "lzma",
	.init = lzma_codec_init,
	.step = lzma_codec_step,
	.reset = lzma_codec_reset,
};
