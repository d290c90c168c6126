/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"

#include "base/checked.h"

#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)

struct scan_limits scan_limits_default(void)
{
	return (struct scan_limits){
		.depth_max = 32,
		.files_max = 100000,
		.bytes_max = 16 * GIB,
		.child_bytes_max = 4 * GIB,
		.ratio_max = 1000,
		.ratio_from_bytes = 64 * MIB,
		.time_ms = 120 * 1000,
		.time_ms_per_50mib = 1000,
		.memory_child_bytes = 32 * MIB,
		.hole_hash_bytes = 1 * GIB,
		.normalize_text_bytes = 20 * MIB,
		.normalize_html_bytes = 40 * MIB,
		.normalize_no_tags_bytes = 8 * MIB,
	};
}

uint64_t scan_limits_time_ms(const struct scan_limits *limits, uint64_t root_size_bytes)
{
	uint64_t pieces = root_size_bytes / (50 * MIB);
	uint64_t extra;

	if (!mul_u64(pieces, limits->time_ms_per_50mib, &extra))
		return UINT64_MAX;
	return add_u64_capped(limits->time_ms, extra);
}
