/* SPDX-License-Identifier: Apache-2.0 */
#include "match/mark.h"

#include <string.h>

#include "match/pattern.h"

enum place { BEFORE, AFTER, CONSUMED };

/* Kind B. */
static const char delimiters[][16] = {
	[BEFORE] = " -./<@_",
	[AFTER] = "\n\r \"'-/=>_",
	[CONSUMED] = "\n\r \"'-./<=>@_",
};

static bool is_delimiter(enum place place, int byte);
static bool is_alnum(int byte);
static bool is_alnum_wide(struct text *text, enum place place, uint64_t at);
static uint64_t line_end(struct text *text, uint64_t at);

bool mark_holds(struct text *text, uint8_t kind, uint8_t flags, uint64_t at,
		uint64_t *ret_len)
{
	enum place place = CONSUMED;
	uint64_t edge = text->len;
	uint64_t len = 1;
	bool holds;

	if (flags & PATTERN_MARK_BEFORE) {
		place = BEFORE;
		edge = 0;
	} else if (flags & PATTERN_MARK_AFTER) {
		place = AFTER;
	}
	if (at == edge) {
		*ret_len = 0;
		return place != CONSUMED && !(flags & PATTERN_MARK_NOT);
	}

	int byte = text_byte(text, place == BEFORE ? at - 1 : at);
	switch (kind) {
	case PATTERN_MARK_BOUNDARY:
		holds = is_delimiter(place, byte);
		break;
	case PATTERN_MARK_LINE:
		holds = place == BEFORE ? byte == '\n' : line_end(text, at) > 0;
		len = line_end(text, at);
		break;
	case PATTERN_MARK_WORD:
		if (flags & PATTERN_MARK_WIDE)
			holds = !is_alnum_wide(text, place, at);
		else
			holds = !is_alnum(byte);
		break;
	default:
		return false;
	}
	if (flags & PATTERN_MARK_NOT) {
		holds = !holds;
		len = 1;
	}
	*ret_len = place == CONSUMED ? len : 0;
	return holds;
}

static bool is_delimiter(enum place place, int byte)
{
	return byte > 0 && strchr(delimiters[place], byte);
}

static bool is_alnum(int byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= 'a' && byte <= 'z');
}

/* One letter or digit as UTF-16, little-endian. */
static bool is_alnum_wide(struct text *text, enum place place, uint64_t at)
{
	if (place == BEFORE && at < 2)
		return false;
	uint64_t low = place == BEFORE ? at - 2 : at;
	return is_alnum(text_byte(text, low)) && text_byte(text, low + 1) == 0;
}

/* The length of the line end that begins at `at`; 0: there is none. A CR alone is none. */
static uint64_t line_end(struct text *text, uint64_t at)
{
	int byte = text_byte(text, at);

	if (byte == '\n')
		return 1;
	if (byte == '\r' && text_byte(text, at + 1) == '\n')
		return 2;
	return 0;
}
