/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resource limits: what a captured process could use up.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

struct rlimits {
	uint64_t memory_bytes; /* private memory */
	uint64_t file_bytes;   /* the largest file it may write */
	uint32_t descriptors;
};

/* Sets them all, hard and soft. False, with errno, at the first that is refused. */
MUST_CHECK bool rlimits_lock(const struct rlimits *limits);
