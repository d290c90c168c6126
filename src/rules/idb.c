/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What icons of programs look like:
 *
 *	Name:Group1:Group2:124 hexadecimal digits
 *
 * The digits: side (2); six areas, of how much (3), x (2) and y (2); twelve, of how much
 * (2), x (2) and y (2); four sums (2 each). What they may be was tried on clamscan 1.4.6,
 * line by line.
 */
#include "bytes/store.h"
#include "match/icon_rule.h"
#include "rules/languages.h"
#include "rules/line.h"

enum {
	FIELDS = 4,
	DIGITS = 124,
	COLOUR_MAX = 4072,
	SUM_MAX = 103, /* of the three colours together, with what rounding adds */
	COUNT_MAX = 100,
};

/* The digits while they are read. */
struct icon_text {
	const struct rule_line *line;
	size_t at;
	uint8_t *out; /* ICON_RULE_HEAD_LEN */
	size_t len;
	bool is_wrong;
};

static enum status read_look(struct icon_text *text);
static void read_area(struct icon_text *text, size_t digits, unsigned place_max);
static unsigned read_number(struct icon_text *text, size_t digits, unsigned max);
static enum status put_group(const struct rule_line *line, struct span name,
			     struct icon_text *text);

enum status idb_read(struct arena *arena, struct slice bytes, struct rule *out,
		     struct rule_error *error)
{
	struct rule_line line = { bytes, arena, error };
	struct rule rule = { .language = RULE_ICON, .flags = RULE_FINDS_NOTHING };
	struct span fields[FIELDS];

	if (line_is_blank(bytes))
		return STATUS_END;
	if (line_split(&line, line_whole(&line), ':', fields, FIELDS) != FIELDS)
		return line_refuse(&line, line_whole(&line), STATUS_MALFORMED,
				   "not a name, two groups and what an icon looks like");
	struct icon_text text = {
		.line = &line,
		.at = fields[3].start,
		.out = arena_alloc(arena, ICON_RULE_HEAD_LEN + bytes.len + 2),
	};
	if (!text.out)
		return STATUS_NO_MEMORY;
	if (span_len(fields[3]) != DIGITS)
		return line_refuse(&line, fields[3], STATUS_MALFORMED,
				   "what an icon looks like has 124 hexadecimal digits");
	enum status status = line_name(&line, fields[0], &rule);
	if (status == STATUS_OK)
		status = read_look(&text);
	for (size_t i = 1; i <= 2 && status == STATUS_OK; i++)
		status = put_group(&line, fields[i], &text);
	if (status != STATUS_OK)
		return status;
	rule.data = (struct slice){ text.out, text.len };
	*out = rule;
	return STATUS_OK;
}

static enum status read_look(struct icon_text *text)
{
	size_t start = text->at;
	unsigned side = read_number(text, 2, 32);

	if (side != 16 && side != 24 && side != 32)
		return line_refuse(text->line, (struct span){ start, start + 2 },
				   STATUS_MALFORMED, "an icon's side is 10, 18 or 20");
	text->out[text->len++] = (uint8_t)side;
	for (size_t i = 0; i < ICON_RULE_AREAS_WIDE; i++)
		read_area(text, 3, side - side / 8);
	for (size_t i = 0; i < ICON_RULE_AREAS; i++)
		read_area(text, 2, side - side / 8);
	unsigned left = SUM_MAX;
	for (size_t i = 0; i + 1 < ICON_RULE_SUMS; i++) {
		unsigned sum = read_number(text, 2, left);

		text->out[text->len++] = (uint8_t)sum;
		left -= sum < left ? sum : left;
	}
	text->out[text->len++] = (uint8_t)read_number(text, 2, COUNT_MAX);
	if (text->is_wrong)
		return line_refuse(text->line, (struct span){ start, start + DIGITS },
				   STATUS_MALFORMED,
				   "a number in it is too large, or no number");
	return STATUS_OK;
}

static void read_area(struct icon_text *text, size_t digits, unsigned place_max)
{
	unsigned value = read_number(text, digits, digits == 3 ? COLOUR_MAX : 255);

	if (digits == 3) {
		store_u16le(&text->out[text->len], (uint16_t)value);
		text->len += 2;
	} else {
		text->out[text->len++] = (uint8_t)value;
	}
	text->out[text->len++] = (uint8_t)read_number(text, 2, place_max);
	text->out[text->len++] = (uint8_t)read_number(text, 2, place_max);
}

static unsigned read_number(struct icon_text *text, size_t digits, unsigned max)
{
	unsigned value = 0;

	for (size_t i = 0; i < digits; i++) {
		int digit = line_digit(text->line, text->at++);

		if (digit < 0)
			text->is_wrong = true;
		else
			value = value << 4 | (unsigned)digit;
	}
	if (value > max)
		text->is_wrong = true;
	return value;
}

static enum status put_group(const struct rule_line *line, struct span name,
			     struct icon_text *text)
{
	struct slice bytes = line_slice(line, name);

	if (bytes.len > ICON_GROUP_NAME_MAX)
		return line_refuse(line, name, STATUS_MALFORMED,
				   "a group's name has 255 letters at most");
	text->out[text->len++] = (uint8_t)bytes.len;
	memcpy(&text->out[text->len], bytes.base, bytes.len);
	text->len += bytes.len;
	return STATUS_OK;
}
