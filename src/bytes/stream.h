/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes that come one after another and only once: what a decoder gives.
 * Pull: the reader asks for as much as it has room for.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct stream {
	/*
	 * Fills up to `len` bytes of `buffer`.
	 *   OK    *ret_len is at least 1
	 *   END   no more bytes, now and forever; *ret_len is 0
	 *   other the stream broke here; *ret_len bytes (maybe 0) before the
	 *         break are good, and every later call says the same status
	 */
	enum status (*read)(void *state, uint8_t *buffer, size_t len, size_t *ret_len);
	void *state;
	/*
	 * How many packed bytes the bytes given so far were made of; NULL if they
	 * were not packed. Tells a bomb while it goes off.
	 */
	uint64_t (*taken)(const void *state);
};

MUST_CHECK static inline enum status stream_read(const struct stream *stream,
						 uint8_t *buffer, size_t len,
						 size_t *ret_len)
{
	return stream->read(stream->state, buffer, len, ret_len);
}
