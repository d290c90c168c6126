/* SPDX-License-Identifier: Apache-2.0 */
/*
 * id(offset#options#comparisons). Numbers are written as in C (decimal, 0x…, 0… octal),
 * with a sign, and with blanks in front; one that does not fit is the largest that does.
 */
#include "match/compare.h"

#include "base/checked.h"
#include "match/expr.h"
#include "rules/subsignature.h"

enum { FIELDS = 3, HEX_LEN_MAX = 18, BLANKS_MAX = 16 };

static enum status read_id(const struct rule_line *line, struct span span,
			   struct compare *out);
static enum status read_offset(const struct rule_line *line, struct span span,
			       struct compare *out);
static enum status read_options(const struct rule_line *line, struct span span,
				struct compare *out);
static enum status check_options(const struct rule_line *line, struct span span,
				 const struct compare *compare);
static enum status read_sets(const struct rule_line *line, struct span span,
			     struct compare *out);
static bool read_number(const struct rule_line *line, struct span span, int64_t *out);

enum status compare_sub_read(const struct rule_line *line, struct span span,
			     struct rule_sub *out)
{
	struct compare compare = { 0 };
	struct span inside = { line_find(line, span, '(') + 1, span.end };
	struct span fields[FIELDS];

	while (inside.end > inside.start && line_byte(line, inside.end - 1) == ' ')
		inside.end--;
	if (line_byte(line, inside.end - 1) != ')')
		return line_refuse(line, span, STATUS_MALFORMED,
				   "a comparison ends with its parenthesis");
	inside.end--;
	if (line_split(line, inside, '#', fields, FIELDS) != FIELDS)
		return line_refuse(line, inside, STATUS_MALFORMED,
				   "a comparison is id(offset#options#comparisons)");
	enum status status = read_id(line, (struct span){ span.start, inside.start - 1 },
				     &compare);
	if (status == STATUS_OK)
		status = read_offset(line, fields[0], &compare);
	if (status == STATUS_OK)
		status = read_options(line, fields[1], &compare);
	if (status == STATUS_OK)
		status = read_sets(line, fields[2], &compare);
	if (status != STATUS_OK)
		return status;

	uint8_t *data = arena_alloc(line->arena, COMPARE_DATA_MAX);
	if (!data)
		return STATUS_NO_MEMORY;
	*out = (struct rule_sub){
		.kind = SUB_COMPARE,
		.data = { data, compare_store(&compare, data) },
		.refers = compare.sub,
	};
	return STATUS_OK;
}

static enum status read_id(const struct rule_line *line, struct span span,
			   struct compare *out)
{
	uint64_t id;

	while (span.start < span.end && line_byte(line, span.start) == ' ')
		span.start++;
	if (!line_number(line, span, EXPR_SUBS_MAX - 1, &id))
		return line_refuse(line, span, STATUS_MALFORMED,
				   "a comparison begins with the number of a "
				   "subsignature");
	out->sub = (uint8_t)id;
	return STATUS_OK;
}

static enum status read_offset(const struct rule_line *line, struct span span,
			       struct compare *out)
{
	bool is_back = line_starts(line, span, "<<");
	int64_t value;

	if (!is_back && !line_starts(line, span, ">>"))
		return line_refuse(line, span, STATUS_MALFORMED,
				   "the offset of a comparison is >>n or <<n");
	span.start += 2;
	if (!read_number(line, span, &value))
		return line_refuse(line, span, STATUS_MALFORMED,
				   "the offset of a comparison is a number");
	if (is_back && __builtin_sub_overflow(0, value, &value))
		value = INT64_MAX;
	out->offset = value;
	return STATUS_OK;
}

/* False: no such letter, or none beside those before it. */
static bool add_option(struct compare *compare, int letter)
{
	switch (letter) {
	case COMPARE_HEX:
	case COMPARE_DECIMAL:
	case COMPARE_AUTO:
	case COMPARE_BINARY:
		if (compare->form != 0 && compare->form != letter)
			return false;
		compare->form = (uint8_t)letter;
		return true;
	case 'l':
		compare->flags |= COMPARE_LOW_FIRST;
		break;
	case 'b':
		compare->flags |= COMPARE_HIGH_FIRST;
		break;
	case 'e':
		compare->flags |= COMPARE_EXACT;
		break;
	default:
		return false;
	}
	const unsigned orders = COMPARE_LOW_FIRST | COMPARE_HIGH_FIRST;
	return (compare->flags & orders) != orders;
}

/* Letters in any order, then the number of bytes. */
static enum status read_options(const struct rule_line *line, struct span span,
				struct compare *out)
{
	int64_t len;
	int c;

	while (c = line_byte(line, span.start),
	       span.start < span.end && (c < '0' || c > '9')) {
		struct span letter = { span.start, span.start + 1 };

		if (!add_option(out, c))
			return line_refuse(line, letter, STATUS_MALFORMED,
					   "options are one of h d a i, one of l b, and "
					   "e");
		span.start++;
	}
	if (!read_number(line, span, &len) || len < 1)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "behind the options stands a number of bytes");
	if (len > UINT32_MAX)
		len = UINT32_MAX;
	out->len = (uint32_t)len;
	return check_options(line, span, out);
}

static enum status check_options(const struct rule_line *line, struct span span,
				 const struct compare *compare)
{
	bool is_power = compare->len == 1 || compare->len == 2 || compare->len == 4 ||
			compare->len == 8;

	if (compare->form == COMPARE_HEX && compare->len > HEX_LEN_MAX)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "a hexadecimal number has 18 bytes at most");
	if (compare->form == COMPARE_BINARY && !is_power)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "a binary number has 1, 2, 4 or 8 bytes");
	if (compare->form == COMPARE_DECIMAL && compare->flags & COMPARE_LOW_FIRST)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "a decimal number has its high digits first");
	return STATUS_OK;
}

static enum status read_sets(const struct rule_line *line, struct span span,
			     struct compare *out)
{
	struct span sets[COMPARE_SETS_MAX];
	size_t count = line_split(line, span, ',', sets, COMPARE_SETS_MAX);

	if (count > COMPARE_SETS_MAX)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "more than two comparisons");
	for (size_t i = 0; i < count; i++) {
		int how = sets[i].start < sets[i].end ? line_byte(line, sets[i].start) :
							-1;
		struct span number = { sets[i].start + 1, sets[i].end };

		if ((how != '<' && how != '=' && how != '>') ||
		    !read_number(line, number, &out->sets[i].value))
			return line_refuse(line, sets[i], STATUS_MALFORMED,
					   "a comparison is <n, =n or >n");
		out->sets[i].how = (uint8_t)how;
	}
	out->count = (uint8_t)count;
	return STATUS_OK;
}

/* Which base its first characters tell; moves behind those that only tell. */
static unsigned base_of(const struct rule_line *line, struct span *span)
{
	if (span_len(*span) > 2 &&
	    (line_starts(line, *span, "0x") || line_starts(line, *span, "0X"))) {
		span->start += 2;
		return 16;
	}
	return line_starts(line, *span, "0") ? 8 : 10;
}

static bool read_number(const struct rule_line *line, struct span span, int64_t *out)
{
	bool is_minus = false;
	uint64_t value = 0;

	while (span.start < span.end && (line_byte(line, span.start) == ' ' ||
					 line_byte(line, span.start) == '\t'))
		span.start++;
	if (line_starts(line, span, "-") || line_starts(line, span, "+")) {
		is_minus = line_byte(line, span.start) == '-';
		span.start++;
	}
	unsigned base = base_of(line, &span);
	if (span_len(span) == 0)
		return false;
	uint64_t max = (uint64_t)INT64_MAX + is_minus;
	for (size_t at = span.start; at < span.end; at++) {
		int digit = line_digit(line, at);

		if (digit < 0 || (unsigned)digit >= base)
			return false;
		if (value > (max - (unsigned)digit) / base)
			value = max;
		else
			value = value * base + (unsigned)digit;
	}
	*out = (int64_t)(is_minus ? 0 - value : value);
	return true;
}
