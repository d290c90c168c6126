/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logical signatures: Name;TargetDescription;Expression;Sub0;Sub1;… Every
 * subsignature there is must be named in the expression, and the other way
 * round as far as the highest number goes.
 */
#include "match/expr.h"
#include "rules/languages.h"
#include "rules/line.h"
#include "rules/logic.h"
#include "rules/subsignature.h"
#include "rules/tdb.h"

enum { FIXED_FIELDS = 3, FIELDS_MAX = FIXED_FIELDS + EXPR_SUBS_MAX };

static enum status read_signature(struct arena *arena, struct slice text, bool is_trigger,
				  struct rule *out, struct rule_error *error);
static enum status read_fields(const struct rule_line *line, const struct span *fields,
			       bool is_trigger, struct rule *rule);
static enum status read_subs(const struct rule_line *line, const struct span *fields,
			     uint64_t counted, struct rule *rule);
static enum status check_reference(const struct rule_line *line, struct span span,
				   struct rule *rule, unsigned index);

enum status ldb_read(struct arena *arena, struct slice text, struct rule *out,
		     struct rule_error *error)
{
	return read_signature(arena, text, false, out, error);
}

enum status ldb_read_trigger(struct arena *arena, struct slice text, struct rule *out,
			     struct rule_error *error)
{
	return read_signature(arena, text, true, out, error);
}

static enum status read_signature(struct arena *arena, struct slice text, bool is_trigger,
				  struct rule *out, struct rule_error *error)
{
	struct rule_line line = { text, arena, error };
	struct rule rule = { .language = RULE_LDB };
	struct span fields[FIELDS_MAX];

	if (line_is_blank(text))
		return STATUS_END;
	size_t count = line_split(&line, line_whole(&line), ';', fields, FIXED_FIELDS);
	if (count > FIXED_FIELDS)
		count = FIXED_FIELDS +
			subsignature_split(&line,
					   line_behind(&line, fields[FIXED_FIELDS - 1]),
					   &fields[FIXED_FIELDS], EXPR_SUBS_MAX);
	if (count <= FIXED_FIELDS)
		return line_refuse(
			&line, line_whole(&line), STATUS_MALFORMED,
			"too few fields: Name;Target description;Expression;Sub0");
	if (count > FIELDS_MAX)
		return line_refuse(&line, line_behind(&line, fields[FIELDS_MAX - 1]),
				   STATUS_MALFORMED, "more than 64 subsignatures");
	rule.sub_count = count - FIXED_FIELDS;
	enum status status = read_fields(&line, fields, is_trigger, &rule);
	if (status == STATUS_OK)
		*out = rule;
	return status;
}

/* All subsignatures of a trigger are counted, whether its expression asks or not. */
static enum status read_fields(const struct rule_line *line, const struct span *fields,
			       bool is_trigger, struct rule *rule)
{
	struct logic logic;
	enum status status = line_name(line, fields[0], rule);

	if (status == STATUS_OK)
		status = tdb_read(line, fields[1], rule);
	if (status == STATUS_OK)
		status = logic_read(line, fields[2], &logic);
	if (status != STATUS_OK)
		return status;
	if (logic.sub_count < rule->sub_count && !is_trigger)
		return line_refuse(line, fields[FIXED_FIELDS + logic.sub_count],
				   STATUS_MALFORMED,
				   "the expression does not name this subsignature");
	if (logic.sub_count > rule->sub_count)
		return line_refuse(
			line, fields[2], STATUS_MALFORMED,
			"the expression names a subsignature that is not there");
	rule->expression = logic.program;
	if (is_trigger)
		logic.counted = UINT64_MAX;
	return read_subs(line, &fields[FIXED_FIELDS], logic.counted, rule);
}

static enum status read_subs(const struct rule_line *line, const struct span *fields,
			     uint64_t counted, struct rule *rule)
{
	rule->subs = arena_new_array(line->arena, struct rule_sub, rule->sub_count);
	if (!rule->subs)
		return STATUS_NO_MEMORY;
	for (unsigned i = 0; i < rule->sub_count; i++) {
		const struct sub_where where = { rule->target, i };
		enum status status = subsignature_read(line, fields[i], &where,
						       &rule->subs[i]);

		if (status != STATUS_OK)
			return status;
		counted |= rule->subs[i].counted;
		if (rule->subs[i].counted)
			rule->flags |= RULE_COUNTING_TRIGGERS;
	}
	for (unsigned i = 0; i < rule->sub_count; i++) {
		enum status status = check_reference(line, fields[i], rule, i);

		if (status != STATUS_OK)
			return status;
		if (counted >> i & 1)
			rule->subs[i].flags |= SUB_COUNTED;
	}
	return STATUS_OK;
}

/* What a subsignature refers to has to be there, and of a kind that has a place. */
static enum status check_reference(const struct rule_line *line, struct span span,
				   struct rule *rule, unsigned index)
{
	const struct rule_sub *sub = &rule->subs[index];

	if (sub->kind == SUB_MACRO &&
	    (index == 0 || rule->subs[index - 1].kind != SUB_PATTERN))
		return line_refuse(line, span, STATUS_MALFORMED,
				   "a macro follows a hexadecimal pattern");
	if (sub->kind != SUB_COMPARE)
		return STATUS_OK;
	if (sub->refers >= rule->sub_count ||
	    (rule->subs[sub->refers].kind != SUB_PATTERN &&
	     rule->subs[sub->refers].kind != SUB_MACRO))
		return line_refuse(line, span, STATUS_MALFORMED,
				   "a comparison refers to a pattern or a macro");
	rule->subs[sub->refers].flags |= SUB_LAST;
	return STATUS_OK;
}
