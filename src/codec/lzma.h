/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Raw LZMA (the first one), by way of liblzma. All memory is taken by init(): the
 * dictionary, and some 64 KiB.
 */
#pragma once

#include "codec/codec.h"

#define LZMA_SIZE_UNKNOWN UINT64_MAX

/* The parameters: the first 13 bytes of a .lzma file. */
struct lzma_properties {
	uint8_t bytes[5];    /* lc, lp and pb; the dictionary's size, low byte first */
	uint64_t size_bytes; /* of the data, or LZMA_SIZE_UNKNOWN: it marks its end */
};

/* init() says LIMIT for a dictionary above this. */
enum { LZMA_DICTIONARY_MAX = 64 << 20 };

extern const struct codec lzma_codec;
