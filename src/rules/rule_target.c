/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rule_target.h"

#include "type/type.h"

enum status target_read(const struct rule_line *line, struct span span, uint8_t *out)
{
	uint64_t target;

	if (!line_number(line, span, UINT64_MAX, &target))
		return line_refuse(line, span, STATUS_MALFORMED,
				   "a target is a decimal number from 0 to 14");
	if (target >= TARGET_COUNT)
		return line_skip(line, span, "an unknown target");
	*out = (uint8_t)target;
	return STATUS_OK;
}
