/* SPDX-License-Identifier: Apache-2.0 */
/* Names of file types as ClamAV's rules write them. */
#pragma once

#include "rules/line.h"

/*
 * CL_TYPE_X: *out is X, in the line. OK, or UNSUPPORTED: the line is skipped, as no
 * such type is known.
 */
MUST_CHECK enum status type_name_read(const struct rule_line *line, struct span span,
				      struct slice *out);
