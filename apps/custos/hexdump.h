/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>

#include "base/slice.h"

/*
 * Bytes as rows of hex and ASCII, like hexdump -C, with [ ] around the `marked_len` bytes
 * from offset `marked`. `offset` is that of the first byte.
 */
struct hexdump {
	struct slice bytes;
	uint64_t offset;
	uint64_t marked, marked_len;
};

void hexdump_print(const struct hexdump *dump);
