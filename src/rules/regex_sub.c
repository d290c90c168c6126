/* SPDX-License-Identifier: Apache-2.0 */
/*
 * [Offset:]Trigger/regular expression/[flags]. The expression lies between the first
 * slash and the last one, so that a slash in it need not be escaped as long as no
 * subsignature follows. It is compiled here to see that it can be.
 */
#include "bytes/store.h"
#include "match/regex.h"
#include "rules/logic.h"
#include "rules/offset.h"
#include "rules/subsignature.h"

enum { HEAD_LEN = 4 };

struct parts {
	struct span offset; /* empty: none */
	struct span trigger;
	struct span text;
	struct span flags;
};

static enum status find_parts(const struct rule_line *line, struct span span,
			      struct parts *out);
static enum status read_offset(const struct rule_line *line, struct span span,
			       unsigned target, struct rule_sub *sub);
static enum status read_trigger(const struct rule_line *line, struct span span,
				unsigned index, struct logic *out);
static enum status read_flags(const struct rule_line *line, struct span span,
			      unsigned *out);
static enum status read_text(const struct rule_line *line, struct span span,
			     unsigned flags, struct slice *out);

enum status regex_sub_read(const struct rule_line *line, struct span span,
			   const struct sub_where *where, struct rule_sub *out)
{
	struct rule_sub sub = { .kind = SUB_REGEX, .offset = OFFSET_ANY };
	struct parts parts = { 0 };
	struct logic trigger = { 0 };
	struct slice text = { 0 };
	unsigned flags = 0;
	enum status status = find_parts(line, span, &parts);

	if (status == STATUS_OK)
		status = read_offset(line, parts.offset, where->target, &sub);
	if (status == STATUS_OK)
		status = read_trigger(line, parts.trigger, where->index, &trigger);
	if (status == STATUS_OK)
		status = read_flags(line, parts.flags, &flags);
	if (status == STATUS_OK)
		status = read_text(line, parts.text, flags, &text);
	if (status != STATUS_OK)
		return status;

	size_t len = HEAD_LEN + trigger.program.len + text.len;
	uint8_t *data = arena_alloc(line->arena, len);
	if (!data)
		return STATUS_NO_MEMORY;
	store_u16le(&data[0], (uint16_t)flags);
	store_u16le(&data[2], (uint16_t)trigger.program.len);
	memcpy(&data[HEAD_LEN], trigger.program.base, trigger.program.len);
	memcpy(&data[HEAD_LEN + trigger.program.len], text.base, text.len);
	sub.data = (struct slice){ data, len };
	sub.counted = trigger.counted;
	sub.trigger = trigger.program;
	*out = sub;
	return STATUS_OK;
}

static size_t last_slash(const struct rule_line *line, struct span span)
{
	size_t at = span.end - 1;

	while (line_byte(line, at) != '/')
		at--;
	return at;
}

static enum status find_parts(const struct rule_line *line, struct span span,
			      struct parts *out)
{
	size_t first = line_find(line, span, '/');
	size_t last = last_slash(line, span);
	struct span head = { span.start, first };
	size_t colon = line_find(line, head, ':');

	if (last == first)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "a regular expression stands between two slashes");
	if (last == first + 1)
		return line_refuse(line, (struct span){ first, last + 1 },
				   STATUS_MALFORMED, "the regular expression is empty");
	out->offset = (struct span){ span.start, colon < first ? colon : span.start };
	out->trigger = (struct span){ colon < first ? colon + 1 : span.start, first };
	out->text = (struct span){ first + 1, last };
	out->flags = (struct span){ last + 1, span.end };
	/* Options of patterns mean nothing here; clamscan takes them all the same. */
	struct span colons = { line_find(line, out->flags, ':'), span.end };
	if (line_starts(line, colons, "::"))
		out->flags.end = colons.start;
	return STATUS_OK;
}

static enum status read_offset(const struct rule_line *line, struct span span,
			       unsigned target, struct rule_sub *sub)
{
	if (span_len(span) == 0)
		return STATUS_OK;
	enum status status = offset_read(line, span, target, sub);
	if (status != STATUS_OK)
		return status;
	if (sub->offset == OFFSET_MACRO || sub->offset == OFFSET_VERSION_INFO)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "a regular expression has no such offset");
	return STATUS_OK;
}

static enum status read_trigger(const struct rule_line *line, struct span span,
				unsigned index, struct logic *out)
{
	if (span_len(span) == 0)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "a regular expression needs a trigger in front");
	enum status status = logic_read(line, span, out);
	if (status != STATUS_OK)
		return status;
	if (out->sub_count > index)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "a trigger names subsignatures before its own");
	if (out->program.len > UINT16_MAX)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "the trigger is too long");
	return STATUS_OK;
}

static enum status read_flags(const struct rule_line *line, struct span span,
			      unsigned *out)
{
	static const struct {
		char letter;
		unsigned flag;
	} list[] = {
		{ 'g', REGEX_GLOBAL },     { 'r', REGEX_ROLLING },
		{ 'e', REGEX_ENCOMPASS },  { 'i', REGEX_CASELESS },
		{ 's', REGEX_DOTALL },     { 'm', REGEX_MULTILINE },
		{ 'x', REGEX_EXTENDED },   { 'A', REGEX_ANCHORED },
		{ 'E', REGEX_DOLLAR_END }, { 'U', REGEX_UNGREEDY },
	};
	unsigned flags = 0;

	for (size_t at = span.start; at < span.end; at++) {
		unsigned before = flags;
		bool is_known = false;

		for (size_t i = 0; i < ARRAY_LEN(list) && !is_known; i++) {
			is_known = line_byte(line, at) == list[i].letter;
			flags = is_known ? before | list[i].flag : before;
		}
		if (!is_known)
			return line_refuse(line, (struct span){ at, at + 1 },
					   STATUS_MALFORMED,
					   "the flags of a regular expression are g r e "
					   "i s m x A E U");
	}
	*out = flags;
	return STATUS_OK;
}

static enum status read_text(const struct rule_line *line, struct span span,
			     unsigned flags, struct slice *out)
{
	struct regex regex = { line_slice(line, span), flags };
	struct regex_error *error = arena_new(line->arena, struct regex_error);

	if (!error)
		return STATUS_NO_MEMORY;
	enum status status = regex_check(&regex, line->arena, error);
	if (status == STATUS_MALFORMED) {
		size_t at = span.start + error->offset;

		return line_refuse(
			line, (struct span){ at < span.end ? at : span.end, span.end },
			status, error->message);
	}
	*out = regex.text;
	return status;
}
