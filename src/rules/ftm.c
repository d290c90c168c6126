/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What files of a type look like:
 *
 *	Kind:Offset:Magic:Name:RequiredType:DetectedType[:MinFL[:MaxFL]]
 *
 * Kind 0, bytes at an offset near the start, and 4, the same of a partition, become
 * entries. Kind 1, a pattern anywhere, becomes a rule with a pattern that finds nothing
 * and asks for the object to be looked at as that type, too. The data of an entry:
 *
 *	u32 offset, u8 length and name of the type, the bytes
 */
#include "bytes/store.h"
#include "match/entry.h"
#include "match/expr.h"
#include "rules/hex_pattern.h"
#include "rules/languages.h"
#include "rules/line.h"
#include "rules/offset.h"
#include "rules/type_name.h"

enum { FIELDS_MIN = 6, FIELDS_MAX = 8 };

static enum status read_magic(const struct rule_line *line, const struct span *fields,
			      struct rule *rule);
static enum status read_pattern(const struct rule_line *line, const struct span *fields,
				struct rule *rule);

enum status ftm_read(struct arena *arena, struct slice text, struct rule *out,
		     struct rule_error *error)
{
	struct rule_line line = { text, arena, error };
	struct rule rule = { .language = RULE_FILE_TYPE, .flags = RULE_FINDS_NOTHING };
	struct span fields[FIELDS_MAX];
	struct slice required;

	if (line_is_blank(text))
		return STATUS_END;
	size_t count = line_split(&line, line_whole(&line), ':', fields, FIELDS_MAX);
	if (count < FIELDS_MIN || count > FIELDS_MAX)
		return line_refuse(&line, line_whole(&line), STATUS_MALFORMED,
				   "not 6 fields, and perhaps two feature levels");
	enum status status = line_feature_levels(&line, &fields[FIELDS_MIN],
						 count - FIELDS_MIN);
	if (status == STATUS_OK)
		status = line_name(&line, fields[3], &rule);
	if (status == STATUS_OK)
		status = type_name_read(&line, fields[4], &required);
	if (status != STATUS_OK)
		return status;
	if (line_is(&line, fields[0], "1"))
		status = read_pattern(&line, fields, &rule);
	else if (line_is(&line, fields[0], "0") || line_is(&line, fields[0], "4"))
		status = read_magic(&line, fields, &rule);
	else
		return line_skip(&line, fields[0], "an unknown kind of magic");
	if (status == STATUS_OK)
		*out = rule;
	return status;
}

static enum status read_magic(const struct rule_line *line, const struct span *fields,
			      struct rule *rule)
{
	struct slice type, magic;
	uint64_t offset;
	enum status status = type_name_read(line, fields[5], &type);

	if (status == STATUS_OK)
		status = line_hex(line, fields[2], &magic);
	if (status != STATUS_OK)
		return status;
	if (!line_number(line, fields[1], UINT32_MAX, &offset))
		return line_refuse(line, fields[1], STATUS_MALFORMED,
				   "the offset of bytes is a decimal number");
	size_t len = 5 + type.len + magic.len;
	uint8_t *data = arena_alloc(line->arena, len);
	if (!data)
		return STATUS_NO_MEMORY;
	store_u32le(data, (uint32_t)offset);
	data[4] = (uint8_t)type.len;
	memcpy(&data[5], type.base, type.len);
	memcpy(&data[5 + type.len], magic.base, magic.len);
	rule->data = (struct slice){ data, len };
	rule->entry_kind = line_is(line, fields[0], "4") ? FILE_TYPE_PARTITION :
							   FILE_TYPE_HEAD;
	return STATUS_OK;
}

static enum status read_pattern(const struct rule_line *line, const struct span *fields,
				struct rule *rule)
{
	struct slice *program, type;
	enum status status = rule_of_one_pattern(line->arena, rule, &program);

	rule->entry_kind = FILE_TYPE_PATTERN;
	rule->flags |= RULE_RETYPES;
	if (status == STATUS_OK)
		status = type_name_read(line, fields[5], &type);
	if (status == STATUS_OK)
		status = offset_read(line, fields[1], 0, rule->subs);
	if (status == STATUS_OK)
		status = hex_pattern_read(line, fields[2], HEX_SHORT, program);
	if (status != STATUS_OK)
		return status;
	uint8_t *condition = arena_alloc(line->arena, 2 + type.len);
	if (!condition)
		return STATUS_NO_MEMORY;
	condition[0] = COND_RETYPE;
	condition[1] = (uint8_t)type.len;
	memcpy(&condition[2], type.base, type.len);
	rule->condition = (struct slice){ condition, 2 + type.len };
	return STATUS_OK;
}
