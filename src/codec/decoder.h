/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A codec over a window of a source, as a stream: what nearly every unpacker
 * hands out as a compressed child.
 */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "bytes/source.h"
#include "bytes/stream.h"
#include "codec/codec.h"

struct decoder {
	struct source in;
	uint64_t in_offset; /* of the first compressed byte that no step has used */
	const struct codec *codec;
	void *codec_state;
	uint8_t *window; /* input read ahead, DECODER_WINDOW bytes */
	size_t window_len;
	size_t window_pos;
	enum status ended; /* what every read says once it is not OK */
};

enum { DECODER_WINDOW = 32 * 1024 };

/*
 * A decoder of the compressed bytes of `in` from its start. All memory is the arena's.
 *   OK                        *out gives the decoded bytes
 *   NO_MEMORY, and what the codec's init() says
 */
MUST_CHECK enum status decoder_open(struct arena *arena, const struct codec *codec,
				    const void *parameters, struct source in,
				    struct decoder **out);

/* The decoder's bytes as a stream. Lives as long as the decoder. */
struct stream decoder_stream(struct decoder *decoder);

/* The offset in `in` of the first byte that the decoder has not used. */
uint64_t decoder_position(const struct decoder *decoder);
