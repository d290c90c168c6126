/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encrypted data, stored or deflated. The cipher goes over the input ahead of the decoder
 * under it, so bytes that it has passed wait here until they are used. Only then they are
 * taken from the caller: positions are those of the decoder under it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "codec/codec.h"

enum { AHEAD_MAX = 1024 };

/* The caller's next bytes, decrypted: as many as `len`. */
struct ahead {
	uint8_t bytes[AHEAD_MAX];
	size_t len;
};

/* How many of the caller's bytes behind these the cipher may pass now. */
size_t ahead_room(const struct ahead *ahead, const struct codec_io *io);

/* So many of them are used up. */
void ahead_use(struct ahead *ahead, struct codec_io *io, size_t len);

/* Gives them out as they are, `most` of them at most. Returns how many. */
size_t ahead_copy(struct ahead *ahead, struct codec_io *io, uint64_t most);

/*
 * A step of inflate_codec's with that state. `is_last`: the cipher passes no more bytes,
 * though the caller may have some. As codec.step()
 */
MUST_CHECK enum status ahead_inflate(struct ahead *ahead, struct codec_io *io,
				     void *inflate, bool is_last);
