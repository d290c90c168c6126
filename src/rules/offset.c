/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/offset.h"

#include "match/macro.h"

enum { OFFSET_TEXT_MAX = 64, SECTION_MAX = UINT16_MAX };
#define OFFSET_MAX UINT32_MAX

static enum status read_place(const struct rule_line *line, struct span span,
			      struct rule_sub *sub);
static enum status read_value(const struct rule_line *line, struct span span, size_t skip,
			      struct rule_sub *sub);
static enum status read_section(const struct rule_line *line, struct span span,
				struct rule_sub *sub);
static enum status read_macro(const struct rule_line *line, struct span span,
			      struct rule_sub *sub);
static bool is_of_program(enum offset_kind kind);
static bool is_program(unsigned target);

enum status offset_read(const struct rule_line *line, struct span span, unsigned target,
			struct rule_sub *sub)
{
	struct span place = span;
	uint64_t shift = 0;

	if (line_is(line, span, "*")) {
		sub->offset = OFFSET_ANY;
		return STATUS_OK;
	}
	if (span_len(span) > OFFSET_TEXT_MAX)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "an offset is 64 characters at most");
	place.end = line_find(line, span, ',');
	if (place.end < span.end &&
	    !line_number(line, (struct span){ place.end + 1, span.end }, OFFSET_MAX,
			 &shift))
		return line_refuse(line, (struct span){ place.end, span.end },
				   STATUS_MALFORMED,
				   "a number belongs behind the comma of an offset");

	if (line_find(line, place, '$') < place.end)
		return read_macro(line, place, sub);
	enum status status = read_place(line, place, sub);
	if (status != STATUS_OK)
		return status;
	sub->offset_shift = (uint32_t)shift;
	if (is_of_program(sub->offset) && !is_program(target))
		return line_refuse(
			line, span, STATUS_MALFORMED,
			"entry points, sections and VI are for targets 1, 6 and 9");
	return STATUS_OK;
}

static enum status read_place(const struct rule_line *line, struct span span,
			      struct rule_sub *sub)
{
	static const struct {
		const char *prefix;
		enum offset_kind kind;
	} forms[] = {
		{ "EP+", OFFSET_ENTRY_PLUS },
		{ "EP-", OFFSET_ENTRY_MINUS },
		{ "EOF-", OFFSET_FROM_END },
		{ "SL+", OFFSET_LAST_SECTION_PLUS },
	};

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		if (!line_starts(line, span, forms[i].prefix))
			continue;
		sub->offset = forms[i].kind;
		return read_value(line, span, strlen(forms[i].prefix), sub);
	}
	if (line_starts(line, span, "S"))
		return read_section(line, span, sub);
	if (line_starts(line, span, "VI")) {
		/* What follows is not read, as with clamscan. */
		sub->offset = OFFSET_VERSION_INFO;
		return STATUS_OK;
	}
	sub->offset = OFFSET_ABSOLUTE;
	return read_value(line, span, 0, sub);
}

static enum status read_value(const struct rule_line *line, struct span span, size_t skip,
			      struct rule_sub *sub)
{
	uint64_t value;

	if (!line_number(line, (struct span){ span.start + skip, span.end }, OFFSET_MAX,
			 &value))
		return line_refuse(line, span, STATUS_MALFORMED,
				   "an offset is one of *, n, EOF-n, EP+n, EP-n, Sx+n, "
				   "SEx, SL+n, VI");
	sub->offset_value = (uint32_t)value;
	return STATUS_OK;
}

/* SEx, Sx+n */
static enum status read_section(const struct rule_line *line, struct span span,
				struct rule_sub *sub)
{
	bool is_inside = line_starts(line, span, "SE");
	struct span number = { span.start + (is_inside ? 2 : 1), span.end };
	uint64_t section;

	if (!is_inside)
		number.end = line_find(line, number, '+');
	if (!line_number(line, number, SECTION_MAX, &section))
		return line_refuse(
			line, span, STATUS_MALFORMED,
			"a section is named by its number: S0+n, SE0, or SL+n");
	sub->offset_section = (uint16_t)section;
	sub->offset = is_inside ? OFFSET_IN_SECTION : OFFSET_SECTION_PLUS;
	if (is_inside)
		return STATUS_OK;
	if (number.end == span.end)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "a section's number is followed by + and a number");
	return read_value(line, span, number.end + 1 - span.start, sub);
}

static bool is_of_program(enum offset_kind kind)
{
	return kind != OFFSET_ANY && kind != OFFSET_ABSOLUTE && kind != OFFSET_FROM_END;
}

static bool is_program(unsigned target)
{
	return target == 1 || target == 6 || target == 9;
}

/* $n$, and as clamscan takes it also $n; what follows is not read. */
static enum status read_macro(const struct rule_line *line, struct span span,
			      struct rule_sub *sub)
{
	struct span number = { span.start, span.end };
	uint64_t group;

	number.start += line_starts(line, span, "$");
	number.end = line_find(line, number, '$');
	if (number.start == span.start ||
	    !line_number(line, number, MACRO_GROUPS - 1, &group))
		return line_refuse(line, span, STATUS_MALFORMED,
				   "a macro group is $n$, n from 0 to 31");
	sub->offset = OFFSET_MACRO;
	sub->offset_value = (uint32_t)group;
	return STATUS_OK;
}
