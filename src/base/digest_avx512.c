/* SPDX-License-Identifier: Apache-2.0 */
#include "base/digest_kernel.h"

#ifdef __x86_64__

#define LANES 16
#define LANES_TARGET __attribute__((target("avx512f")))
#define LANES_LOW(a, b) \
	__builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, \
				7, 23)
#define LANES_HIGH(a, b) \
	__builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, \
				30, 15, 31)

#include "base/digest_lanes_md5.h"
#include "base/digest_lanes_sha.h"

const struct digest_kernel digest_avx512 = {
	.path = CPU_AVX512,
	.lanes = LANES,
	.take = { take_md5, take_sha1, take_sha256 },
};

#endif
