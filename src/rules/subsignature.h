/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One subsignature of a logical signature. Its kind is told by how it is written:
 *
 *	[Offset:]HexPattern[::options]
 *	[Offset:]Trigger/regular expression/[flags]
 *	id(offset#options#comparisons)
 *	${min-max}group$
 *	fuzzy_img#hash[#distance]
 */
#pragma once

#include "rules/line.h"

/* Where the subsignature stands. */
struct sub_where {
	unsigned target;
	unsigned index; /* its number in the rule */
};

/*
 *   OK           *out is the subsignature; whether its matches are counted is left to
 *                the caller
 *   MALFORMED, UNSUPPORTED   the line's error says where and why
 *   NO_MEMORY
 */
MUST_CHECK enum status subsignature_read(const struct rule_line *line, struct span span,
					 const struct sub_where *where,
					 struct rule_sub *out);

/* The kinds but hexadecimal patterns; as above. */
MUST_CHECK enum status regex_sub_read(const struct rule_line *line, struct span span,
				      const struct sub_where *where,
				      struct rule_sub *out);
MUST_CHECK enum status compare_sub_read(const struct rule_line *line, struct span span,
					struct rule_sub *out);
MUST_CHECK enum status macro_sub_read(const struct rule_line *line, struct span span,
				      struct rule_sub *out);
MUST_CHECK enum status image_sub_read(const struct rule_line *line, struct span span,
				      struct rule_sub *out);

/*
 * Cuts the rest of a line into subsignatures: at semicolons, but not inside of /…/,
 * where a slash behind a backslash is none. As line_split().
 */
size_t subsignature_split(const struct rule_line *line, struct span span,
			  struct span *fields, size_t max);
