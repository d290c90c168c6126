/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The oldest signatures: Name=HexSignature. One pattern, anywhere in any object; nothing
 * else can be said.
 */
#include "rules/hex_pattern.h"
#include "rules/languages.h"
#include "rules/line.h"

enum { FIELDS = 2 };

static enum status read_fields(const struct rule_line *line, const struct span *fields,
			       struct rule *rule);

enum status db_read(struct arena *arena, struct slice text, struct rule *out,
		    struct rule_error *error)
{
	struct rule_line line = { text, arena, error };
	struct rule rule = { .language = RULE_NDB };
	struct span fields[FIELDS];

	if (line_is_blank(text))
		return STATUS_END;
	size_t count = line_split(&line, line_whole(&line), '=', fields, FIELDS);
	if (count < FIELDS)
		return line_refuse(&line, line_whole(&line), STATUS_MALFORMED,
				   "no = between a name and a pattern");
	if (count > FIELDS)
		return line_refuse(&line, line_behind(&line, fields[FIELDS - 1]),
				   STATUS_MALFORMED, "more than one =");
	enum status status = read_fields(&line, fields, &rule);
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
		status = hex_pattern_read(line, fields[1], 0, program);
	return status;
}
