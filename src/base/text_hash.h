/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A quick hash of short texts (FNV-1a, 64 bits): for damage and for looking
 * things up, never against somebody who chooses the text.
 */
#pragma once

#include <stdint.h>

#include "base/slice.h"

#define TEXT_HASH_START UINT64_C(0xcbf29ce484222325)

static inline uint64_t text_hash(uint64_t start, struct slice text)
{
	uint64_t hash = start;

	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ text.base[i]) * UINT64_C(0x100000001b3);
	return hash;
}
