/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zlib asks for its 32 KiB history only when it first needs it, which may be long after
 * the caller took another mark of the arena. So init() sets enough aside for both of its
 * requests: its state (7 KiB) and the history.
 */
#include "codec/inflate.h"

#include <limits.h>
#include <zlib.h>

#include "base/checked.h"

enum { POOL_LEN = 48 * 1024, POOL_ALIGN = 16 };

struct inflater {
	z_stream zlib;
	uint8_t *pool;
	size_t used;
};

static enum status inflate_init(struct arena *arena, const void *parameters,
				void **state);
static enum status inflate_step(void *state, struct codec_io *io);
static enum status inflate_restart(void *state);
static void *give_memory(void *opaque, uInt count, uInt size);
static void keep_memory(void *opaque, void *memory);

const struct codec inflate_codec = {
	.name = "deflate",
	.init = inflate_init,
	.step = inflate_step,
	.reset = inflate_restart,
};

static enum status inflate_init(struct arena *arena, const void *parameters, void **state)
{
	int window_bits = parameters ? *(const int *)parameters : -MAX_WBITS;
	struct inflater *self = arena_new(arena, struct inflater);

	if (!self)
		return STATUS_NO_MEMORY;
	self->pool = arena_alloc(arena, POOL_LEN);
	if (!self->pool)
		return STATUS_NO_MEMORY;
	self->zlib.zalloc = give_memory;
	self->zlib.zfree = keep_memory;
	self->zlib.opaque = self;
	int result = inflateInit2(&self->zlib, window_bits);
	if (result == Z_STREAM_ERROR)
		return STATUS_UNSUPPORTED;
	if (result != Z_OK)
		return STATUS_NO_MEMORY;
	*state = self;
	return STATUS_OK;
}

static enum status inflate_step(void *state, struct codec_io *io)
{
	struct inflater *self = state;
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

	switch (result) {
	case Z_STREAM_END:
		return STATUS_END;
	case Z_OK:
	case Z_BUF_ERROR:
		/* With room left, everything that could be decoded has been. */
		if (io->in_ends && io->in_pos == io->in_len && zlib->avail_out > 0)
			return STATUS_TRUNCATED;
		return STATUS_OK;
	case Z_MEM_ERROR:
		return STATUS_NO_MEMORY;
	default:
		return STATUS_MALFORMED;
	}
}

static enum status inflate_restart(void *state)
{
	struct inflater *self = state;

	return inflateReset(&self->zlib) == Z_OK ? STATUS_OK : STATUS_NO_MEMORY;
}

static void *give_memory(void *opaque, uInt count, uInt size)
{
	struct inflater *self = opaque;
	size_t len;

	if (!mul_size(count, size, &len) || len > POOL_LEN - self->used)
		return NULL;
	void *memory = &self->pool[self->used];
	len = (len + POOL_ALIGN - 1) / POOL_ALIGN * POOL_ALIGN;
	self->used = min_size(self->used + len, POOL_LEN);
	return memory;
}

/* The arena takes it back, all at once. */
static void keep_memory(void *opaque, void *memory)
{
	(void)opaque;
	(void)memory;
}
