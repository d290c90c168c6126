/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory: zlib asks for its window when it first needs it, at a time when the caller may
 * have taken another mark of the arena. So init() sets enough aside for both of its
 * requests.
 */
#include "codec/zlib_stream.h"

#include <limits.h>
#include <zlib.h>

#include "base/checked.h"

enum { POOL_LEN = 48 * 1024, ALIGNMENT = 16 };

struct zlib_state {
	z_stream zlib;
	uint8_t *pool;
	size_t used;
};

static void *give_memory(void *opaque, uInt count, uInt size)
{
	struct zlib_state *self = opaque;
	size_t len;

	if (!mul_size(count, size, &len) || len > POOL_LEN - self->used)
		return NULL;
	void *memory = &self->pool[self->used];
	self->used += (len + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	self->used = min_size(self->used, POOL_LEN);
	return memory;
}

static void keep_memory(void *opaque, void *memory)
{
	(void)opaque;
	(void)memory;
}

static enum status zlib_stream_init(struct arena *arena, const void *parameters,
				    void **state)
{
	const int *window_bits = parameters;
	struct zlib_state *self = arena_new(arena, struct zlib_state);

	if (!self)
		return STATUS_NO_MEMORY;
	self->pool = arena_alloc(arena, POOL_LEN);
	if (!self->pool)
		return STATUS_NO_MEMORY;
	self->zlib.zalloc = give_memory;
	self->zlib.zfree = keep_memory;
	self->zlib.opaque = self;
	int result = inflateInit2(&self->zlib, *window_bits);
	if (result == Z_STREAM_ERROR)
		return STATUS_UNSUPPORTED;
	if (result != Z_OK)
		return STATUS_NO_MEMORY;
	*state = self;
	return STATUS_OK;
}

static enum status zlib_stream_step(void *state, struct codec_io *io)
{
	struct zlib_state *self = state;
	z_stream *zlib = &self->zlib;
	uInt in = (uInt)min_size(io->in_len - io->in_pos, UINT_MAX);
	uInt out = (uInt)min_size(io->out_len - io->out_pos, UINT_MAX);

	zlib->next_in = (z_const Bytef *)io->in + io->in_pos;
	zlib->avail_in = in;
	zlib->next_out = io->out + io->out_pos;
	zlib->avail_out = out;
	int result = inflate(zlib, Z_NO_FLUSH);
	io->in_pos += in - zlib->avail_in;
	io->out_pos += out - zlib->avail_out;
	if (result == Z_STREAM_END)
		return STATUS_END;
	if (result == Z_MEM_ERROR)
		return STATUS_NO_MEMORY;
	if (result != Z_OK && result != Z_BUF_ERROR)
		return STATUS_MALFORMED;
	if (io->in_ends && io->in_pos == io->in_len && zlib->avail_out > 0)
		return STATUS_TRUNCATED;
	return STATUS_OK;
}

static enum status zlib_stream_reset(void *state)
{
	struct zlib_state *self = state;

	return inflateReset(&self->zlib) == Z_OK ? STATUS_OK : STATUS_NO_MEMORY;
}

const struct codec zlib_stream_codec = {
	.name = "zlib",
	.init = zlib_stream_init,
	.step = zlib_stream_step,
	.reset = zlib_stream_reset,
};
