/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tells of most digests, within one line of the CPU's cache, that they are not in
 * a table: the table itself, of 16 bytes and more for each of millions of digests, stays on
 * the disk. A Bloom filter in blocks (F. Putze, P. Sanders, J. Singler: Cache-, Hash- and
 * Space-Efficient Bloom Filters, 2007). Digests are as good as any hash: their first
 * eight bytes say which block, the next eight which bits of it.
 *
 * As the table is sorted, and the number of a block grows with the digest, the blocks of a
 * filter are written one after the other while the table is gone through.
 *
 *	DIGEST_FILTER_PLACES records of { u32 first block, u32 blocks }, in the order of the
 *	digests' sections; no blocks: the table is to be asked
 *	blocks, each at a multiple of its size
 */
#pragma once

#include <stdint.h>

#include "base/slice.h"
#include "bytes/reader.h"
#include "match/tables.h"

enum {
	DIGEST_FILTER_PLACES = HASH_SCOPES * DIGEST_KINDS,
	DIGEST_FILTER_PLACE_LEN = 8,
	DIGEST_FILTER_BLOCK_LEN = 64,
	DIGEST_FILTER_BITS = 7,       /* that each digest sets in its block */
	DIGEST_FILTER_PER_BLOCK = 32, /* digests: 16 bits for each. 2 in 1,000 pass */
	DIGEST_FILTER_MIN = 4096,     /* digests; fewer are searched as fast */
};

/* The records, filled up to a whole block. */
enum {
	DIGEST_FILTER_HEAD_LEN = (DIGEST_FILTER_PLACES * DIGEST_FILTER_PLACE_LEN +
				  DIGEST_FILTER_BLOCK_LEN - 1) /
				 DIGEST_FILTER_BLOCK_LEN * DIGEST_FILTER_BLOCK_LEN,
};

static inline uint32_t digest_filter_blocks(uint64_t digests)
{
	if (digests < DIGEST_FILTER_MIN)
		return 0;
	return (uint32_t)(digests / DIGEST_FILTER_PER_BLOCK + 1);
}

/* Which of `blocks`, for a digest of 16 bytes at least. */
static inline uint32_t digest_filter_block(struct slice digest, uint32_t blocks)
{
	struct reader in = reader_of_slice(digest);

	return (uint32_t)((unsigned __int128)reader_u64be(&in) * blocks >> 64);
}

/* Nine bits for each of its places in the block, the lowest first. */
static inline uint64_t digest_filter_bits(struct slice digest)
{
	struct reader in = reader_of_slice(digest);

	reader_skip(&in, 8);
	return reader_u64le(&in);
}
