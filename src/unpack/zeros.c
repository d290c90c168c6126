/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/zeros.h"

#include "base/checked.h"

enum { PIECE = 16 * 1024 };

enum status zeros_end(const struct source *source, uint64_t from, uint64_t end,
		      uint64_t *ret_pos)
{
	uint8_t piece[PIECE];
	struct extent data;
	uint64_t seen = 0;

	end = min_u64(end, source->size);
	while (from < end && source_next_data(source, from, &data) && data.offset < end) {
		size_t len = (size_t)min_u64(min_u64(data.len, end - data.offset), PIECE);
		size_t got, zeros = 0;
		enum status status = source_read(source, data.offset, piece, len, &got);

		if (status != STATUS_OK)
			return status;
		while (zeros < got && piece[zeros] == 0)
			zeros++;
		from = data.offset + zeros;
		seen += zeros;
		if (zeros < got || seen >= ZEROS_LOOK_MAX) {
			*ret_pos = from;
			return STATUS_OK;
		}
	}
	*ret_pos = end;
	return STATUS_OK;
}
