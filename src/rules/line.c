/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/line.h"

#include "base/hex.h"
#include "bytes/reader.h"

struct span line_whole(const struct rule_line *line)
{
	return (struct span){ 0, line->bytes.len };
}

struct slice line_slice(const struct rule_line *line, struct span span)
{
	struct reader reader = reader_of_slice(line->bytes);

	reader_seek(&reader, span.start);
	return reader_slice(&reader, span_len(span));
}

int line_byte(const struct rule_line *line, size_t at)
{
	if (at >= line->bytes.len)
		return -1;
	return line->bytes.base[at];
}

bool line_is(const struct rule_line *line, struct span span, const char *text)
{
	return slice_is(line_slice(line, span), text);
}

bool line_starts(const struct rule_line *line, struct span span, const char *text)
{
	size_t len = strlen(text);

	if (len > span_len(span))
		return false;
	return line_is(line, (struct span){ span.start, span.start + len }, text);
}

size_t line_find(const struct rule_line *line, struct span span, char byte)
{
	size_t at = span.start;

	while (at < span.end && line->bytes.base[at] != (uint8_t)byte)
		at++;
	return at;
}

size_t line_split(const struct rule_line *line, struct span span, char separator,
		  struct span *fields, size_t max)
{
	size_t count = 0;
	size_t start = span.start;

	for (;;) {
		struct span field = { start, span.end };

		field.end = line_find(line, field, separator);
		if (count < max)
			fields[count] = field;
		count++;
		if (field.end == span.end)
			return count;
		start = field.end + 1;
	}
}

struct span line_behind(const struct rule_line *line, struct span span)
{
	return (struct span){ span.end + 1, line->bytes.len };
}

bool line_number(const struct rule_line *line, struct span span, uint64_t max,
		 uint64_t *out)
{
	uint64_t value = 0;

	if (span_len(span) == 0)
		return false;
	for (size_t at = span.start; at < span.end; at++) {
		unsigned digit = line->bytes.base[at] - (unsigned)'0';

		if (digit > 9 || digit > max || value > (max - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out = value;
	return true;
}

int line_digit(const struct rule_line *line, size_t at)
{
	return hex_digit(line_byte(line, at));
}

enum status line_hex(const struct rule_line *line, struct span span, struct slice *out)
{
	static const char wanted[] = "bytes are pairs of hexadecimal digits";
	size_t len = span_len(span) / 2;
	uint8_t *bytes = arena_alloc(line->arena, len);

	if (!bytes)
		return STATUS_NO_MEMORY;
	if (len == 0 || span_len(span) % 2 != 0)
		return line_refuse(line, span, STATUS_MALFORMED, wanted);
	for (size_t i = 0; i < len; i++) {
		int high = line_digit(line, span.start + 2 * i);
		int low = line_digit(line, span.start + 2 * i + 1);

		if (high < 0 || low < 0)
			return line_refuse(line, span, STATUS_MALFORMED, wanted);
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	*out = (struct slice){ bytes, len };
	return STATUS_OK;
}

enum status line_refuse(const struct rule_line *line, struct span span,
			enum status status, const char *message)
{
	*line->error = (struct rule_error){
		.column = (uint32_t)span.start + 1,
		.message = message,
		.detail = line_slice(line, span),
	};
	return status;
}

enum status line_skip(const struct rule_line *line, struct span span, const char *message)
{
	(void)line_refuse(line, span, STATUS_UNSUPPORTED, message);
	line->error->is_skip = true;
	return STATUS_UNSUPPORTED;
}

enum status line_feature_levels(const struct rule_line *line, const struct span *fields,
				size_t count)
{
	uint64_t level;

	for (size_t i = 0; i < count; i++)
		if (span_len(fields[i]) > 0 &&
		    !line_number(line, fields[i], INT32_MAX, &level))
			return line_refuse(line, fields[i], STATUS_MALFORMED,
					   "a feature level is a decimal number");
	if (count > 0 && line_number(line, fields[0], INT32_MAX, &level) &&
	    level > RULE_FEATURE_LEVEL)
		return line_skip(line, fields[0],
				 "for a newer engine (lowest feature level)");
	if (count > 1 && line_number(line, fields[1], INT32_MAX, &level) &&
	    level < RULE_FEATURE_LEVEL)
		return line_skip(line, fields[1],
				 "for an older engine (highest feature level)");
	return STATUS_OK;
}

enum status line_name(const struct rule_line *line, struct span span, struct rule *out)
{
	out->name = rule_name_cut(line_slice(line, span));
	if (out->name.len == 0)
		return line_refuse(line, span, STATUS_MALFORMED, "the rule has no name");
	if (rule_name_is_weak(out->name))
		out->flags |= RULE_WEAK;
	return STATUS_OK;
}
