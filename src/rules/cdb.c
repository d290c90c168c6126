/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules about members of containers, in the two forms that ClamAV has had:
 *
 *	cdb        Name:ContainerType:ContainerSize:FileName:PackedSize:Size:
 *	           IsEncrypted:Position:CRC:Unused[:MinFL[:MaxFL]]
 *	zmd, rmd   Name:IsEncrypted:FileName:Size:PackedSize:CRC:Method:Position:Depth
 *
 * Both become the same entry (match/member.h).
 */
#include "bytes/store.h"
#include "match/member.h"
#include "rules/ere_compile.h"
#include "rules/languages.h"
#include "rules/type_name.h"

enum { CDB_FIELDS = 10, CDB_FIELDS_MAX = 12, MD_FIELDS = 9 };

/* A rule in the making: where in the line its fields are. */
struct cdb {
	struct rule_line *line;
	struct span type; /* empty: any */
	struct span name;
	struct span ranges[MEMBER_RANGES];
	struct span encrypted;
	struct span crc;
	bool numbers_only; /* no ranges a-b */

	uint8_t head[6 + 16 * MEMBER_RANGES + 1];
};

static enum status read_md(struct rule_line *line, const char *type, struct rule *out);
static enum status make_entry(struct cdb *cdb, struct rule *rule);
static enum status put_flags(struct cdb *cdb);
static enum status put_range(struct cdb *cdb, unsigned index);
static enum status find_type(struct cdb *cdb, struct slice *out);

enum status cdb_read(struct arena *arena, struct slice text, struct rule *out,
		     struct rule_error *error)
{
	struct rule_line line = { text, arena, error };
	struct rule rule = { .language = RULE_CONTAINER };
	struct span fields[CDB_FIELDS_MAX];

	if (line_is_blank(text))
		return STATUS_END;
	size_t count = line_split(&line, line_whole(&line), ':', fields, CDB_FIELDS_MAX);
	if (count < CDB_FIELDS || count > CDB_FIELDS_MAX)
		return line_refuse(&line, line_whole(&line), STATUS_MALFORMED,
				   "not 10 fields, and perhaps two feature levels");
	struct cdb cdb = {
		.line = &line,
		.type = fields[1],
		.name = fields[3],
		.ranges = { fields[2], fields[4], fields[5], fields[7] },
		.encrypted = fields[6],
		.crc = fields[8],
	};
	enum status status = line_name(&line, fields[0], &rule);
	if (status == STATUS_OK)
		status = line_feature_levels(&line, &fields[CDB_FIELDS],
					     count - CDB_FIELDS);
	if (status == STATUS_OK)
		status = make_entry(&cdb, &rule);
	if (status == STATUS_OK)
		*out = rule;
	return status;
}

enum status zmd_read(struct arena *arena, struct slice text, struct rule *out,
		     struct rule_error *error)
{
	struct rule_line line = { text, arena, error };

	return read_md(&line, "CL_TYPE_ZIP", out);
}

enum status rmd_read(struct arena *arena, struct slice text, struct rule *out,
		     struct rule_error *error)
{
	struct rule_line line = { text, arena, error };

	return read_md(&line, "CL_TYPE_RAR", out);
}

/* The line, behind which the type of its container is put. */
static enum status read_md(struct rule_line *line, const char *type, struct rule *out)
{
	struct rule rule = { .language = RULE_CONTAINER };
	struct span fields[MD_FIELDS];
	struct slice text = line->bytes;

	if (line_is_blank(text))
		return STATUS_END;
	if (line_split(line, line_whole(line), ':', fields, MD_FIELDS) != MD_FIELDS)
		return line_refuse(line, line_whole(line), STATUS_MALFORMED,
				   "not 9 fields");
	uint8_t *both = arena_alloc(line->arena, text.len + strlen(type));
	if (!both)
		return STATUS_NO_MEMORY;
	memcpy(both, text.base, text.len);
	memcpy(&both[text.len], type, strlen(type));
	line->bytes = (struct slice){ both, text.len + strlen(type) };
	struct cdb cdb = {
		.line = line,
		.type = { text.len, line->bytes.len },
		.name = fields[2],
		.ranges = { [MEMBER_SIZE] = fields[3],
			    [MEMBER_PACKED] = fields[4],
			    [MEMBER_PLACE] = fields[7] },
		.encrypted = fields[1],
		.crc = fields[5],
		.numbers_only = true,
	};
	enum status status = line_name(line, fields[0], &rule);
	if (status == STATUS_OK)
		status = make_entry(&cdb, &rule);
	if (status == STATUS_OK)
		*out = rule;
	return status;
}

static enum status make_entry(struct cdb *cdb, struct rule *rule)
{
	struct rule_line *line = cdb->line;
	struct slice program = { 0 };
	struct slice type = { 0 };
	enum status status = find_type(cdb, &type);

	if (status == STATUS_OK)
		status = put_flags(cdb);
	for (unsigned i = 0; i < MEMBER_RANGES && status == STATUS_OK; i++)
		status = put_range(cdb, i);
	if (status == STATUS_OK && !line_is(line, cdb->name, "*"))
		status = ere_compile(line, cdb->name, 0, &program);
	if (status != STATUS_OK)
		return status;

	size_t len = sizeof(cdb->head) + type.len + program.len;
	uint8_t *data = arena_alloc(line->arena, len);
	if (!data)
		return STATUS_NO_MEMORY;
	cdb->head[sizeof(cdb->head) - 1] = (uint8_t)type.len;
	memcpy(data, cdb->head, sizeof(cdb->head));
	if (type.len > 0)
		memcpy(&data[sizeof(cdb->head)], type.base, type.len);
	if (program.len > 0)
		memcpy(&data[sizeof(cdb->head) + type.len], program.base, program.len);
	rule->data = (struct slice){ data, len };
	return STATUS_OK;
}

static enum status find_type(struct cdb *cdb, struct slice *out)
{
	if (line_is(cdb->line, cdb->type, "*") ||
	    line_is(cdb->line, cdb->type, "CL_TYPE_ANY"))
		return STATUS_OK;
	return type_name_read(cdb->line, cdb->type, out);
}

static enum status put_flags(struct cdb *cdb)
{
	const struct rule_line *line = cdb->line;
	uint32_t crc = 0;

	if (line_is(line, cdb->encrypted, "*"))
		cdb->head[0] = MEMBER_ENCRYPTED_ANY;
	else if (line_is(line, cdb->encrypted, "1"))
		cdb->head[0] = 1;
	else if (!line_is(line, cdb->encrypted, "0"))
		return line_refuse(line, cdb->encrypted, STATUS_MALFORMED,
				   "IsEncrypted is 0, 1 or *");

	if (line_is(line, cdb->crc, "*"))
		return STATUS_OK;
	if (span_len(cdb->crc) == 0 || span_len(cdb->crc) > 8)
		return line_refuse(line, cdb->crc, STATUS_MALFORMED,
				   "a CRC-32 is * or up to 8 hexadecimal digits");
	for (size_t at = cdb->crc.start; at < cdb->crc.end; at++) {
		int value = line_digit(line, at);

		if (value < 0)
			return line_refuse(line, cdb->crc, STATUS_MALFORMED,
					   "a CRC-32 is * or up to 8 hexadecimal digits");
		crc = crc << 4 | (uint32_t)value;
	}
	/* The older form, without ranges, is the one whose sum clamscan compares. */
	cdb->head[1] = cdb->numbers_only ? MEMBER_SUM_ALWAYS : MEMBER_SUM;
	store_u32le(&cdb->head[2], crc);
	return STATUS_OK;
}

/* n, or a-b, in which a 0 is no bound unless both are; * and what the form lacks: all. */
static enum status read_range(const struct cdb *cdb, struct span span, uint64_t *ret_min,
			      uint64_t *ret_max)
{
	const struct rule_line *line = cdb->line;
	struct span ends[2];
	uint64_t min, max;

	if (span.end == 0 || line_is(line, span, "*"))
		return STATUS_OK;
	size_t count = line_split(line, span, '-', ends, 2);
	if (count > 2 || (count == 2 && cdb->numbers_only) ||
	    !line_number(line, ends[0], INT64_MAX, &min) ||
	    !line_number(line, ends[count - 1], INT64_MAX, &max))
		return line_refuse(line, span, STATUS_MALFORMED,
				   cdb->numbers_only ? "not * or a number" :
						       "not *, a number or a range a-b");
	if (min != max && max == 0)
		max = MEMBER_UNKNOWN - 1;
	if (min > max)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "the range ends before it begins");
	*ret_min = min;
	*ret_max = max;
	return STATUS_OK;
}

static enum status put_range(struct cdb *cdb, unsigned index)
{
	uint64_t min = 0, max = MEMBER_UNKNOWN;
	enum status status = read_range(cdb, cdb->ranges[index], &min, &max);

	store_u64le(&cdb->head[6 + 16 * index], min);
	store_u64le(&cdb->head[6 + 16 * index + 8], max);
	return status;
}
