/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the fuzz targets of segments: a good one that the input damages.
 *
 *	cut (u16), number of changes (u8), for each: where (u32, taken modulo the
 *	length) and what (u8)
 *
 * The checksum of the head is made right again, so that the table of sections can be
 * anything.
 */
#pragma once

#include "base/text_hash.h"
#include "built.h"
#include "bytes/reader.h"
#include "bytes/store.h"
#include "database/segment.h"
#include "guard.h"

enum { SEGMENT_CHECKSUM_AT = 24 };

static inline void segment_mend(uint8_t *bytes, size_t len)
{
	struct reader reader = reader_of(bytes, len);

	if (len < SEGMENT_SECTIONS_AT)
		return;
	uint64_t hash = text_hash(TEXT_HASH_START,
				  reader_slice(&reader, SEGMENT_CHECKSUM_AT));
	reader_skip(&reader, 8);
	struct slice rest = reader_slice(&reader,
					 SEGMENT_SECTIONS_AT - SEGMENT_CHECKSUM_AT - 8);
	store_u64le(bytes + SEGMENT_CHECKSUM_AT, text_hash(hash, rest));
}

/* Takes what it needs from the input. */
static inline struct guard segment_damaged(const struct built *good, struct reader *in)
{
	size_t off = reader_u16le(in);
	uint8_t changes = reader_u8(in);
	struct guard guard = guard_copy(good->bytes, good->len - off % good->len);

	for (; changes > 0 && reader_left(in) >= 5; changes--) {
		size_t at = reader_u32le(in) % guard.len;
		guard.bytes[at] = reader_u8(in);
	}
	segment_mend(guard.bytes, guard.len);
	return guard;
}
