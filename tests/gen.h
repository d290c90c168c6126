/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random data for property tests. The seed comes from CUSTOS_SEED or the clock and
 * is printed as a TAP comment, so that a failure can be played again.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gen {
	uint64_t state;
};

/* Starts a generator and prints its seed. */
struct gen gen_start(void);

uint64_t gen_u64(struct gen *gen);

/* A number from 0 to `limit` - 1; `limit` must not be 0. */
size_t gen_below(struct gen *gen, size_t limit);

/* Fills `buf` with random bytes. */
void gen_bytes(struct gen *gen, uint8_t *buf, size_t len);

/* A property of some bytes: true where it holds. */
typedef bool gen_property(const uint8_t *bytes, size_t len, void *context);

/*
 * Given bytes for which `holds` is false, makes them smaller while it stays false
 * (cuts the tail, zeroes pieces), in place, and returns the new length.
 */
size_t gen_shrink(gen_property *holds, void *context, uint8_t *bytes, size_t len);

/* Prints bytes as TAP comments, in hex. */
void gen_show(const uint8_t *bytes, size_t len);
