/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sixteen bytes at a time, with the compiler's vectors. Most of a text is words one space
 * apart, and as long when it is folded; what is left out is closed up run by run.
 */
#include "view/plain_text.h"

#include <string.h>

#include "base/checked.h"

enum { LANES = 16 };

typedef uint8_t lanes __attribute__((vector_size(LANES)));

static enum status read_text(void *state, uint8_t *buffer, size_t len, size_t *ret_len);
static size_t fold(struct plain_text *text, struct slice raw, uint8_t *buffer);
static lanes fold_lanes(lanes c);
static unsigned doubled(lanes folded, uint8_t before);
static unsigned lane_mask(lanes set);
static size_t put_bytes(const uint8_t *piece, size_t len, uint8_t *to, uint8_t *before);
static size_t put_runs(const uint8_t piece[2 * LANES], unsigned out, uint8_t *to,
		       uint8_t *before);

enum status plain_text_open(struct arena *arena, struct source in,
			    struct plain_text **out)
{
	struct plain_text *text = arena_new(arena, struct plain_text);

	if (!text)
		return STATUS_NO_MEMORY;
	text->in = in;
	text->window = arena_alloc_unset(arena, PLAIN_TEXT_WINDOW);
	if (!text->window)
		return STATUS_NO_MEMORY;
	*out = text;
	return STATUS_OK;
}

struct stream plain_text_stream(struct plain_text *text)
{
	return (struct stream){ .read = read_text, .state = text };
}

/* Text shrinks on its way, so no more raw bytes are taken than there is room for. */
static enum status read_text(void *state, uint8_t *buffer, size_t len, size_t *ret_len)
{
	struct plain_text *text = state;
	size_t room = min_size(len, PLAIN_TEXT_WINDOW);
	size_t got;

	*ret_len = 0;
	while (*ret_len == 0) {
		enum status status = source_read(&text->in, text->offset, text->window,
						 room, &got);
		if (status != STATUS_OK)
			return status;
		if (got == 0)
			return STATUS_END;
		text->offset += got;
		*ret_len = fold(text, (struct slice){ text->window, got }, buffer);
	}
	return STATUS_OK;
}

/* hot loop */
static size_t fold(struct plain_text *text, struct slice raw, uint8_t *buffer)
{
	uint8_t before = text->in_space ? ' ' : 0;
	uint8_t piece[2 * LANES] = { 0 };
	size_t at = 0, n = 0;

	for (; raw.len - at >= 2 * LANES; at += LANES) {
		lanes c;

		memcpy(&c, &raw.base[at], LANES);
		c = fold_lanes(c);
		memcpy(piece, &c, LANES);
		unsigned spaces = doubled(c, before);
		if (lane_mask((lanes)(c == 0)) != 0)
			n += put_bytes(piece, LANES, &buffer[n], &before);
		else
			n += put_runs(piece, spaces, &buffer[n], &before);
	}
	while (at < raw.len) {
		lanes one = { raw.base[at++] };

		piece[0] = fold_lanes(one)[0];
		n += put_bytes(piece, 1, &buffer[n], &before);
	}
	text->in_space = before == ' ';
	return n;
}

/* Any folded bytes; what is left out is written over by what follows. */
static size_t put_bytes(const uint8_t *piece, size_t len, uint8_t *to, uint8_t *before)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		uint8_t c = piece[i];

		to[n] = c;
		n += c != 0 && (c != ' ' || *before != ' ');
		*before = c != 0 ? c : *before;
	}
	return n;
}

/*
 * Runs of what is kept are copied whole, and more behind them, which is written over by what
 * follows: there is room, since at least as many raw bytes follow these. Returns how many
 * are kept.
 */
static size_t put_runs(const uint8_t piece[2 * LANES], unsigned out, uint8_t *to,
		       uint8_t *before)
{
	size_t from = 0, n = 0;

	/* Behind the last lane there is always something that is left out. */
	out |= 1u << LANES;
	while (from < LANES) {
		size_t kept = (size_t)__builtin_ctz(out >> from);

		memcpy(&to[n], &piece[from], LANES);
		n += kept;
		from += kept;
		from += (size_t)__builtin_ctz(~(out >> from));
	}
	*before = piece[LANES - 1];
	return n;
}

/* Letters in lower case, white space as ' ', what is no ASCII text as 0. */
static lanes fold_lanes(lanes c)
{
	lanes space = (lanes)(c == ' ') | (lanes)(c - '\t' <= '\r' - '\t');
	lanes text = (lanes)(c > ' ') & (lanes)(c < 0x80);
	lanes upper = (lanes)(c - 'A' <= 'Z' - 'A');

	return ((c | (upper & 0x20)) & text) | (space & ' ');
}

/* The spaces that have one before them; `before` is what is before the first lane. */
static unsigned doubled(lanes folded, uint8_t before)
{
	lanes last = { before };
	lanes previous = __builtin_shufflevector(last, folded, 0, 16, 17, 18, 19, 20, 21,
						 22, 23, 24, 25, 26, 27, 28, 29, 30);

	return lane_mask((lanes)(folded == ' ') & (lanes)(previous == ' '));
}

/* Of lanes that are all ones or zero: bit i for lane i. */
static unsigned lane_mask(lanes set)
{
	const lanes bits = { 1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128 };
	const uint64_t sum = UINT64_C(0x0101010101010101);
	uint64_t halves[2];

	set &= bits;
	memcpy(halves, &set, sizeof(halves));
	return (unsigned)(halves[0] * sum >> 56 | halves[1] * sum >> 56 << 8);
}

bool plain_text_reads_wide(struct reader head)
{
	/* BEL BS HT LF FF CR ESC */
	const uint32_t spoken = 1u << 7 | 1u << 8 | 1u << 9 | 1u << 10 | 1u << 12 |
				1u << 13 | 1u << 27;

	if (head.len < PLAIN_TEXT_WIDE_MIN)
		return false;
	while (reader_left(&head) >= 2) {
		unsigned unit = reader_u16be(&head);

		if ((unit < ' ' && !(spoken >> unit & 1)) || unit == 0x7f ||
		    unit == 0xfffe)
			return false;
	}
	return true;
}
