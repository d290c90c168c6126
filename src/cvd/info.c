/* SPDX-License-Identifier: Apache-2.0 */
#include "cvd/info.h"

#include "bytes/reader.h"
#include "cvd/field.h"
#include "cvd/signature.h"

enum { SHA256_LEN = 32, MEMBER_FIELDS = 3 };

static enum status read_member(struct slice line, struct cvd_info *info);

static bool starts(struct slice line, const char *with)
{
	struct reader reader = reader_of_slice(line);

	return reader_has(&reader, 0, slice_of(with));
}

bool cvd_info_is_name(struct slice name)
{
	struct reader reader = reader_of_slice(name);

	return name.len > 5 && reader_has(&reader, name.len - 5, slice_of(".info"));
}

enum status cvd_info_read(struct slice text, struct arena *arena, struct cvd_info *out)
{
	struct reader lines = reader_of_slice(text);
	struct cvd_info info = { .signed_text = text };
	struct slice line;

	if (!reader_line(&lines, &line))
		return STATUS_MALFORMED;
	enum status status = cvd_header_read(line, &info.header);
	info.members = arena_new_array(arena, struct cvd_info_member, CVD_MEMBERS_MAX);
	if (!info.members)
		return STATUS_NO_MEMORY;
	while (status == STATUS_OK) {
		size_t start = lines.pos;

		if (!reader_line(&lines, &line))
			break;
		if (starts(line, "DSIG:")) {
			struct reader signature = reader_of_slice(line);

			/* The signature is the last line, or it is none. */
			if (reader_left(&lines) > 0)
				return STATUS_MALFORMED;
			reader_skip(&signature, 5);
			info.signature = reader_rest(&signature);
			info.signed_text.len = start;
			break;
		}
		status = read_member(line, &info);
	}
	if (status == STATUS_OK)
		*out = info;
	return status;
}

const struct cvd_info_member *cvd_info_find(const struct cvd_info *info,
					    struct slice name)
{
	for (size_t i = 0; i < info->member_count; i++)
		if (slice_equal(info->members[i].name, name))
			return &info->members[i];
	return NULL;
}

enum status cvd_info_verify(const struct cvd_info *info, struct digest_state *state)
{
	struct digest sha256;
	enum status status = digest_of(state, DIGEST_SHA256, info->signed_text, &sha256);

	if (status != STATUS_OK)
		return status;
	return cvd_signature_of_sha256(&cvd_keys[CVD_KEY_INFO], info->signature, &sha256,
				       state);
}

static enum status read_member(struct slice line, struct cvd_info *info)
{
	struct slice fields[MEMBER_FIELDS];
	struct cvd_info_member member = { 0 };

	if (field_split(line, ':', fields, MEMBER_FIELDS) != MEMBER_FIELDS ||
	    fields[0].len == 0 || !field_number(fields[1], INT64_MAX, &member.size) ||
	    !digest_parse(fields[2], &member.sha256) || member.sha256.len != SHA256_LEN)
		return STATUS_MALFORMED;
	if (cvd_info_find(info, fields[0]))
		return STATUS_MALFORMED;
	if (info->member_count == CVD_MEMBERS_MAX)
		return STATUS_LIMIT;
	member.name = fields[0];
	info->members[info->member_count++] = member;
	return STATUS_OK;
}
