/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Extended signatures: Name:Target:Offset:HexSignature[:MinFL[:MaxFL]]. One
 * pattern, and the expression that asks for it.
 */
#include "rules/hex_pattern.h"
#include "rules/languages.h"
#include "rules/line.h"
#include "rules/offset.h"
#include "rules/rule_target.h"

enum { FIELDS_MIN = 4, FIELDS_MAX = 6 };

static enum status read_fields(const struct rule_line *line, const struct span *fields,
			       struct rule *rule);
static enum status read_target(const struct rule_line *line, struct span span,
			       struct rule *rule);
static unsigned pattern_options(const struct rule_line *line, struct span offset,
				const struct rule *rule);

enum status ndb_read(struct arena *arena, struct slice text, struct rule *out,
		     struct rule_error *error)
{
	struct rule_line line = { text, arena, error };
	struct rule rule = { .language = RULE_NDB };
	struct span fields[FIELDS_MAX];

	if (line_is_blank(text))
		return STATUS_END;
	size_t count = line_split(&line, line_whole(&line), ':', fields, FIELDS_MAX);
	if (count < FIELDS_MIN)
		return line_refuse(&line, line_whole(&line), STATUS_MALFORMED,
				   "too few fields: Name:Target:Offset:HexSignature");
	if (count > FIELDS_MAX)
		return line_refuse(
			&line, line_behind(&line, fields[FIELDS_MAX - 1]),
			STATUS_MALFORMED,
			"too many fields: nothing may follow the highest level");
	enum status status = line_feature_levels(&line, &fields[FIELDS_MIN],
						 count - FIELDS_MIN);
	if (status == STATUS_OK)
		status = read_fields(&line, fields, &rule);
	if (status == STATUS_OK)
		*out = rule;
	return status;
}

static enum status read_fields(const struct rule_line *line, const struct span *fields,
			       struct rule *rule)
{
	struct slice *program;
	enum status status = rule_of_one_pattern(line->arena, rule, &program);

	if (status == STATUS_OK)
		status = line_name(line, fields[0], rule);
	if (status == STATUS_OK)
		status = read_target(line, fields[1], rule);
	if (status == STATUS_OK)
		status = offset_read(line, fields[2], rule->target, rule->subs);
	if (status != STATUS_OK)
		return status;
	if (rule->subs[0].offset == OFFSET_MACRO)
		rule->flags |= RULE_FINDS_NOTHING;
	status = hex_pattern_read(line, fields[3], pattern_options(line, fields[2], rule),
				  program);
	return status;
}

/* `*` is any, which only this language writes so. */
static enum status read_target(const struct rule_line *line, struct span span,
			       struct rule *rule)
{
	if (line_is(line, span, "*"))
		return STATUS_OK;
	return target_read(line, span, &rule->target);
}

/*
 * clamscan wants three bytes of a pattern without wildcards for target 0, and for
 * target 1 at one offset alone.
 */
static unsigned pattern_options(const struct rule_line *line, struct span offset,
				const struct rule *rule)
{
	bool is_one_place = !line_is(line, offset, "*") && !line_is(line, offset, "VI") &&
			    line_find(line, offset, ',') == offset.end;

	if (rule->subs[0].offset == OFFSET_MACRO || rule->target > 1)
		return HEX_SHORT;
	return rule->target == 1 && !is_one_place ? HEX_SHORT : 0;
}
