/* SPDX-License-Identifier: Apache-2.0 */
#include "naive.h"

#include <string.h>

#include "match/pattern.h"

/* A way to go on behind some operations, from `at`. */
struct naive_rest {
	const uint8_t *program;
	size_t len;
	const struct naive_rest *then;
	bool *ends; /* at the end of all: marks where that is */
};

static uint32_t naive_u32(const uint8_t *p, size_t len)
{
	uint32_t value = 0;

	for (size_t i = 0; i < len; i++)
		value |= (uint32_t)p[i] << 8 * i;
	return value;
}

static bool naive_alnum(const struct naive_text *text, size_t at)
{
	uint8_t b = text->bytes[at];

	return (b >= '0' && b <= '9') || ((b | 0x20) >= 'a' && (b | 0x20) <= 'z');
}

/* Kinds B, L and W, each looking before, behind, or at the byte. */
static bool naive_boundary(uint8_t b, bool before, bool after)
{
	if (before)
		return memchr(" -./<@_", b, 7);
	if (after)
		return memchr("\n\r \"'-/=>_", b, 10);
	return memchr("\n\r \"'-./<=>@_", b, 13);
}

static bool naive_crlf(const struct naive_text *text, size_t at)
{
	return text->bytes[at] == '\r' && at + 1 < text->len &&
	       text->bytes[at + 1] == '\n';
}

static bool naive_wide(const struct naive_text *text, bool before, size_t at)
{
	size_t low = before ? at - 2 : at;

	if ((before && at < 2) || low + 1 >= text->len)
		return true;
	return !naive_alnum(text, low) || text->bytes[low + 1] != 0;
}

static bool naive_is_mark(const struct naive_text *text, uint8_t kind, uint8_t flags,
			  size_t at)
{
	bool before = flags & PATTERN_MARK_BEFORE;
	bool after = !before && (flags & PATTERN_MARK_AFTER);
	size_t place = before ? at - 1 : at;
	uint8_t b = text->bytes[place];

	if (kind == 'B')
		return naive_boundary(b, before, after);
	if (kind == 'L')
		return b == '\n' || (!before && naive_crlf(text, place));
	if (flags & PATTERN_MARK_WIDE)
		return naive_wide(text, before, at);
	return !naive_alnum(text, place);
}

/* Bytes consumed, or -1. */
static int naive_mark(const struct naive_text *text, uint8_t kind, uint8_t flags,
		      size_t at)
{
	bool looks = flags & (PATTERN_MARK_BEFORE | PATTERN_MARK_AFTER);
	bool negated = flags & PATTERN_MARK_NOT;

	if (at == (flags & PATTERN_MARK_BEFORE ? 0 : text->len))
		return looks && !negated ? 0 : -1;
	if (naive_is_mark(text, kind, flags, at) == negated)
		return -1;
	if (looks)
		return 0;
	return kind == 'L' && !negated && naive_crlf(text, at) ? 2 : 1;
}

static void naive_follow(const struct naive_text *text, const struct naive_rest *rest,
			 size_t at);

static void naive_go_on(const struct naive_text *text, const struct naive_rest *rest,
			size_t used, size_t at)
{
	struct naive_rest next = *rest;

	next.program += used;
	next.len -= used;
	naive_follow(text, &next, at);
}

static void naive_alt(const struct naive_text *text, const struct naive_rest *rest,
		      size_t at)
{
	const uint8_t *p = rest->program;
	uint32_t count = naive_u32(p + 2, 2);
	size_t used = 4;
	bool any = false;
	size_t len = 0;

	for (uint32_t i = 0; i < count; i++)
		used += 2 + naive_u32(p + used, 2);

	struct naive_rest behind = *rest;
	behind.program += used;
	behind.len -= used;

	size_t offset = 4;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t size = naive_u32(p + offset, 2);
		bool ends[NAIVE_TEXT_MAX + 1] = { 0 };
		struct naive_rest one = { p + offset + 2, size, NULL, ends };

		if (p[1] & PATTERN_ALT_NOT) {
			/* Only literals here: operation, length, bytes. */
			len = size - 3;
			naive_follow(text, &one, at);
			any |= memchr(ends, true, text->len + 1) != NULL;
		} else {
			one.then = &behind;
			naive_follow(text, &one, at);
		}
		offset += 2 + size;
	}
	if (p[1] & PATTERN_ALT_NOT && !any && at + len <= text->len)
		naive_follow(text, &behind, at + len);
}

static bool naive_bytes(const struct naive_text *text, const uint8_t *p, size_t at,
			size_t len)
{
	if (at + len > text->len)
		return false;
	for (size_t i = 0; i < len; i++) {
		uint8_t b = text->bytes[at + i];
		if (p[0] == PATTERN_FOLD && b >= 'A' && b <= 'Z')
			b += 32;
		if (p[0] == PATTERN_MASK ? (b & p[4 + 2 * i]) != p[3 + 2 * i] :
					   b != p[3 + i])
			return false;
	}
	return true;
}

static bool naive_near(const struct naive_text *text, const uint8_t *p, size_t at)
{
	for (size_t i = 0; i < text->len; i++) {
		bool is_before = p[1] & PATTERN_NEAR_BEFORE;
		size_t away = is_before ? at - 1 - i : i - at;

		if ((is_before ? i < at : i >= at) && away >= p[2] && away <= p[3] &&
		    (text->bytes[i] & p[5]) == p[4])
			return true;
	}
	return false;
}

/* Marks every end of `rest` from `at`. */
static void naive_follow(const struct naive_text *text, const struct naive_rest *rest,
			 size_t at)
{
	const uint8_t *p = rest->program;
	uint32_t n;
	int len;

	if (rest->len == 0 && rest->then) {
		naive_follow(text, rest->then, at);
		return;
	}
	if (rest->len == 0) {
		rest->ends[at] = true;
		return;
	}
	switch (p[0]) {
	case PATTERN_LIT:
	case PATTERN_FOLD:
	case PATTERN_MASK:
		n = naive_u32(p + 1, 2);
		if (naive_bytes(text, p, at, n))
			naive_go_on(text, rest, 3 + n * (p[0] == PATTERN_MASK ? 2 : 1),
				    at + n);
		return;
	case PATTERN_SKIP:
		n = naive_u32(p + 1, 4);
		if (at + n <= text->len)
			naive_go_on(text, rest, 5, at + n);
		return;
	case PATTERN_MARK:
		len = naive_mark(text, p[1], p[2], at);
		if (len >= 0)
			naive_go_on(text, rest, 3, at + (size_t)len);
		return;
	case PATTERN_NEAR:
		if (naive_near(text, p, at))
			naive_go_on(text, rest, 6, at);
		return;
	default:
		naive_alt(text, rest, at);
		return;
	}
}

/* How many bytes an operation has in the program. */
static size_t naive_step_len(const uint8_t *p)
{
	size_t used = 4;

	switch (p[0]) {
	case PATTERN_LIT:
	case PATTERN_FOLD:
		return 3 + naive_u32(p + 1, 2);
	case PATTERN_MASK:
		return 3 + 2 * naive_u32(p + 1, 2);
	case PATTERN_SKIP:
		return 5;
	case PATTERN_MARK:
		return 3;
	case PATTERN_NEAR:
		return 6;
	case PATTERN_GAP:
		return 9;
	default:
		for (uint32_t i = 0, n = naive_u32(p + 2, 2); i < n; i++)
			used += 2 + naive_u32(p + used, 2);
		return used;
	}
}

bool naive_matches(const struct naive_text *text, const uint8_t *program, size_t len,
		   size_t at, size_t *ret_end)
{
	bool ends[NAIVE_TEXT_MAX + 1] = { 0 };
	size_t part = 0;

	while (part < len && program[part] != PATTERN_GAP)
		part += naive_step_len(program + part);
	struct naive_rest rest = { program, part, NULL, ends };
	naive_follow(text, &rest, at);

	for (size_t end = 0; end <= text->len; end++) {
		if (!ends[end])
			continue;
		if (part == len) {
			*ret_end = end;
			return true;
		}
		uint32_t min = naive_u32(program + part + 1, 4);
		uint32_t max = naive_u32(program + part + 5, 4);
		for (size_t gap = min; gap <= max && end + gap <= text->len; gap++)
			if (naive_matches(text, program + part + 9, len - part - 9,
					  end + gap, ret_end))
				return true;
	}
	return false;
}

/* Could a part begin at `at`, by where the one before it ends and the gap behind that? */
static bool naive_gap_fits(const bool *ends, size_t at, uint32_t min, uint32_t max)
{
	for (size_t end = 0; end <= at; end++)
		if (ends[end] && at - end >= min && at - end <= max)
			return true;
	return false;
}

void naive_last_places(const struct naive_text *text, struct slice program,
		       struct naive_range starts, bool *places)
{
	static bool ends[NAIVE_TEXT_MAX + 1];
	static bool before[NAIVE_TEXT_MAX + 1];
	const uint8_t *steps = program.base;
	const uint8_t *gap = NULL;
	size_t done = 0;

	while (done < program.len) {
		size_t part = done;

		while (part < program.len && steps[part] != PATTERN_GAP)
			part += naive_step_len(steps + part);
		memcpy(before, ends, sizeof(ends));
		memset(ends, 0, sizeof(ends));
		for (size_t at = 0; at <= text->len; at++) {
			bool own[NAIVE_TEXT_MAX + 1] = { 0 };
			struct naive_rest rest = { steps + done, part - done, NULL, own };

			places[at] = gap ? naive_gap_fits(before, at,
							  naive_u32(gap + 1, 4),
							  naive_u32(gap + 5, 4)) :
					   at >= starts.first && at <= starts.last;
			if (!places[at])
				continue;
			naive_follow(text, &rest, at);
			places[at] = memchr(own, true, text->len + 1) != NULL;
			for (size_t end = 0; end <= text->len; end++)
				ends[end] |= own[end];
		}
		gap = steps + part;
		done = part + (part < program.len ? 9 : 0);
	}
}
