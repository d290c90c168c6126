/* SPDX-License-Identifier: Apache-2.0 */
#include "match/compare.h"

#include "base/checked.h"
#include "base/hex.h"
#include "bytes/reader.h"
#include "bytes/store.h"

enum { PAIRS_MAX = 8, AUTO_LEN_MIN = 3 };

/* What was read of a text. */
struct number {
	int64_t value;
	size_t taken; /* bytes */
};

static bool read_text(const struct compare *compare, struct reader *text,
		      struct number *out);
static bool read_low_first(const struct compare *compare, struct reader *text,
			   bool is_whole, int64_t *out);
static bool read_digits(struct reader *text, unsigned base, bool may_be_signed,
			int64_t *out);
static int64_t read_binary(const struct compare *compare, struct reader *bytes);

size_t compare_store(const struct compare *compare, uint8_t *data)
{
	size_t at = 16;

	data[0] = compare->sub;
	data[1] = compare->form;
	data[2] = compare->flags;
	store_u32le(&data[3], compare->len);
	store_u64le(&data[7], (uint64_t)compare->offset);
	data[15] = compare->count;
	for (size_t i = 0; i < compare->count; i++) {
		data[at] = compare->sets[i].how;
		store_u64le(&data[at + 1], (uint64_t)compare->sets[i].value);
		at += 9;
	}
	return at;
}

bool compare_load(struct slice data, struct compare *out)
{
	struct reader in = reader_of_slice(data);
	struct compare compare;

	compare.sub = reader_u8(&in);
	compare.form = reader_u8(&in);
	compare.flags = reader_u8(&in);
	compare.len = reader_u32le(&in);
	compare.offset = (int64_t)reader_u64le(&in);
	compare.count = reader_u8(&in);
	if (compare.count > COMPARE_SETS_MAX)
		return false;
	for (size_t i = 0; i < compare.count; i++) {
		compare.sets[i].how = reader_u8(&in);
		compare.sets[i].value = (int64_t)reader_u64le(&in);
	}
	if (!reader_ok(&in))
		return false;
	*out = compare;
	return true;
}

bool compare_number(const struct compare *compare, struct slice bytes, int64_t *out)
{
	struct reader in = reader_of_slice(bytes);
	const unsigned orders = COMPARE_LOW_FIRST | COMPARE_HIGH_FIRST;
	struct number number;

	if (compare->form == COMPARE_BINARY) {
		if (!(compare->flags & orders) || bytes.len != compare->len)
			return false;
		*out = read_binary(compare, &in);
		return reader_ok(&in);
	}
	if (compare->form != COMPARE_DECIMAL && !(compare->flags & orders))
		return false;
	if (!read_text(compare, &in, &number))
		return false;
	if (compare->flags & COMPARE_EXACT && number.taken != compare->len)
		return false;
	*out = number.value;
	return true;
}

bool compare_holds(const struct compare *compare, int64_t value)
{
	for (size_t i = 0; i < compare->count; i++) {
		int64_t other = compare->sets[i].value;
		bool holds = false;

		if (compare->sets[i].how == '=')
			holds = value == other;
		else if (compare->sets[i].how == '<')
			holds = value < other;
		else if (compare->sets[i].how == '>')
			holds = value > other;
		if (!holds)
			return false;
	}
	return compare->count > 0;
}

static bool is_blank(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Moves behind 0x, if it is there. */
static bool skip_prefix(struct reader *text)
{
	int second = reader_peek(text, text->pos + 1);

	if (reader_peek(text, text->pos) != '0' || (second != 'x' && second != 'X'))
		return false;
	reader_skip(text, 2);
	return true;
}

/* Reads a number; `taken` is 0 if it is not all that there is and EXACT would say no. */
static bool read_text(const struct compare *compare, struct reader *text,
		      struct number *out)
{
	bool is_hex = compare->form == COMPARE_HEX;

	while (is_blank(reader_peek(text, text->pos)))
		reader_skip(text, 1);
	bool has_blanks = text->pos > 0;
	if (compare->form == COMPARE_AUTO && reader_left(text) < AUTO_LEN_MIN)
		return false;
	bool has_prefix = compare->form != COMPARE_DECIMAL && skip_prefix(text);
	out->taken = 0;
	if (compare->form == COMPARE_AUTO)
		is_hex = has_prefix;
	if (compare->flags & COMPARE_LOW_FIRST) {
		bool is_whole = !has_blanks && !has_prefix;

		if (!is_hex)
			return false;
		if (!read_low_first(compare, text, is_whole, &out->value))
			return false;
		if (is_whole)
			out->taken = compare->len;
		return true;
	}
	if (!read_digits(text, is_hex ? 16 : 10, !has_prefix, &out->value))
		return false;
	if (!has_blanks)
		out->taken = text->pos;
	return true;
}

/* Pairs of digits, the lowest first. */
static bool read_low_first(const struct compare *compare, struct reader *text,
			   bool is_whole, int64_t *out)
{
	bool is_odd = reader_left(text) % 2 != 0;
	uint64_t value = 0;
	bool all = true;

	if (compare->flags & COMPARE_EXACT && !is_whole)
		return false;
	for (unsigned i = 0; reader_left(text) > 0 && all; i++) {
		int high = is_odd && i == 0 ? 0 : hex_digit(reader_u8(text));
		int low = hex_digit(reader_u8(text));

		all = high >= 0 && low >= 0;
		if (!all || (high | low) == 0)
			continue;
		if (i >= PAIRS_MAX)
			return false;
		value |= (uint64_t)(unsigned)(high << 4 | low) << 8 * i;
	}
	/* Seen: an odd number of digits is exact only if it is a single one. */
	if (compare->flags & COMPARE_EXACT && is_odd && (compare->len > 1 || !all))
		return false;
	*out = (int64_t)value;
	return value <= INT64_MAX;
}

static bool read_digits(struct reader *text, unsigned base, bool may_be_signed,
			int64_t *out)
{
	int first = reader_peek(text, text->pos);
	bool is_minus = may_be_signed && first == '-';
	uint64_t max = (uint64_t)INT64_MAX + is_minus;
	uint64_t value = 0;
	size_t count = 0;

	if (may_be_signed && (first == '-' || first == '+'))
		reader_skip(text, 1);
	for (;; count++) {
		unsigned digit = (unsigned)hex_digit(reader_peek(text, text->pos));

		if (digit >= base)
			break;
		if (value > (max - digit) / base)
			return false;
		value = value * base + digit;
		reader_skip(text, 1);
	}
	/* A sign alone is nothing read. */
	if (count == 0)
		reader_seek(text, 0);
	*out = (int64_t)(is_minus ? 0 - value : value);
	return true;
}

static int64_t read_binary(const struct compare *compare, struct reader *bytes)
{
	bool is_low = compare->flags & COMPARE_LOW_FIRST;

	switch (compare->len) {
	case 1:
		return reader_u8(bytes);
	case 2:
		return is_low ? reader_u16le(bytes) : reader_u16be(bytes);
	case 4:
		return is_low ? reader_u32le(bytes) : reader_u32be(bytes);
	case 8:
		return (int64_t)(is_low ? reader_u64le(bytes) : reader_u64be(bytes));
	default:
		bytes->failed = true;
		return 0;
	}
}
