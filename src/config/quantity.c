/* SPDX-License-Identifier: Apache-2.0 */
#include "config/quantity.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/checked.h"

struct unit {
	const char *suffix;
	uint64_t factor;
};

/* The largest last: what is written uses the largest that divides. */
static const struct unit size_units[] = {
	{ "", 1 },
	{ "K", UINT64_C(1) << 10 },
	{ "M", UINT64_C(1) << 20 },
	{ "G", UINT64_C(1) << 30 },
	{ "T", UINT64_C(1) << 40 },
};

static const struct unit time_units[] = {
	{ "ms", 1 },      { "s", 1000 },     { "m", 60 * 1000 },
	{ "h", 3600000 }, { "d", 86400000 },
};

static const char *parse_digits(const char *text, uint64_t *out);

bool quantity_parse_number(const char *text, uint64_t *out)
{
	uint64_t number;
	const char *rest = parse_digits(text, &number);

	if (!rest || *rest)
		return false;
	*out = number;
	return true;
}

bool quantity_parse_size(const char *text, uint64_t *out)
{
	uint64_t number;
	const char *rest = parse_digits(text, &number);
	char letter[2] = { 0 };

	if (!rest)
		return false;
	letter[0] = rest[0];
	if (rest[0] && rest[1] && strcasecmp(rest + 1, "B") != 0 &&
	    strcasecmp(rest + 1, "iB") != 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(size_units); i++)
		if (strcasecmp(letter, size_units[i].suffix) == 0)
			return mul_u64(number, size_units[i].factor, out);
	return false;
}

bool quantity_parse_time(const char *text, uint64_t *ret_ms)
{
	uint64_t number;
	const char *rest = parse_digits(text, &number);

	if (!rest)
		return false;
	if (!*rest)
		rest = "s";
	for (size_t i = 0; i < ARRAY_LEN(time_units); i++)
		if (strcmp(rest, time_units[i].suffix) == 0)
			return mul_u64(number, time_units[i].factor, ret_ms);
	return false;
}

/* The text behind the digits, or NULL if there are none or too many. */
static const char *parse_digits(const char *text, uint64_t *out)
{
	uint64_t number = 0;
	size_t i;

	for (i = 0; text[i] >= '0' && text[i] <= '9'; i++)
		if (!mul_u64(number, 10, &number) ||
		    !add_u64(number, (uint64_t)(text[i] - '0'), &number))
			return NULL;
	if (i == 0)
		return NULL;
	*out = number;
	return text + i;
}

const char *quantity_show_size(uint64_t bytes, char out[QUANTITY_TEXT_MAX])
{
	static const char *const names[] = { "bytes", "KiB", "MiB", "GiB",
					     "TiB",   "PiB", "EiB" };
	double value = (double)bytes;
	size_t unit = 0;

	while (value >= 1023.95 && unit + 1 < ARRAY_LEN(names)) {
		value /= 1024;
		unit++;
	}
	if (unit == 0)
		snprintf(out, QUANTITY_TEXT_MAX, "%u %s", (unsigned)bytes,
			 bytes == 1 ? "byte" : "bytes");
	else
		snprintf(out, QUANTITY_TEXT_MAX, "%.1f %s", value, names[unit]);
	return out;
}

const char *quantity_show_time(uint64_t ms, char out[QUANTITY_TEXT_MAX])
{
	uint64_t seconds = ms / 1000;

	if (ms < 1000)
		snprintf(out, QUANTITY_TEXT_MAX, "%u ms", (unsigned)ms);
	else if (ms < 10 * 1000)
		snprintf(out, QUANTITY_TEXT_MAX, "%u.%02u s", (unsigned)seconds,
			 (unsigned)(ms % 1000 / 10));
	else if (seconds < 60)
		snprintf(out, QUANTITY_TEXT_MAX, "%u s", (unsigned)seconds);
	else if (seconds < 3600)
		snprintf(out, QUANTITY_TEXT_MAX, "%u min %02u s",
			 (unsigned)(seconds / 60), (unsigned)(seconds % 60));
	else
		snprintf(out, QUANTITY_TEXT_MAX, "%llu h %02u min",
			 (unsigned long long)(seconds / 3600),
			 (unsigned)(seconds / 60 % 60));
	return out;
}

const char *quantity_show_count(uint64_t count, char out[QUANTITY_TEXT_MAX])
{
	char digits[QUANTITY_TEXT_MAX];
	int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)count);
	size_t at = 0;

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
	return out;
}

static const char *write_with(const struct unit *units, size_t count, uint64_t number,
			      char out[QUANTITY_TEXT_MAX])
{
	size_t best = 0;

	for (size_t i = 1; i < count; i++)
		if (number > 0 && number % units[i].factor == 0)
			best = i;
	snprintf(out, QUANTITY_TEXT_MAX, "%llu%s",
		 (unsigned long long)(number / units[best].factor), units[best].suffix);
	return out;
}

const char *quantity_write_size(uint64_t bytes, char out[QUANTITY_TEXT_MAX])
{
	return write_with(size_units, ARRAY_LEN(size_units), bytes, out);
}

const char *quantity_write_time(uint64_t ms, char out[QUANTITY_TEXT_MAX])
{
	return write_with(time_units, ARRAY_LEN(time_units), ms, out);
}
