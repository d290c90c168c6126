/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The longest messages first: a lane whose message ends takes the next, and at the end all
 * become free at about the same time.
 */
#include "base/digest_many.h"

#include <assert.h>

#ifdef __x86_64__
#include <cpuid.h>
#endif

#include "base/checked.h"
#include "base/digest_kernel.h"

/* Behind the message: a bit, zeros, and its length in bits, in the last eight bytes. */
enum { LANE_SHARES_MAX = 3 };
enum { END_LEN = 2 * DIGEST_BLOCK_LEN, LENGTH_LEN = 8, NO_MESSAGE = DIGEST_MANY_MAX };

struct lane {
	size_t message; /* NO_MESSAGE: there is none left for it */
	size_t block;   /* the next one; those from `whole` on are in `end` */
	size_t whole;
	size_t count;
	uint8_t end[END_LEN];
};

struct work {
	const struct digest_kernel *kernel;
	const struct digest_batch *batch;
	bool taken[DIGEST_MANY_MAX];
	struct digest_columns columns;
	struct lane lanes[DIGEST_LANES_MAX];
};

static const uint32_t starts[DIGEST_COUNT][DIGEST_WORDS] = {
	[DIGEST_MD5] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 },
	[DIGEST_SHA1] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 },
	[DIGEST_SHA256] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
			    0x9b05688c, 0x1f83d9ab, 0x5be0cd19 },
};

#ifdef __x86_64__
static bool has_sha(void);
#endif
static size_t share_of_lane(const struct work *work);
static void run(struct work *work);
static bool begin_next(struct work *work, unsigned lane);
static void put_end(struct lane *lane, struct slice message, bool high_first);
static const uint8_t *block_of(const struct work *work, const struct lane *lane);
static void finish(struct work *work, unsigned lane);

size_t digest_kernels(const struct digest_kernel *out[DIGEST_KERNELS_MAX])
{
	size_t count = 0;

#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2"))
		out[count++] = has_sha() ? &digest_avx2_md5 : &digest_avx2;
	if (__builtin_cpu_supports("avx512f"))
		out[count++] = &digest_avx512;
#else
	(void)out;
#endif
	return count;
}

#ifdef __x86_64__
/* The compilers have no name for it. */
static bool has_sha(void)
{
	unsigned a, b, c, d;

	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);
}
#endif

const struct digest_kernel *digest_kernel_of(enum cpu_path path)
{
	const struct digest_kernel *kernels[DIGEST_KERNELS_MAX];
	size_t count = digest_kernels(kernels);

	if (path == CPU_BEST)
		return count > 0 ? kernels[count - 1] : NULL;
	while (count > 0 && kernels[count - 1]->path != path)
		count--;
	return count > 0 ? kernels[count - 1] : NULL;
}

enum status digest_many(const struct digest_kernel *kernel, struct digest_state *state,
			const struct digest_batch *batch)
{
	struct work work = { .kernel = kernel, .batch = batch };
	size_t share = share_of_lane(&work);
	enum status status = STATUS_OK;

	assert(batch->count <= DIGEST_MANY_MAX);
	for (size_t i = 0; i < batch->count && status == STATUS_OK; i++) {
		/* Much longer ones would keep a lane when the others are done. */
		if (share > 0 && batch->messages[i].len <= LANE_SHARES_MAX * share)
			continue;
		status = digest_of(state, batch->kind, batch->messages[i],
				   &batch->digests[i]);
		work.taken[i] = true;
	}
	if (status == STATUS_OK && share > 0)
		run(&work);
	return status;
}

/* How many bytes there are for each lane, at least one; 0: lanes are of no use. */
static size_t share_of_lane(const struct work *work)
{
	const struct digest_kernel *kernel = work->kernel;
	size_t sum = 0;

	if (!kernel || !kernel->take[work->batch->kind] ||
	    work->batch->count < kernel->lanes * 3 / 4)
		return 0;
	for (size_t i = 0; i < work->batch->count; i++)
		sum += min_size(work->batch->messages[i].len, SIZE_MAX / DIGEST_MANY_MAX);
	return sum / kernel->lanes + 1;
}

static void run(struct work *work)
{
	unsigned lanes = work->kernel->lanes;
	size_t busy = 0;

	for (unsigned i = 0; i < lanes; i++)
		busy += begin_next(work, i);
	while (busy > 0) {
		const uint8_t *blocks[DIGEST_LANES_MAX];

		for (unsigned i = 0; i < lanes; i++)
			blocks[i] = block_of(work, &work->lanes[i]);
		work->kernel->take[work->batch->kind](&work->columns, blocks);
		for (unsigned i = 0; i < lanes; i++) {
			struct lane *lane = &work->lanes[i];

			if (lane->message == NO_MESSAGE || ++lane->block < lane->count)
				continue;
			finish(work, i);
			busy -= !begin_next(work, i);
		}
	}
}

/* The longest that is left. False: none is. */
static bool begin_next(struct work *work, unsigned number)
{
	struct lane *lane = &work->lanes[number];
	size_t longest = NO_MESSAGE;

	for (size_t i = 0; i < work->batch->count; i++)
		if (!work->taken[i] &&
		    (longest == NO_MESSAGE ||
		     work->batch->messages[i].len > work->batch->messages[longest].len))
			longest = i;
	*lane = (struct lane){ .message = longest };
	if (longest == NO_MESSAGE)
		return false;
	work->taken[longest] = true;
	put_end(lane, work->batch->messages[longest], work->batch->kind != DIGEST_MD5);
	for (unsigned i = 0; i < DIGEST_WORDS; i++)
		work->columns.words[i][number] = starts[work->batch->kind][i];
	return true;
}

static void put_end(struct lane *lane, struct slice message, bool high_first)
{
	size_t left = message.len % DIGEST_BLOCK_LEN;
	size_t blocks = left + 1 + LENGTH_LEN <= DIGEST_BLOCK_LEN ? 1 : 2;
	uint64_t bits = (uint64_t)message.len * 8;

	lane->whole = message.len / DIGEST_BLOCK_LEN;
	lane->count = lane->whole + blocks;
	if (left > 0)
		memcpy(lane->end, &message.base[message.len - left], left);
	lane->end[left] = 0x80;
	for (unsigned i = 0; i < LENGTH_LEN; i++) {
		unsigned byte = high_first ? LENGTH_LEN - 1 - i : i;

		lane->end[blocks * DIGEST_BLOCK_LEN - LENGTH_LEN + i] =
			(uint8_t)(bits >> 8 * byte);
	}
}

/* A lane without a message takes any bytes. */
static const uint8_t *block_of(const struct work *work, const struct lane *lane)
{
	if (lane->message == NO_MESSAGE)
		return lane->end;
	if (lane->block < lane->whole)
		return &work->batch->messages[lane->message]
				.base[lane->block * DIGEST_BLOCK_LEN];
	return &lane->end[(lane->block - lane->whole) * DIGEST_BLOCK_LEN];
}

static void finish(struct work *work, unsigned number)
{
	struct digest *out = &work->batch->digests[work->lanes[number].message];
	bool high_first = work->batch->kind != DIGEST_MD5;

	*out = (struct digest){ .len = digest_len(work->batch->kind) };
	for (size_t i = 0; i < out->len; i++) {
		uint32_t word = work->columns.words[i / 4][number];
		size_t byte = high_first ? 3 - i % 4 : i % 4;

		out->bytes[i] = (uint8_t)(word >> 8 * byte);
	}
}
