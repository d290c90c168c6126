/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libbz2 asks for its tables when it has read a block's size, and gives them back when
 * it ends; so init() sets aside as much as the largest blocks need.
 */
#include "codec/bzip2.h"

#include <bzlib.h>
#include <limits.h>

#include "base/checked.h"

enum { BLOCK_MAX = 900000, STATE_LEN = 80 * 1024, ALIGNMENT = 16 };
enum { POOL_LEN = 4 * BLOCK_MAX + STATE_LEN };

struct bzip2_state {
	bz_stream stream;
	uint8_t *pool;
	size_t used;
};

static void *give_memory(void *opaque, int count, int size)
{
	struct bzip2_state *self = opaque;
	size_t len;

	if (count < 0 || size < 0 || !mul_size((size_t)count, (size_t)size, &len) ||
	    len > POOL_LEN - self->used)
		return NULL;
	void *memory = &self->pool[self->used];
	self->used += min_size((len + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT,
			       POOL_LEN - self->used);
	return memory;
}

static void keep_memory(void *opaque, void *memory)
{
	(void)opaque;
	(void)memory;
}

static enum status bzip2_reset(void *state)
{
	struct bzip2_state *self = state;

	self->used = 0;
	self->stream = (bz_stream){ .bzalloc = give_memory,
				    .bzfree = keep_memory,
				    .opaque = self };
	return BZ2_bzDecompressInit(&self->stream, 0, 0) == BZ_OK ? STATUS_OK :
								    STATUS_NO_MEMORY;
}

static enum status bzip2_init(struct arena *arena, const void *parameters, void **state)
{
	struct bzip2_state *self = arena_new(arena, struct bzip2_state);

	(void)parameters;
	if (!self)
		return STATUS_NO_MEMORY;
	self->pool = arena_alloc(arena, POOL_LEN);
	if (!self->pool)
		return STATUS_NO_MEMORY;
	*state = self;
	return bzip2_reset(self);
}

static enum status bzip2_step(void *state, struct codec_io *io)
{
	struct bzip2_state *self = state;
	unsigned in = (unsigned)min_size(io->in_len - io->in_pos, UINT_MAX);
	unsigned out = (unsigned)min_size(io->out_len - io->out_pos, UINT_MAX);

	self->stream.next_in = (char *)io->in + io->in_pos;
	self->stream.avail_in = in;
	self->stream.next_out = (char *)io->out + io->out_pos;
	self->stream.avail_out = out;
	int result = BZ2_bzDecompress(&self->stream);
	io->in_pos += in - self->stream.avail_in;
	io->out_pos += out - self->stream.avail_out;
	if (result == BZ_STREAM_END)
		return STATUS_END;
	if (result == BZ_MEM_ERROR)
		return STATUS_NO_MEMORY;
	if (result != BZ_OK)
		return STATUS_MALFORMED;
	if (io->in_ends && io->in_pos == io->in_len && self->stream.avail_out > 0)
		return STATUS_TRUNCATED;
	return STATUS_OK;
}

const struct codec bzip2_codec = {
	.name = "bzip2",
	.init = bzip2_init,
	.step = bzip2_step,
	.reset = bzip2_reset,
};
