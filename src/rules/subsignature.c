/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/subsignature.h"

#include "rules/hex_pattern.h"
#include "rules/offset.h"

enum { FIELDS_MAX = 4 };

/* The letters behind `::`. */
struct sub_options {
	bool ascii;
	bool wide;
	unsigned hex; /* enum hex_options but HEX_WIDE */
};

static bool is_byte_comparison(const struct rule_line *line, struct span span);
static enum status read_hex(const struct rule_line *line, struct span span,
			    unsigned target, struct rule_sub *out);
static enum status read_options(const struct rule_line *line, struct span span,
				struct sub_options *out);
static enum status read_programs(const struct rule_line *line, struct span pattern,
				 const struct sub_options *options, struct rule_sub *out);

enum status subsignature_read(const struct rule_line *line, struct span span,
			      const struct sub_where *where, struct rule_sub *out)
{
	if (line_starts(line, span, "${"))
		return macro_sub_read(line, span, out);
	if (line_find(line, span, '/') < span.end)
		return regex_sub_read(line, span, where, out);
	if (line_starts(line, span, "fuzzy_img#"))
		return image_sub_read(line, span, out);
	if (is_byte_comparison(line, span))
		return compare_sub_read(line, span, out);
	return read_hex(line, span, where->target, out);
}

size_t subsignature_split(const struct rule_line *line, struct span span,
			  struct span *fields, size_t max)
{
	struct span field = { span.start, span.start };
	bool is_inside = false;
	size_t count = 0;

	for (;; field.end++) {
		int c = field.end < span.end ? line_byte(line, field.end) : -1;

		if (c == '/' &&
		    (field.end == span.start || line_byte(line, field.end - 1) != '\\'))
			is_inside = !is_inside;
		if (c >= 0 && (c != ';' || is_inside))
			continue;
		if (count < max)
			fields[count] = field;
		count++;
		if (c < 0)
			return count;
		field.start = field.end + 1;
	}
}

/* A number, and something with # in parentheses: no hexadecimal pattern has one. */
static bool is_byte_comparison(const struct rule_line *line, struct span span)
{
	size_t open = line_find(line, span, '(');

	return line_find(line, (struct span){ open, span.end }, '#') < span.end;
}

static enum status read_hex(const struct rule_line *line, struct span span,
			    unsigned target, struct rule_sub *out)
{
	struct rule_sub sub = { .kind = SUB_PATTERN };
	struct sub_options options = { .hex = HEX_SHORT };
	struct span fields[FIELDS_MAX];
	enum status status = STATUS_OK;

	size_t count = line_split(line, span, ':', fields, FIELDS_MAX);
	if (count > FIELDS_MAX)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "too many colons: Offset:HexPattern::options");
	/* Offset:Hex, Offset:Hex::options; the others have no offset */
	bool has_offset = count % 2 == 0;
	if (has_offset)
		status = offset_read(line, fields[0], target, &sub);
	if (status == STATUS_OK && sub.offset == OFFSET_MACRO)
		return line_refuse(line, fields[0], STATUS_MALFORMED,
				   "macro groups have their members in ndb files");
	if (status == STATUS_OK && count > 2)
		status = read_options(line, fields[count - 1], &options);
	if (status == STATUS_OK)
		status = read_programs(line, fields[has_offset], &options, &sub);
	if (status == STATUS_OK)
		*out = sub;
	return status;
}

static enum status read_options(const struct rule_line *line, struct span span,
				struct sub_options *out)
{
	if (span_len(span) > 0)
		out->hex |= HEX_OPTIONED;
	for (size_t at = span.start; at < span.end; at++) {
		switch (line_byte(line, at)) {
		case 'i':
			out->hex |= HEX_NOCASE;
			break;
		case 'f':
			out->hex |= HEX_FULLWORD;
			break;
		case 'w':
			out->wide = true;
			break;
		case 'a':
			out->ascii = true;
			break;
		default:
			return line_refuse(
				line, (struct span){ at, at + 1 }, STATUS_MALFORMED,
				"the options of a subsignature are i, f, w and a");
		}
	}
	return STATUS_OK;
}

static enum status read_programs(const struct rule_line *line, struct span pattern,
				 const struct sub_options *options, struct rule_sub *out)
{
	unsigned hex = options->hex;
	bool both = options->ascii && options->wide;
	enum status status = STATUS_OK;

	out->programs = arena_new_array(line->arena, struct slice, 2);
	if (!out->programs)
		return STATUS_NO_MEMORY;
	if (both || !options->wide) {
		status = hex_pattern_read(line, pattern, hex, &out->programs[0]);
		out->program_count++;
	}
	if (status == STATUS_OK && options->wide) {
		status = hex_pattern_read(line, pattern, hex | HEX_WIDE,
					  &out->programs[out->program_count]);
		out->program_count++;
	}
	return status;
}
