/* SPDX-License-Identifier: Apache-2.0 */
#include "cvd/header.h"

#include "cvd/field.h"

/* Those of the fields that have no name here. */
enum { MAGIC, TIME, VERSION, RULES, LEVEL, MD5, SIGNATURE, BUILDER, SECONDS, FIELDS };

/* Far beyond any time that a calendar is asked for. */
#define SECONDS_MAX (UINT64_C(1) << 40)

static struct slice without_padding(struct slice line)
{
	while (line.len > 0 &&
	       (line.base[line.len - 1] == ' ' || line.base[line.len - 1] == '\0'))
		line.len--;
	return line;
}

enum status cvd_header_read(struct slice line, struct cvd_header *out)
{
	struct slice fields[FIELDS];
	uint64_t version, rules, level, seconds = 0;
	size_t count = field_split(without_padding(line), ':', fields, FIELDS);

	/* The oldest ones do not say the time in seconds. */
	if (count < SECONDS || count > FIELDS || !slice_is(fields[MAGIC], "ClamAV-VDB"))
		return STATUS_MALFORMED;
	if (!field_number(fields[VERSION], UINT32_MAX, &version) ||
	    !field_number(fields[RULES], UINT32_MAX, &rules) ||
	    !field_number(fields[LEVEL], UINT32_MAX, &level))
		return STATUS_MALFORMED;
	if (count == FIELDS && !field_number(fields[SECONDS], SECONDS_MAX, &seconds))
		return STATUS_MALFORMED;
	*out = (struct cvd_header){
		.time = fields[TIME],
		.version = (uint32_t)version,
		.rules = (uint32_t)rules,
		.level = (uint32_t)level,
		.md5 = fields[MD5],
		.signature = fields[SIGNATURE],
		.builder = fields[BUILDER],
		.built_at = seconds,
	};
	return STATUS_OK;
}
