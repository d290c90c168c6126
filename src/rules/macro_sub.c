/* SPDX-License-Identifier: Apache-2.0 */
/* ${min-max}group$ */
#include "bytes/store.h"
#include "match/macro.h"
#include "rules/subsignature.h"

static enum status refuse(const struct rule_line *line, struct span span);

enum status macro_sub_read(const struct rule_line *line, struct span span,
			   struct rule_sub *out)
{
	struct span inside = { span.start + 2, line_find(line, span, '}') };
	struct span ends[2];
	uint64_t min, max, group;

	if (inside.end == span.end || line_byte(line, span.end - 1) != '$')
		return refuse(line, span);
	struct span number = { inside.end + 1, span.end - 1 };
	if (number.start > number.end || line_split(line, inside, '-', ends, 2) != 2 ||
	    !line_number(line, ends[0], UINT32_MAX, &min) ||
	    !line_number(line, ends[1], UINT32_MAX, &max))
		return refuse(line, span);
	if (!line_number(line, number, MACRO_GROUPS - 1, &group))
		return line_refuse(line, number, STATUS_MALFORMED,
				   "groups of macros are numbered from 0 to 31");
	if (min > max)
		return line_refuse(line, inside, STATUS_MALFORMED,
				   "the distance ends before it begins");

	uint8_t *data = arena_alloc(line->arena, MACRO_DATA_LEN);
	if (!data)
		return STATUS_NO_MEMORY;
	store_u32le(&data[0], (uint32_t)min);
	store_u32le(&data[4], (uint32_t)max);
	data[8] = (uint8_t)group;
	*out = (struct rule_sub){ .kind = SUB_MACRO, .data = { data, MACRO_DATA_LEN } };
	return STATUS_OK;
}

static enum status refuse(const struct rule_line *line, struct span span)
{
	return line_refuse(line, span, STATUS_MALFORMED, "a macro is ${min-max}group$");
}
