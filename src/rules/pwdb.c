/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passwords of containers: Name;Engine:min-max[,Container:CL_TYPE_X];Storage;Password.
 * Storage 0 is the password as it is, with all that follows; 1 is hexadecimal. The data
 * of an entry:
 *
 *	u8 length and name of the container's type (empty: any), the password
 */
#include "rules/languages.h"
#include "rules/line.h"
#include "rules/type_name.h"

enum { FIELDS = 4, KEYS_MAX = 16, CONTAINER_LEVEL = 51 };

static enum status read_conditions(const struct rule_line *line, struct span span,
				   struct slice *ret_type);
static enum status read_password(const struct rule_line *line, const struct span *fields,
				 struct slice *out);

enum status pwdb_read(struct arena *arena, struct slice text, struct rule *out,
		      struct rule_error *error)
{
	struct rule_line line = { text, arena, error };
	struct rule rule = { .language = RULE_PASSWORD, .flags = RULE_FINDS_NOTHING };
	struct slice type = { 0 };
	struct slice password;
	struct span fields[FIELDS];

	if (line_is_blank(text))
		return STATUS_END;
	if (line_split(&line, line_whole(&line), ';', fields, FIELDS) < FIELDS)
		return line_refuse(&line, line_whole(&line), STATUS_MALFORMED,
				   "not 4 fields: Name;Conditions;Storage;Password");
	fields[FIELDS - 1].end = text.len;
	enum status status = line_name(&line, fields[0], &rule);
	if (status == STATUS_OK)
		status = read_conditions(&line, fields[1], &type);
	if (status == STATUS_OK)
		status = read_password(&line, fields, &password);
	if (status != STATUS_OK)
		return status;
	uint8_t *data = arena_alloc(arena, 1 + type.len + password.len);
	if (!data)
		return STATUS_NO_MEMORY;
	data[0] = (uint8_t)type.len;
	if (type.len > 0)
		memcpy(&data[1], type.base, type.len);
	memcpy(&data[1 + type.len], password.base, password.len);
	rule.data = (struct slice){ data, 1 + type.len + password.len };
	*out = rule;
	return STATUS_OK;
}

/* `min-max` of Engine. */
static enum status read_engine(const struct rule_line *line, struct span span,
			       uint64_t *ret_level)
{
	struct span ends[2];

	if (line_split(line, span, '-', ends, 2) != 2 ||
	    !line_number(line, ends[0], INT32_MAX, ret_level))
		return line_refuse(line, span, STATUS_MALFORMED,
				   "Engine is a lowest and a highest feature level");
	return line_feature_levels(line, ends, 2);
}

static enum status read_container(const struct rule_line *line, struct span span,
				  struct slice *ret_type)
{
	if (line_is(line, span, "CL_TYPE_ANY"))
		return STATUS_OK;
	enum status status = type_name_read(line, span, ret_type);
	if (status == STATUS_OK && !slice_is(*ret_type, "ZIP") &&
	    !slice_is(*ret_type, "RAR"))
		return line_refuse(line, span, STATUS_MALFORMED,
				   "passwords are for CL_TYPE_ZIP, _RAR and _ANY");
	return status;
}

static enum status read_conditions(const struct rule_line *line, struct span span,
				   struct slice *ret_type)
{
	static const char engine[] = "Engine:", container[] = "Container:";
	struct span keys[KEYS_MAX];
	size_t count = line_split(line, span, ',', keys, KEYS_MAX);
	enum status status = STATUS_OK;
	uint64_t level = 0;

	if (count > KEYS_MAX)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "more than 16 conditions");
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		struct span key = keys[i];

		if (i == 0 && line_starts(line, key, engine)) {
			key.start += strlen(engine);
			status = read_engine(line, key, &level);
		} else if (!line_starts(line, key, container)) {
			return line_refuse(line, key, STATUS_MALFORMED,
					   "of a password only Engine, which comes "
					   "first, and Container are asked");
		} else if (level < CONTAINER_LEVEL) {
			return line_refuse(line, key, STATUS_MALFORMED,
					   "this needs Engine:51-255 or more in front");
		} else {
			key.start += strlen(container);
			status = read_container(line, key, ret_type);
		}
	}
	return status;
}

static enum status read_password(const struct rule_line *line, const struct span *fields,
				 struct slice *out)
{
	struct span text = fields[3];

	if (line_is(line, fields[2], "0")) {
		*out = line_slice(line, text);
		if (out->len == 0)
			return line_refuse(line, text, STATUS_MALFORMED,
					   "the password is empty");
		return STATUS_OK;
	}
	if (!line_is(line, fields[2], "1"))
		return line_skip(line, fields[2], "an unknown form of passwords");
	return line_hex(line, text, out);
}
