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

enum { DECODER_WINDOW = 32 * 1024 };

struct decoder {
	struct source in;
	uint64_t start; /* where in the source the packed bytes begin */
	const struct codec *codec;
	void *codec_state;
	const uint8_t
		*window; /* input read ahead: `buffer`, or the source's own memory */
	uint64_t window_offset; /* where in the source it begins */
	size_t window_len;
	size_t window_pos;
	uint8_t *buffer;   /* DECODER_WINDOW bytes; NULL if the source is memory */
	enum status ended; /* what every read says once it is not OK */
};

/*
 * A decoder of the compressed bytes of `in` from its start. All memory is the arena's,
 * and all of it is taken here.
 *   OK                        *out gives the decoded bytes
 *   NO_MEMORY, and what the codec's init() says
 */
MUST_CHECK enum status decoder_open(struct arena *arena, const struct codec *codec,
				    const void *parameters, struct source in,
				    struct decoder **out);

/*
 * Starts anew at another offset of the same source, with the same parameters: what
 * unpackers do from one member to the next, for a decoder is dear to make. Takes no
 * further memory, and reads nothing again that is already there.
 *   OK, and what the codec's reset() says (then all reads say it, too)
 */
MUST_CHECK enum status decoder_restart(struct decoder *decoder, uint64_t offset);

/* The decoder's bytes as a stream. Lives as long as the decoder. */
struct stream decoder_stream(struct decoder *decoder);

/* The offset in the source of the first byte that the decoder has not used. */
uint64_t decoder_position(const struct decoder *decoder);

/* Has the compressed data come to its own end? */
bool decoder_is_complete(const struct decoder *decoder);
