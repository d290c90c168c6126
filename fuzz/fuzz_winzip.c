/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zip members with AES: two bytes choose the sizes of the windows, the third what is under
 * the cipher, the fourth how many encrypted bytes are announced; the rest is the data, with
 * the keys of "secret" and a salt of zeros. Decoding in pieces must give what decoding at
 * once gives.
 */
#include <assert.h>
#include <string.h>

#include "codec/winzip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OUT_MAX = 64 * 1024, HEAD_LEN = 4 };

struct run {
	enum status status;
	size_t used, made;
	uint8_t bytes[OUT_MAX];
};

static struct winzip_parameters parameters;

static void decode(struct slice data, size_t in_step, size_t out_step, struct run *run)
{
	struct arena arena;
	void *state;

	run->status = STATUS_OK;
	run->used = run->made = 0;
	arena_init(&arena, 1 << 20);
	if (winzip_codec.init(&arena, &parameters, &state) != STATUS_OK)
		assert(false);
	while (run->status == STATUS_OK && run->made < OUT_MAX) {
		size_t left = data.len - run->used;
		size_t in_len = left < in_step ? left : in_step;
		size_t room = OUT_MAX - run->made;
		struct codec_io io = {
			.in = data.base + run->used,
			.in_len = in_len,
			.in_ends = run->used + in_len == data.len,
			.out = run->bytes + run->made,
			.out_len = room < out_step ? room : out_step,
		};
		run->status = winzip_codec.step(state, &io);
		run->used += io.in_pos;
		run->made += io.out_pos;
		assert(io.in_pos <= io.in_len && io.out_pos <= io.out_len);
	}
	arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t salt[WINZIP_SALT_MAX];
	static struct run whole, pieces;

	if (size < HEAD_LEN)
		return 0;
	if (parameters.keys.len == 0)
		winzip_make_keys(slice_of("secret"), (struct slice){ salt, 8 },
				 WINZIP_128, &parameters.keys);
	struct slice packed = { data + HEAD_LEN, size - HEAD_LEN };
	parameters.is_deflated = data[2] & 1;
	parameters.len = data[3] * 16U;
	decode(packed, SIZE_MAX, OUT_MAX, &whole);
	decode(packed, data[0] + 1U, data[1] * 16U + 1, &pieces);
	assert(whole.made == pieces.made);
	assert(memcmp(whole.bytes, pieces.bytes, whole.made) == 0);
	return 0;
}
