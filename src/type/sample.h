/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What type detection has to go by: the two ends of an object. All of it is borrowed
 * from the caller of type_detect().
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes/reader.h"

struct sample {
	struct reader head; /* from offset 0 */
	struct reader tail; /* up to the end; may overlap the head */
	uint64_t size;      /* of the whole */
	bool is_text;       /* the head reads as text in some encoding */
};

/* Numbers at an offset of the head; 0 where it is too short. */
static inline uint16_t sample_u16le(const struct sample *sample, size_t pos)
{
	struct reader at = sample->head;

	reader_seek(&at, pos);
	return reader_u16le(&at);
}

static inline uint32_t sample_u32le(const struct sample *sample, size_t pos)
{
	struct reader at = sample->head;

	reader_seek(&at, pos);
	return reader_u32le(&at);
}

static inline uint16_t sample_u16be(const struct sample *sample, size_t pos)
{
	return __builtin_bswap16(sample_u16le(sample, pos));
}

static inline uint32_t sample_u32be(const struct sample *sample, size_t pos)
{
	return __builtin_bswap32(sample_u32le(sample, pos));
}

static inline uint8_t sample_u8(const struct sample *sample, size_t pos)
{
	int byte = reader_peek(&sample->head, pos);

	if (byte < 0)
		return 0;
	return (uint8_t)byte;
}

static inline bool sample_has(const struct sample *sample, size_t pos, const char *text)
{
	return reader_has(&sample->head, pos, slice_of(text));
}
