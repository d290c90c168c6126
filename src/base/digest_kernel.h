/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hot loops of digest_many.c: a block of each of several messages at once, one message
 * to a lane of the processor's vectors. One file for each kind of vectors (digest_*.c).
 */
#pragma once

#include <stdint.h>

#include "base/cpu_path.h"
#include "base/digest.h"

enum { DIGEST_LANES_MAX = 16, DIGEST_WORDS = 8, DIGEST_BLOCK_LEN = 64 };

/* Of every message the words that go from block to block: MD5 has four, SHA-1 five. */
struct digest_columns {
	uint32_t words[DIGEST_WORDS][DIGEST_LANES_MAX];
};

/* Takes in DIGEST_BLOCK_LEN bytes at each of blocks[0] … blocks[lanes - 1]. */
typedef void digest_blocks(struct digest_columns *columns,
			   const uint8_t *const blocks[DIGEST_LANES_MAX]);

struct digest_kernel {
	enum cpu_path path;
	unsigned lanes;
	digest_blocks *take[DIGEST_COUNT]; /* NULL: slower than one after another */
};

extern const struct digest_kernel digest_avx2; /* x86 alone, and not on every one … */
extern const struct digest_kernel digest_avx2_md5; /* … with instructions for SHA */
extern const struct digest_kernel digest_avx512;
