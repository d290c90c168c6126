/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/ahead.h"

#include <string.h>

#include "base/checked.h"
#include "codec/inflate.h"

size_t ahead_room(const struct ahead *ahead, const struct codec_io *io)
{
	size_t there = io->in_len - io->in_pos;

	return min_size(there, AHEAD_MAX) - min_size(ahead->len, there);
}

void ahead_use(struct ahead *ahead, struct codec_io *io, size_t len)
{
	io->in_pos += len;
	ahead->len -= len;
	memmove(ahead->bytes, &ahead->bytes[len], ahead->len);
}

size_t ahead_copy(struct ahead *ahead, struct codec_io *io, uint64_t most)
{
	size_t there = min_size(ahead->len, io->in_len - io->in_pos);
	size_t len = min_size(there, io->out_len - io->out_pos);

	len = (size_t)min_u64(len, most);
	memcpy(&io->out[io->out_pos], ahead->bytes, len);
	io->out_pos += len;
	ahead_use(ahead, io, len);
	return len;
}

enum status ahead_inflate(struct ahead *ahead, struct codec_io *io, void *inflate,
			  bool is_last)
{
	size_t there = io->in_len - io->in_pos;
	struct codec_io under = *io;

	under.in = ahead->bytes;
	under.in_len = min_size(ahead->len, there);
	under.in_pos = 0;
	under.in_ends = is_last || (io->in_ends && under.in_len == there);
	enum status status = inflate_codec.step(inflate, &under);
	io->out_pos = under.out_pos;
	ahead_use(ahead, io, under.in_pos);
	return status;
}
