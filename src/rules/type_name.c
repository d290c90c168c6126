/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/type_name.h"

#include "type/type.h"

enum status type_name_read(const struct rule_line *line, struct span span,
			   struct slice *out)
{
	static const char prefix[] = "CL_TYPE_";
	struct span name = { span.start + strlen(prefix), span.end };
	enum file_type type;

	if (!line_starts(line, span, prefix) ||
	    !type_parse(line_slice(line, name), &type))
		return line_skip(line, span, "an unknown file type");
	*out = line_slice(line, name);
	return STATUS_OK;
}
