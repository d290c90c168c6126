/* SPDX-License-Identifier: Apache-2.0 */
#include "base/digest_kernel.h"

#ifdef __x86_64__

#define LANES 8
#define LANES_TARGET __attribute__((target("avx2")))
#define LANES_LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define LANES_HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)

#include "base/digest_lanes_md5.h"
#include "base/digest_lanes_sha.h"

const struct digest_kernel digest_avx2 = {
	.path = CPU_AVX2,
	.lanes = LANES,
	.take = { take_md5, take_sha1, take_sha256 },
};

const struct digest_kernel digest_avx2_md5 = {
	.path = CPU_AVX2,
	.lanes = LANES,
	.take = { [DIGEST_MD5] = take_md5 },
};

#endif
