/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes and the same bytes as raw deflate, gzip and the like, for tests of decoders and
 * of the containers that use them. What zlib packs is not what our code unpacks with
 * zlib in one go, so it is a fair witness of chunks, ends and sizes.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct deflated {
	uint8_t *plain;
	size_t plain_len;
	uint8_t *packed;
	size_t packed_len;
};

/*
 * `len` bytes that pack well but not trivially, always the same. Ends the program
 * without memory.
 */
struct deflated deflated_sample(size_t len);

/* These bytes, packed. */
struct deflated deflated_bytes(const void *bytes, size_t len);

void deflated_free(struct deflated *deflated);
