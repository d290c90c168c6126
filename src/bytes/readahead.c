/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes/readahead.h"

#include <assert.h>

#include "base/checked.h"

enum status readahead_init(struct readahead *ahead, struct arena *arena,
			   struct source source, size_t size)
{
	struct slice memory;

	*ahead = (struct readahead){ .source = source,
				     .size = max_size(size, READAHEAD_PIECE) };
	if (source_memory(&source, &memory))
		return STATUS_OK;
	/* No more than there is to read. */
	ahead->buffer = arena_alloc(arena, (size_t)min_u64(ahead->size, source.size));
	return ahead->buffer ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status readahead_at(struct readahead *ahead, uint64_t offset, size_t len,
			 struct reader *out)
{
	struct slice whole;
	struct reader reader;

	assert(len <= ahead->size);
	offset = min_u64(offset, ahead->source.size);
	len = (size_t)min_u64(len, ahead->source.size - offset);

	if (source_memory(&ahead->source, &whole)) {
		reader = reader_of_slice(whole);
		reader_seek(&reader, (size_t)offset);
		*out = reader_take(&reader, len);
		return STATUS_OK;
	}
	if (offset < ahead->offset || offset - ahead->offset > ahead->len ||
	    len > ahead->len - (size_t)(offset - ahead->offset)) {
		ahead->len = 0;
		ahead->offset = offset;
		enum status status = source_read(&ahead->source, offset, ahead->buffer,
						 max_size(len, READAHEAD_PIECE),
						 &ahead->len);
		if (status != STATUS_OK)
			return status;
	}
	reader = reader_of(ahead->buffer, ahead->len);
	reader_seek(&reader, (size_t)(offset - ahead->offset));
	*out = reader_take(&reader, len);
	return STATUS_OK;
}
