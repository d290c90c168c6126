/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hash lists: Hash:Size:Name[:MinFL[:MaxFL]], and of sections of PE files, where the
 * size comes first, and of their imports. The kind of digest follows from the number of
 * hex digits, whatever the file is called. Size `*` is any size, which needs a MinFL of
 * at least 73 (older engines took it for a number), but for imports.
 */
#include "base/digest.h"
#include "rules/languages.h"
#include "rules/line.h"

enum { ANY_SIZE_LEVEL = 73, FIELDS_MAX = 5 };

static enum status read_line(struct arena *arena, struct slice text, struct rule *out,
			     struct rule_error *error);
static enum status read_digest(const struct rule_line *line, struct span span,
			       struct rule *out);
static enum status read_size(const struct rule_line *line, const struct span *fields,
			     size_t count, struct rule *out);

enum status hash_line_read(struct arena *arena, struct slice line, struct rule *out,
			   struct rule_error *error)
{
	struct rule rule = { .language = RULE_HASH, .scope = HASH_OF_OBJECT };
	enum status status = read_line(arena, line, &rule, error);

	if (status == STATUS_OK)
		*out = rule;
	return status;
}

enum status section_hash_read(struct arena *arena, struct slice line, struct rule *out,
			      struct rule_error *error)
{
	struct rule rule = { .language = RULE_HASH, .scope = HASH_OF_PE_SECTION };
	enum status status = read_line(arena, line, &rule, error);

	if (status == STATUS_OK)
		*out = rule;
	return status;
}

enum status import_hash_read(struct arena *arena, struct slice line, struct rule *out,
			     struct rule_error *error)
{
	struct rule rule = { .language = RULE_HASH, .scope = HASH_OF_PE_IMPORTS };
	enum status status = read_line(arena, line, &rule, error);

	if (status == STATUS_OK)
		*out = rule;
	return status;
}

enum status allow_line_read(struct arena *arena, struct slice line, struct rule *out,
			    struct rule_error *error)
{
	struct rule rule = { .language = RULE_ALLOW, .scope = HASH_ALLOWED };
	enum status status = read_line(arena, line, &rule, error);

	if (status == STATUS_OK)
		*out = rule;
	return status;
}

static enum status read_line(struct arena *arena, struct slice text, struct rule *out,
			     struct rule_error *error)
{
	struct rule_line line = { text, arena, error };
	struct span fields[FIELDS_MAX];

	if (line_is_blank(text))
		return STATUS_END;
	size_t count = line_split(&line, line_whole(&line), ':', fields, FIELDS_MAX);
	if (count < 3)
		return line_refuse(
			&line, line_whole(&line), STATUS_MALFORMED,
			"too few fields: a hash, a size and a name are needed");
	if (count > FIELDS_MAX)
		return line_refuse(
			&line, line_behind(&line, fields[FIELDS_MAX - 1]),
			STATUS_MALFORMED,
			"too many fields: nothing may follow the highest level");

	if (out->scope == HASH_OF_PE_SECTION) {
		struct span size = fields[0];

		fields[0] = fields[1];
		fields[1] = size;
	}
	enum status status = read_digest(&line, fields[0], out);
	if (status == STATUS_OK)
		status = read_size(&line, fields, count, out);
	if (status == STATUS_OK)
		status = line_name(&line, fields[2], out);
	if (status == STATUS_OK)
		status = line_feature_levels(&line, &fields[3], count - 3);
	return status;
}

static enum status read_digest(const struct rule_line *line, struct span span,
			       struct rule *out)
{
	struct digest digest;

	if (!digest_parse(line_slice(line, span), &digest))
		return line_refuse(line, span, STATUS_MALFORMED,
				   "a hash has 32, 40 or 64 hexadecimal digits");
	out->digest_kind = DIGEST_MD5;
	while (digest_len((enum digest_kind)out->digest_kind) != digest.len)
		out->digest_kind++;
	memcpy(out->digest, digest.bytes, digest.len);
	return STATUS_OK;
}

static enum status read_size(const struct rule_line *line, const struct span *fields,
			     size_t count, struct rule *out)
{
	uint64_t value;

	if (line_is(line, fields[1], "*")) {
		out->size = HASH_ANY_SIZE;
		/* clamscan asks it of all but these. */
		if (out->scope == HASH_OF_PE_IMPORTS)
			return STATUS_OK;
		if (count > 3 && line_number(line, fields[3], INT32_MAX, &value) &&
		    value >= ANY_SIZE_LEVEL)
			return STATUS_OK;
		return line_refuse(line, fields[1], STATUS_MALFORMED,
				   "size * needs a lowest feature level of 73 or more");
	}
	if (!line_number(line, fields[1], HASH_ANY_SIZE - 1, &value) || value == 0)
		return line_refuse(line, fields[1], STATUS_MALFORMED,
				   "a size is * or a number from 1 to 4294967294");
	out->size = (uint32_t)value;
	return STATUS_OK;
}
