/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of rules to leave out, by name: `Name`, or `Name:MD5` for only the
 * rule whose whole line has that digest, or the old form
 * `Database:Line:Name`, of which only the name counts.
 */
#include "base/digest.h"
#include "rules/languages.h"
#include "rules/line.h"

enum { FIELDS_MAX = 3 };

enum status ignore_read(struct arena *arena, struct slice text, struct rule *out,
			struct rule_error *error)
{
	struct rule_line line = { text, arena, error };
	struct rule rule = { .language = RULE_IGNORE };
	struct span fields[FIELDS_MAX];
	struct digest digest;

	if (line_is_blank(text))
		return STATUS_END;
	size_t count = line_split(&line, line_whole(&line), ':', fields, FIELDS_MAX);
	if (count > FIELDS_MAX)
		return line_refuse(
			&line, line_behind(&line, fields[FIELDS_MAX - 1]),
			STATUS_MALFORMED,
			"too many fields: Name, Name:MD5 or Database:Line:Name");
	if (count == 2) {
		if (span_len(fields[1]) != 32 ||
		    !digest_parse(line_slice(&line, fields[1]), &digest))
			return line_refuse(&line, fields[1], STATUS_MALFORMED,
					   "the MD5 of a line has 32 hexadecimal digits");
		rule.has_line_digest = true;
		memcpy(rule.line_digest, digest.bytes, sizeof(rule.line_digest));
	}
	enum status status = line_name(&line, fields[count == 3 ? 2 : 0], &rule);
	if (status == STATUS_OK)
		*out = rule;
	return status;
}
