/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cursor over untrusted bytes: the only way from an offset to a byte.
 *
 * Reading past the end returns zero, moves nothing and sets `failed`, which
 * stays set. So a parser may read a whole record in a straight line and ask
 * reader_ok() once, before it believes any of it.
 *
 * A reader borrows its memory; whoever made it says how long that lives. It is
 * a small value: copy it to look ahead, hand out parts of it with
 * reader_take(), which cannot see more than their own range.
 *
 * What hot loops ask for is defined here, so that it is compiled into them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct reader {
	const uint8_t *base;
	size_t len;
	size_t pos;
	bool failed;
};

static inline struct reader reader_of(const void *base, size_t len)
{
	return (struct reader){ .base = base, .len = len };
}

static inline struct reader reader_of_slice(struct slice bytes)
{
	return reader_of(bytes.base, bytes.len);
}

static inline bool reader_ok(const struct reader *reader)
{
	return !reader->failed;
}

/* Bytes from the position to the end; 0 once the reader has failed. */
static inline size_t reader_left(const struct reader *reader)
{
	return reader->failed ? 0 : reader->len - reader->pos;
}

/* Moves to `pos` from the start, or forward by `len`; outside the range it fails. */
static inline void reader_seek(struct reader *reader, size_t pos)
{
	if (reader->failed || pos > reader->len)
		reader->failed = true;
	else
		reader->pos = pos;
}

void reader_skip(struct reader *reader, size_t len);

extern const uint8_t reader_nothing[];

/*
 * The next `len` bytes, which it moves behind; NULL, and the reader failed, if they are
 * not there. For the functions below.
 */
static inline const uint8_t *reader_advance(struct reader *reader, size_t len)
{
	if (reader->failed || len > reader->len - reader->pos) {
		reader->failed = true;
		return NULL;
	}
	if (!reader->base)
		return reader_nothing;
	const uint8_t *at = reader->base + reader->pos;
	reader->pos += len;
	return at;
}

/*
 * The next `len` bytes as a reader of their own (already failed if they are not
 * there).
 */
struct reader reader_take(struct reader *reader, size_t len);

/*
 * The next `len` bytes as a slice; empty, and the reader failed, if they are not
 * there.
 */
static inline struct slice reader_slice(struct reader *reader, size_t len)
{
	const uint8_t *at = reader_advance(reader, len);

	return (struct slice){ at, at ? len : 0 };
}

/* Everything from the position on, as a slice; moves to the end. */
struct slice reader_rest(struct reader *reader);

/* Copies the next `len` bytes; on failure fills with zeros. */
void reader_bytes(struct reader *reader, void *out, size_t len);

static inline uint8_t reader_u8(struct reader *reader)
{
	const uint8_t *at = reader_advance(reader, 1);

	return at ? at[0] : 0;
}

uint16_t reader_u16be(struct reader *reader);
uint32_t reader_u32be(struct reader *reader);
uint64_t reader_u64be(struct reader *reader);
uint16_t reader_u16le(struct reader *reader);
uint64_t reader_u64le(struct reader *reader);

static inline uint32_t reader_u32le(struct reader *reader)
{
	const uint8_t *at = reader_advance(reader, 4);

	if (!at)
		return 0;
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

/* The byte at `pos` from the start, or -1 outside; neither moves nor fails. */
static inline int reader_peek(const struct reader *reader, size_t pos)
{
	return pos < reader->len ? reader->base[pos] : -1;
}

/* Do the bytes at `pos` from the start begin with `what`? Neither moves nor fails. */
bool reader_has(const struct reader *reader, size_t pos, struct slice what);

/*
 * The first place at or after `from`, or the last one before `before` (both from the
 * start), at which `what`, which is not empty, stands. False if there is none. Neither
 * moves nor fails.
 */
bool reader_find(const struct reader *reader, size_t from, struct slice what,
		 size_t *ret_pos);
bool reader_find_last(const struct reader *reader, size_t before, struct slice what,
		      size_t *ret_pos);

/*
 * The next line without its ending (LF or CRLF), as a slice; moves behind the
 * ending. At the end of the bytes returns false.
 */
bool reader_line(struct reader *reader, struct slice *out);
