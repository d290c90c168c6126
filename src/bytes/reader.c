/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes/reader.h"

#include <string.h>

#include "base/checked.h"

const uint8_t reader_nothing[1];

void reader_skip(struct reader *reader, size_t len)
{
	(void)reader_advance(reader, len);
}

struct reader reader_take(struct reader *reader, size_t len)
{
	const uint8_t *at = reader_advance(reader, len);

	if (!at)
		return (struct reader){ .failed = true };
	return reader_of(at, len);
}

struct slice reader_rest(struct reader *reader)
{
	return reader_slice(reader, reader_left(reader));
}

void reader_bytes(struct reader *reader, void *out, size_t len)
{
	const uint8_t *at = reader_advance(reader, len);

	if (len == 0)
		return;
	if (at)
		memcpy(out, at, len);
	else
		memset(out, 0, len);
}

uint16_t reader_u16le(struct reader *reader)
{
	const uint8_t *at = reader_advance(reader, 2);

	if (!at)
		return 0;
	return (uint16_t)(at[0] | at[1] << 8);
}

uint16_t reader_u16be(struct reader *reader)
{
	const uint8_t *at = reader_advance(reader, 2);

	if (!at)
		return 0;
	return (uint16_t)(at[0] << 8 | at[1]);
}

uint32_t reader_u32be(struct reader *reader)
{
	return __builtin_bswap32(reader_u32le(reader));
}

uint64_t reader_u64le(struct reader *reader)
{
	const uint8_t *at = reader_advance(reader, 8);
	uint64_t value = 0;

	if (!at)
		return 0;
	for (unsigned i = 0; i < 8; i++)
		value |= (uint64_t)at[i] << (8 * i);
	return value;
}

uint64_t reader_u64be(struct reader *reader)
{
	return __builtin_bswap64(reader_u64le(reader));
}

bool reader_has(const struct reader *reader, size_t pos, struct slice what)
{
	if (!range_fits(pos, what.len, reader->len))
		return false;
	return what.len == 0 || memcmp(reader->base + pos, what.base, what.len) == 0;
}

bool reader_find(const struct reader *reader, size_t from, struct slice what,
		 size_t *ret_pos)
{
	if (from >= reader->len)
		return false;

	const uint8_t *found = memmem(reader->base + from, reader->len - from, what.base,
				      what.len);
	if (!found)
		return false;
	*ret_pos = (size_t)(found - reader->base);
	return true;
}

bool reader_find_last(const struct reader *reader, size_t before, struct slice what,
		      size_t *ret_pos)
{
	before = min_size(before, reader->len);
	while (before > 0) {
		const uint8_t *found = memrchr(reader->base, what.base[0], before);
		if (!found)
			return false;
		before = (size_t)(found - reader->base);
		if (reader_has(reader, before, what)) {
			*ret_pos = before;
			return true;
		}
	}
	return false;
}

bool reader_line(struct reader *reader, struct slice *out)
{
	size_t left = reader_left(reader);

	if (left == 0)
		return false;

	const uint8_t *at = reader->base + reader->pos;
	const uint8_t *end = memchr(at, '\n', left);
	size_t len = left;

	if (end)
		len = (size_t)(end - at);
	*out = reader_slice(reader, len);
	if (end)
		reader_skip(reader, 1);
	if (out->len > 0 && out->base[out->len - 1] == '\r')
		out->len--;
	return true;
}
