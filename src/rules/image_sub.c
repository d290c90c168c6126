/* SPDX-License-Identifier: Apache-2.0 */
/* fuzzy_img#hash[#distance] */
#include "bytes/store.h"
#include "rules/subsignature.h"

enum { HASH_LEN = 8, FIELDS_MAX = 3 };

enum status image_sub_read(const struct rule_line *line, struct span span,
			   struct rule_sub *out)
{
	struct span fields[FIELDS_MAX];
	size_t count = line_split(line, span, '#', fields, FIELDS_MAX);
	uint64_t distance = 0;
	uint64_t hash = 0;

	if (count < 2 || count > FIELDS_MAX || span_len(fields[1]) != 2 * HASH_LEN)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "an image's hash is fuzzy_img# and 16 digits");
	for (size_t at = fields[1].start; at < fields[1].end; at++) {
		int digit = line_digit(line, at);

		if (digit < 0)
			return line_refuse(line, (struct span){ at, at + 1 },
					   STATUS_MALFORMED, "no hexadecimal digit");
		hash = hash << 4 | (unsigned)digit;
	}
	if (count == FIELDS_MAX && !line_number(line, fields[2], UINT32_MAX, &distance))
		return line_refuse(line, fields[2], STATUS_MALFORMED,
				   "a distance is a number");
	if (distance > 0)
		return line_refuse(line, fields[2], STATUS_MALFORMED,
				   "hashes of images are compared for equality only");

	uint8_t *data = arena_alloc(line->arena, HASH_LEN);
	if (!data)
		return STATUS_NO_MEMORY;
	store_u64le(data, hash);
	*out = (struct rule_sub){ .kind = SUB_IMAGE_HASH, .data = { data, HASH_LEN } };
	return STATUS_OK;
}
