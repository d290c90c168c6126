/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes/narrow.h"

#include "base/checked.h"

enum { PIECE = 512 };

static enum status narrow_read(void *state, uint64_t offset, uint8_t *buffer, size_t len);

struct source narrow_source(struct narrow *narrow)
{
	return (struct source){
		.kind = SOURCE_READER,
		.size = narrow->wide.size / 2,
		.read = narrow_read,
		.state = narrow,
	};
}

static enum status narrow_read(void *state, uint64_t offset, uint8_t *buffer, size_t len)
{
	const struct narrow *narrow = state;
	uint8_t piece[PIECE];
	size_t done = 0;

	while (done < len) {
		size_t got = min_size((len - done) * 2, PIECE);
		enum status status = source_read_all(&narrow->wide, (offset + done) * 2,
						     piece, got);

		if (status != STATUS_OK)
			return status;
		struct reader units = reader_of(piece, got);
		while (reader_left(&units) > 0) {
			uint16_t unit = narrow->is_big ? reader_u16be(&units) :
							 reader_u16le(&units);
			buffer[done++] = unit < 0x80 ? (uint8_t)unit : '?';
		}
	}
	return STATUS_OK;
}
