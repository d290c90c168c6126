/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/languages.h"
#include "rules/line.h"

enum status ldb_read(struct arena *arena, struct slice text, struct rule *out,
		     struct rule_error *error)
{
	struct rule_line line = { text, arena, error };
	(void)out;
	return line_refuse(&line, line_whole(&line), STATUS_UNSUPPORTED,
			   "not built yet: logical signatures");
}
