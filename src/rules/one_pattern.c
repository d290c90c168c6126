/* SPDX-License-Identifier: Apache-2.0 */
/* What rules of db, ndb and ftm are, all of which have one pattern. */
#include "match/expr.h"
#include "rules/rule.h"

enum status rule_of_one_pattern(struct arena *arena, struct rule *rule,
				struct slice **ret_program)
{
	static const uint8_t expression[] = { EXPR_SUB, 0 };
	struct rule_sub *sub = arena_new(arena, struct rule_sub);
	struct slice *program = arena_new(arena, struct slice);

	if (!sub || !program)
		return STATUS_NO_MEMORY;
	*sub = (struct rule_sub){ .kind = SUB_PATTERN,
				  .programs = program,
				  .program_count = 1 };
	rule->subs = sub;
	rule->sub_count = 1;
	rule->expression = (struct slice){ expression, sizeof(expression) };
	*ret_program = program;
	return STATUS_OK;
}
