/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the fuzz targets of rule languages: each line is read, and what comes of it must
 * be in order: a rule whose programs load, whose expression ends with one value and whose
 * literals are inside it; or a refusal that names a place in the line.
 */
#pragma once

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes/reader.h"
#include "database/anchor.h"
#include "match/expr.h"
#include "match/pattern_program.h"
#include "rules/rule.h"

enum { RULE_LINE_MAX = 32 * 1024 };

static inline bool fuzz_count(void *context, unsigned sub, uint64_t *ret_count)
{
	const struct rule *rule = context;

	assert(sub < rule->sub_count);
	*ret_count = sub & 1;
	return true;
}

static inline void fuzz_check_rule(struct rule *rule, struct arena *arena)
{
	struct pattern_program program;
	struct expr_value value;
	struct anchors anchors;

	assert(rule->name.len > 0);
	if (rule->language != RULE_NDB && rule->language != RULE_LDB)
		return;
	assert(rule->sub_count > 0);
	for (size_t i = 0; i < rule->sub_count; i++)
		for (size_t p = 0; p < rule->subs[i].program_count; p++)
			assert(pattern_load(rule->subs[i].programs[p], arena, &program) !=
			       STATUS_MALFORMED);
	assert(expr_run(rule->expression, fuzz_count, rule, &value));
	if (anchor_choose(rule, arena, &anchors) != STATUS_OK)
		return;
	for (size_t i = 0; i < anchors.count; i++) {
		const struct anchor *anchor = &anchors.list[i];
		size_t len = anchor->literal.len;
		size_t gram = len < FILTER_GRAM     ? FILTER_SHORT :
			      len < FILTER_LONG_MIN ? FILTER_GRAM :
						      FILTER_LONG_MIN;

		assert(anchor->literal.len <= FILTER_LITERAL_MAX);
		assert(anchor->gram_at + gram <= anchor->literal.len);
	}
}

static inline void fuzz_rule_lines(const char *name, const uint8_t *data, size_t size)
{
	const struct rule_reader *reader = rule_reader_of(slice_of(name));
	struct reader lines = reader_of(data, size);
	struct slice line;
	struct arena arena;

	arena_init(&arena, 16 << 20);
	while (reader_line(&lines, &line)) {
		struct arena_mark mark = arena_mark(&arena);
		struct rule_error error = { 0 };
		struct rule rule;

		if (line.len > RULE_LINE_MAX)
			continue;
		enum status status = reader->read(&arena, line, &rule, &error);
		if (status == STATUS_OK) {
			fuzz_check_rule(&rule, &arena);
		} else if (status == STATUS_MALFORMED || status == STATUS_UNSUPPORTED) {
			assert(error.message);
			assert(error.column <= line.len + 1);
			assert(error.detail.len <= line.len);
		} else {
			assert(status == STATUS_END || status == STATUS_NO_MEMORY);
		}
		arena_rewind(&arena, mark);
	}
	arena_clear(&arena);
}
