/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deflate: two bytes choose the sizes of the windows, the rest is the data. Decoding in
 * pieces must give what decoding at once gives, and so must starting once more.
 */
#include <assert.h>
#include <string.h>

#include "codec/inflate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OUT_MAX = 64 * 1024 };

struct run {
	enum status status;
	size_t used, made;
	uint8_t bytes[OUT_MAX];
};

/* What was begun before must not show. */
static void decode_some(void *state, const uint8_t *data, size_t size, size_t in_step,
			uint8_t *room)
{
	struct codec_io io = {
		.in = data,
		.in_len = size / 2 < in_step ? size / 2 : in_step,
		.out = room,
		.out_len = OUT_MAX,
	};

	(void)!inflate_codec.step(state, &io);
}

static void decode(const uint8_t *data, size_t size, size_t in_step, size_t out_step,
		   struct run *run)
{
	struct arena arena;
	void *state;

	run->status = STATUS_OK;
	run->used = run->made = 0;
	arena_init(&arena, 1 << 20);
	if (inflate_codec.init(&arena, NULL, &state) != STATUS_OK)
		assert(false);
	decode_some(state, data, size, in_step, run->bytes);
	if (inflate_codec.reset(state) != STATUS_OK)
		assert(false);
	while (run->status == STATUS_OK && run->made < OUT_MAX) {
		size_t in_len = size - run->used < in_step ? size - run->used : in_step;
		size_t room = OUT_MAX - run->made;
		struct codec_io io = {
			.in = data + run->used,
			.in_len = in_len,
			.in_ends = run->used + in_len == size,
			.out = run->bytes + run->made,
			.out_len = room < out_step ? room : out_step,
		};
		run->status = inflate_codec.step(state, &io);
		run->used += io.in_pos;
		run->made += io.out_pos;
		assert(io.in_pos <= io.in_len && io.out_pos <= io.out_len);
	}
	arena_clear(&arena);
}

/* A window that no stream has, or too little room, is refused before anything is read. */
static enum status begin(size_t budget, int window_bits)
{
	struct arena arena;
	void *state;

	arena_init(&arena, budget);
	enum status status = inflate_codec.init(&arena, &window_bits, &state);
	arena_clear(&arena);
	return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct run whole, pieces;

	assert(begin(1 << 20, 99) == STATUS_UNSUPPORTED);
	assert(begin(1, -15) == STATUS_NO_MEMORY);
	assert(begin(4096, -15) == STATUS_NO_MEMORY);

	if (size < 2)
		return 0;
	decode(data + 2, size - 2, SIZE_MAX, OUT_MAX, &whole);
	decode(data + 2, size - 2, data[0] + 1U, data[1] * 16U + 1, &pieces);
	assert(whole.made == pieces.made);
	assert(memcmp(whole.bytes, pieces.bytes, whole.made) == 0);
	/* A full buffer ends both before they may have seen the end. */
	assert(whole.made == OUT_MAX || whole.status == pieces.status);
	return 0;
}
