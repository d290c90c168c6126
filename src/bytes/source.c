/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes/source.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/checked.h"

static enum status read_fd(const struct source *source, uint64_t offset, uint8_t *buffer,
			   size_t len);
static enum status pread_whole(int fd, uint64_t offset, uint8_t *buffer, size_t len);
static bool next_extent(const struct source *source, uint64_t offset, struct extent *out);

struct source source_of_memory(const void *base, size_t len)
{
	return (struct source){
		.kind = SOURCE_MEMORY,
		.size = len,
		.memory = base,
		.memory_len = len,
		.fd = -1,
	};
}

struct source source_of_fd(int fd, uint64_t size, const struct extent *extents,
			   size_t extent_count)
{
	return (struct source){
		.kind = SOURCE_FD,
		.size = size,
		.fd = fd,
		.extents = extents,
		.extent_count = extent_count,
	};
}

struct source source_window(const struct source *parent, uint64_t offset, uint64_t len)
{
	struct source window = *parent;

	offset = min_u64(offset, parent->size);
	window.start = parent->start + offset;
	window.size = min_u64(len, parent->size - offset);
	return window;
}

enum status source_read(const struct source *source, uint64_t offset, void *buffer,
			size_t len, size_t *ret_len)
{
	if (offset >= source->size)
		len = 0;
	else
		len = (size_t)min_u64(len, source->size - offset);
	if (len == 0) {
		*ret_len = 0;
		return STATUS_OK;
	}

	uint64_t at = source->start + offset;
	if (source->kind == SOURCE_MEMORY) {
		struct reader reader = reader_of(source->memory,
						 (size_t)source->memory_len);
		reader_seek(&reader, (size_t)at);
		reader_bytes(&reader, buffer, len);
	} else {
		enum status status = source->kind == SOURCE_FD ?
					     read_fd(source, at, buffer, len) :
					     source->read(source->state, at, buffer, len);
		if (status != STATUS_OK)
			return status;
	}
	*ret_len = len;
	return STATUS_OK;
}

enum status source_read_all(const struct source *source, uint64_t offset, void *buffer,
			    size_t len)
{
	size_t got;
	enum status status = source_read(source, offset, buffer, len, &got);

	if (status != STATUS_OK)
		return status;
	return got == len ? STATUS_OK : STATUS_TRUNCATED;
}

enum status source_view(const struct source *source, struct arena *arena, uint64_t offset,
			size_t len, struct reader *out)
{
	struct slice whole;
	size_t got;

	if (len > SOURCE_VIEW_MAX)
		return STATUS_LIMIT;
	offset = min_u64(offset, source->size);
	len = (size_t)min_u64(len, source->size - offset);

	/* Memory cannot change under us, so it needs no copy. */
	if (source_memory(source, &whole)) {
		struct reader reader = reader_of_slice(whole);
		reader_seek(&reader, (size_t)offset);
		*out = reader_take(&reader, len);
		return STATUS_OK;
	}

	uint8_t *copy = arena_alloc_unset(arena, len);
	if (!copy)
		return STATUS_NO_MEMORY;
	enum status status = source_read(source, offset, copy, len, &got);
	if (status != STATUS_OK)
		return status;
	*out = reader_of(copy, got);
	return STATUS_OK;
}

bool source_next_data(const struct source *source, uint64_t offset, struct extent *out)
{
	struct extent found;
	uint64_t end = source->start + source->size;

	if (offset >= source->size)
		return false;
	if (!source->extents) {
		*out = (struct extent){ offset, source->size - offset };
		return true;
	}
	if (!next_extent(source, source->start + offset, &found) || found.offset >= end)
		return false;
	found.len = min_u64(found.len, end - found.offset);
	*out = (struct extent){ found.offset - source->start, found.len };
	return true;
}

bool source_memory(const struct source *source, struct slice *out)
{
	if (source->kind != SOURCE_MEMORY)
		return false;
	struct reader reader = reader_of(source->memory, (size_t)source->memory_len);
	reader_seek(&reader, (size_t)source->start);
	*out = reader_slice(&reader, (size_t)source->size);
	return true;
}

/* `at` counts from the start of the file. Holes are zeros, and never read. */
static enum status read_fd(const struct source *source, uint64_t at, uint8_t *buffer,
			   size_t len)
{
	struct extent extent;
	size_t done = 0;

	if (!source->extents)
		return pread_whole(source->fd, at, buffer, len);

	memset(buffer, 0, len);
	while (done < len) {
		if (!next_extent(source, at + done, &extent) || extent.offset >= at + len)
			return STATUS_OK;
		done = (size_t)(extent.offset - at);
		size_t piece = (size_t)min_u64(extent.len, len - done);
		enum status status = pread_whole(source->fd, extent.offset, buffer + done,
						 piece);
		if (status != STATUS_OK)
			return status;
		done += piece;
	}
	return STATUS_OK;
}

static enum status pread_whole(int fd, uint64_t offset, uint8_t *buffer, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pread(fd, buffer + done, len - done, (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return STATUS_IO;
		if (n == 0)
			return STATUS_CHANGED;
		done += (size_t)n;
	}
	return STATUS_OK;
}

/* The data at or after `at` (from the start of the file), by binary search. */
static bool next_extent(const struct source *source, uint64_t at, struct extent *out)
{
	size_t low = 0;
	size_t high = source->extent_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct extent *extent = &source->extents[middle];
		if (extent->offset + extent->len <= at)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == source->extent_count)
		return false;
	*out = source->extents[low];
	if (out->offset < at) {
		out->len -= at - out->offset;
		out->offset = at;
	}
	return true;
}
