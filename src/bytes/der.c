/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes/der.h"

#include "base/checked.h"

enum { LENGTH_BYTES_MAX = 4, SECONDS_OF_DAY = 86400 };

static size_t read_length(struct reader *in);
static bool read_year(unsigned tag, struct reader *text, unsigned *ret_year);
static bool two_digits(struct reader *in, unsigned *ret_value);
static int64_t days_until(unsigned year, unsigned month, unsigned day);

bool der_next(struct reader *in, struct der *out)
{
	struct reader start = *in;
	struct der element = { .tag = reader_u8(in) };
	size_t len = read_length(in);

	/* Longer tags than a byte are nowhere in what is read here. */
	if ((element.tag & 0x1f) == 0x1f)
		in->failed = true;
	element.body = reader_slice(in, len);
	if (!reader_ok(in))
		return false;
	element.whole = reader_slice(&start, in->pos - start.pos);
	*out = element;
	return true;
}

bool der_enter(struct reader *in, unsigned tag, struct reader *out)
{
	struct slice body;

	if (!der_take(in, tag, &body))
		return false;
	*out = reader_of_slice(body);
	return true;
}

bool der_take(struct reader *in, unsigned tag, struct slice *out)
{
	struct der element;

	if (!der_next(in, &element))
		return false;
	if (element.tag != tag) {
		in->failed = true;
		return false;
	}
	*out = element.body;
	return true;
}

bool der_skip(struct reader *in)
{
	struct der element;

	return der_next(in, &element);
}

unsigned der_peek(const struct reader *in)
{
	int tag = reader_peek(in, in->pos);

	return tag < 0 || !reader_ok(in) ? 0 : (unsigned)tag;
}

bool der_time(struct reader *in, int64_t *ret_seconds)
{
	unsigned part[6];
	struct der element;

	if (!der_next(in, &element))
		return false;
	struct reader text = reader_of_slice(element.body);
	if (!read_year(element.tag, &text, &part[0]))
		return false;
	for (size_t i = 1; i < ARRAY_LEN(part); i++)
		if (!two_digits(&text, &part[i]))
			return false;
	bool is_day = part[1] >= 1 && part[1] <= 12 && part[2] >= 1 && part[2] <= 31;
	if (!is_day || reader_u8(&text) != 'Z' || reader_left(&text) > 0)
		return false;
	*ret_seconds = days_until(part[0], part[1], part[2]) * SECONDS_OF_DAY +
		       part[3] * 3600 + part[4] * 60 + part[5];
	return true;
}

static bool read_year(unsigned tag, struct reader *text, unsigned *ret_year)
{
	unsigned century = 0, year;

	if (tag == DER_GENERALIZED_TIME && !two_digits(text, &century))
		return false;
	if ((tag != DER_GENERALIZED_TIME && tag != DER_UTC_TIME) ||
	    !two_digits(text, &year))
		return false;
	if (tag == DER_UTC_TIME)
		century = year >= 50 ? 19 : 20;
	*ret_year = century * 100 + year;
	return true;
}

/* One that is stated: "until the end" is BER, and no DER. */
static size_t read_length(struct reader *in)
{
	size_t len = reader_u8(in);
	size_t count = len & 0x7f;

	if (len < 0x80)
		return len;
	if (count == 0 || count > LENGTH_BYTES_MAX) {
		in->failed = true;
		return 0;
	}
	for (len = 0; count > 0; count--)
		len = len << 8 | reader_u8(in);
	return len;
}

static bool two_digits(struct reader *in, unsigned *ret_value)
{
	unsigned high = reader_u8(in) - (unsigned)'0';
	unsigned low = reader_u8(in) - (unsigned)'0';

	*ret_value = 10 * high + low;
	return reader_ok(in) && high <= 9 && low <= 9;
}

/* From 1970 on, in the Gregorian calendar; years begin in March, so that leap days end them. */
static int64_t days_until(unsigned year, unsigned month, unsigned day)
{
	int64_t from_march = (month + 9) % 12;
	int64_t y = (int64_t)year - from_march / 10;

	return 365 * y + y / 4 - y / 100 + y / 400 + (from_march * 306 + 5) / 10 + day -
	       1 - 719468;
}
