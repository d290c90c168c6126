/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far a scan goes: values that are handed down, never constants in code.
 * Reaching one is a normal result: `incomplete` with the limit's reason.
 */
#pragma once

#include <stdint.h>

struct scan_limits {
	uint32_t depth_max;       /* nested objects, the root not counted */
	uint32_t files_max;       /* objects out of one root */
	uint64_t bytes_max;       /* bytes out of one root, all levels added up */
	uint64_t child_bytes_max; /* bytes of one child */
	/* bytes out of one child for each byte that it takes … */
	uint32_t ratio_max;
	uint64_t ratio_from_bytes;  /* … beyond this many bytes out */
	uint32_t time_ms;           /* for each root … */
	uint32_t time_ms_per_50mib; /* … and for each 50 MiB of its size */
	/* children up to this size are kept in memory, larger ones in the spool */
	uint64_t memory_child_bytes;
	/* holes of a sparse file that are hashed as zeros, at most */
	uint64_t hole_hash_bytes;
	/* texts and scripts, and pages, up to this size are normalised */
	uint64_t normalize_text_bytes;
	uint64_t normalize_html_bytes;
	/* what stands between the tags of a page: up to this size of it */
	uint64_t normalize_no_tags_bytes;
};

/*
 * depth 32, files 100,000, 16 GiB, child 4 GiB, ratio 1,000 beyond 64 MiB, 120 s + 1 s
 * per 50 MiB, 32 MiB, 1 GiB, 20 MiB, 40 MiB, 8 MiB
 */
struct scan_limits scan_limits_default(void);

/* The time a root of that size may take. */
uint64_t scan_limits_time_ms(const struct scan_limits *limits, uint64_t root_size_bytes);
