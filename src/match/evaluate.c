/* SPDX-License-Identifier: Apache-2.0 */
#include "match/evaluate.h"

#include "base/checked.h"
#include "match/expr.h"
#include "match/pattern_find.h"
#include "match/watch.h"

/* What is known of the subsignatures of the rule at hand. */
struct sub_state {
	bool is_known[EXPR_SUBS_MAX];
	struct pattern_matches matches[EXPR_SUBS_MAX];
};

/* Where the matches of a subsignature may start: in a range, or at single places. */
struct places {
	struct pattern_range range;
	const struct pe_version *version; /* NULL: the range */
};

struct rule_state {
	struct evaluator *evaluator;
	const struct tables *tables;
	struct rule_record rule;
	uint64_t count_max;
	struct sub_state subs;
	enum status status; /* why a count could not be told */
};

static enum status run_expression(struct evaluator *evaluator, uint32_t segment,
				  uint32_t id, const struct rule_record *rule);
static enum status open_text(struct evaluator *evaluator);
static enum status find_places(struct rule_state *state, const struct sub_record *sub,
			       struct sub_report *report);
static void tell_hit(const struct rule_state *state, uint64_t subs, uint32_t segment,
		     uint32_t id);
static bool count_sub(void *context, unsigned id, uint64_t *ret_count);
static enum status find_sub(struct rule_state *state, unsigned id);
static enum status places_of(struct evaluator *evaluator, const struct sub_record *sub,
			     struct places *out);
static enum status find_at(const struct pattern_search *search, struct slice programs,
			   const struct places *places, uint64_t want,
			   struct pattern_matches *out);
static bool range_of(const struct sub_record *sub, const struct match_object *object,
		     struct pattern_range *out);
static bool section_range(const struct executable *executable, size_t index,
			  struct pattern_range *out);

void evaluator_init(struct evaluator *evaluator, const struct matcher *matcher,
		    const struct match_object *object, const struct source *bytes)
{
	*evaluator = (struct evaluator){
		.matcher = matcher,
		.object = object,
		.facts = { .matcher = matcher, .object = object },
		.bytes = *bytes,
		.budget = budget_of(0, matcher->clock, matcher->limits.deadline_ms),
		.steps_left = matcher->limits.steps_max,
	};
}

enum status evaluator_run(struct evaluator *evaluator, uint32_t segment, uint32_t id)
{
	const struct tables *tables = &evaluator->matcher->segments[segment];
	const struct match_events *events = &evaluator->matcher->events;
	const struct match_watch *watch = evaluator->matcher->watch;
	struct rule_record rule = table_rule(tables, id);
	uint64_t share = evaluator->steps_left / 4;
	struct slice condition;

	if (rule.target != TARGET_ANY && rule.target != evaluator->object->target)
		return STATUS_OK;
	condition = table_bytes(tables, SECTION_CONDITIONS, rule.condition,
				rule.condition_len);
	if (condition.len != rule.condition_len ||
	    !condition_holds(condition, evaluator->object))
		return STATUS_OK;

	evaluator->budget.status = STATUS_OK;
	evaluator->budget.steps = share;
	if (!budget_check_time(&evaluator->budget))
		return STATUS_TIME;
	if (watch && watch->begin)
		watch->begin(watch->context);
	enum status status = run_expression(evaluator, segment, id, &rule);
	if (watch && watch->end)
		watch->end(watch->context, segment, id, share - evaluator->budget.steps);
	evaluator->steps_left -= share - evaluator->budget.steps;
	if (status == STATUS_LIMIT || status == STATUS_NO_MEMORY) {
		events->cut(events->context, segment, id);
		status = STATUS_OK;
	}
	return status;
}

static enum status run_expression(struct evaluator *evaluator, uint32_t segment,
				  uint32_t id, const struct rule_record *rule)
{
	const struct tables *tables = &evaluator->matcher->segments[segment];
	struct slice expression = table_bytes(tables, SECTION_CONDITIONS,
					      rule->expression, rule->expression_len);
	struct rule_state state = {
		.evaluator = evaluator,
		.tables = tables,
		.rule = *rule,
		.count_max = expr_count_max(expression),
	};
	struct expr_value value;
	enum status status = open_text(evaluator);

	if (status != STATUS_OK)
		return status;
	/* A rule costs something even if it asks for nothing. */
	if (!budget_take(&evaluator->budget, 1 + expression.len))
		return evaluator->budget.status;
	if (!expr_run(expression, count_sub, &state, &value))
		return state.status;
	if (value.holds)
		tell_hit(&state, value.subs, segment, id);
	return STATUS_OK;
}

static enum status open_text(struct evaluator *evaluator)
{
	if (evaluator->is_open)
		return STATUS_OK;
	enum status status = text_open(&evaluator->text, &evaluator->bytes,
				       evaluator->matcher->arena, TEXT_WINDOW_LEN);
	evaluator->is_open = status == STATUS_OK;
	return status;
}

/* Where: the first match of the lowest subsignature that is part of why the rule holds. */
static void tell_hit(const struct rule_state *state, uint64_t subs, uint32_t segment,
		     uint32_t id)
{
	const struct match_events *events = &state->evaluator->matcher->events;
	struct pattern_matches first = { 0 };

	for (size_t i = EXPR_SUBS_MAX; i-- > 0;)
		if (subs >> i & 1 && state->subs.matches[i].count > 0)
			first = state->subs.matches[i];
	events->hit(events->context, segment, id, first.offset, first.len);
}

static bool count_sub(void *context, unsigned id, uint64_t *ret_count)
{
	struct rule_state *state = context;

	if (!state->subs.is_known[id]) {
		state->status = find_sub(state, id);
		if (state->status != STATUS_OK)
			return false;
		state->subs.is_known[id] = true;
	}
	*ret_count = state->subs.matches[id].count;
	return true;
}

static enum status find_sub(struct rule_state *state, unsigned id)
{
	struct evaluator *evaluator = state->evaluator;
	struct pattern_search search = {
		.text = &evaluator->text,
		.budget = &evaluator->budget,
		.arena = evaluator->matcher->arena,
	};
	struct places places;
	uint64_t index;

	if (id >= state->rule.sub_count || !add_u64(state->rule.sub_first, id, &index) ||
	    index > UINT32_MAX)
		return STATUS_OK;
	struct sub_record sub = table_sub(state->tables, (uint32_t)index);
	if (sub.kind != SUB_PATTERN)
		return STATUS_OK;
	/* Before the mark: what is learned of the object stays. */
	enum status status = places_of(evaluator, &sub, &places);
	if (status != STATUS_OK)
		return status == STATUS_END ? STATUS_OK : status;
	uint64_t want = 1;
	if (sub.flags & SUB_COUNTED)
		want = state->count_max;
	struct arena_mark mark = arena_mark(search.arena);
	struct slice programs;
	status = table_sub_data(state->tables, &sub, search.arena, &programs);
	if (status == STATUS_OK)
		status = find_at(&search, programs, &places, want,
				 &state->subs.matches[id]);
	arena_rewind(search.arena, mark);
	return status;
}

/* END: nowhere, since what the offset refers to is not there. */
static enum status places_of(struct evaluator *evaluator, const struct sub_record *sub,
			     struct places *out)
{
	struct places places = { 0 };
	enum status status = STATUS_OK;

	if (sub->offset_kind == OFFSET_VERSION_INFO)
		status = facts_version(&evaluator->facts, &places.version);
	else if (!range_of(sub, evaluator->object, &places.range))
		return STATUS_END;
	if (status == STATUS_OK)
		*out = places;
	return status;
}

static enum status find_at(const struct pattern_search *search, struct slice programs,
			   const struct places *places, uint64_t want,
			   struct pattern_matches *out)
{
	struct pattern_matches all = { 0 };
	enum status status = STATUS_OK;

	if (!places->version)
		return pattern_find(search, programs, places->range, want, out);
	for (size_t i = 0; i < places->version->count && all.count < want; i++) {
		uint64_t at = places->version->pairs[i];
		struct pattern_matches here = { 0 };

		status = pattern_find(search, programs, (struct pattern_range){ at, at },
				      want - all.count, &here);
		if (status != STATUS_OK)
			return status;
		if (all.count == 0)
			all = here;
		else
			all.count += here.count;
	}
	*out = all;
	return status;
}

enum status evaluator_ready(struct evaluator *evaluator)
{
	evaluator->budget.status = STATUS_OK;
	evaluator->budget.steps = evaluator->steps_left;
	return open_text(evaluator);
}

enum status evaluator_sub(struct evaluator *evaluator, uint32_t segment, uint32_t rule,
			  unsigned sub, struct sub_report *out)
{
	const struct tables *tables = &evaluator->matcher->segments[segment];
	struct rule_state state = {
		.evaluator = evaluator,
		.tables = tables,
		.rule = table_rule(tables, rule),
		.count_max = SUB_COUNT_SHOWN,
	};
	struct sub_record record = table_sub(tables, state.rule.sub_first + sub);
	struct sub_report report = { 0 };
	enum status status = evaluator_ready(evaluator);
	uint64_t count;

	if (status != STATUS_OK)
		return status;
	bool is_plain = range_of(&record, evaluator->object, &report.range);
	report.has_range = is_plain || record.offset_kind == OFFSET_VERSION_INFO ||
			   record.offset_kind == OFFSET_MACRO;
	if (!is_plain)
		report.range.last = UINT64_MAX;
	if (!count_sub(&state, sub, &count))
		return state.status;
	report.matches = state.subs.matches[sub];
	if (report.matches.count > 0)
		report.places[report.place_count++] = report.matches.offset;
	if (record.kind == SUB_PATTERN && is_plain)
		status = find_places(&state, &record, &report);
	if (status == STATUS_OK)
		*out = report;
	return status;
}

/* The first is known; its expression may have stopped there. */
static enum status find_places(struct rule_state *state, const struct sub_record *sub,
			       struct sub_report *report)
{
	struct evaluator *evaluator = state->evaluator;
	struct pattern_search search = {
		.text = &evaluator->text,
		.budget = &evaluator->budget,
		.arena = evaluator->matcher->arena,
	};
	struct arena_mark mark = arena_mark(search.arena);
	struct pattern_range range = report->range;
	struct slice programs;
	enum status status = table_sub_data(state->tables, sub, search.arena, &programs);

	if (status == STATUS_OK)
		status = pattern_find(&search, programs, range, SUB_COUNT_SHOWN,
				      &report->matches);
	report->place_count = 0;
	while (status == STATUS_OK && report->place_count < SUB_PLACES_MAX) {
		struct pattern_matches one;

		status = pattern_find(&search, programs, range, 1, &one);
		if (status != STATUS_OK || one.count == 0)
			break;
		report->places[report->place_count++] = one.offset;
		range.first = one.offset + 1;
		if (range.first > range.last)
			break;
	}
	arena_rewind(search.arena, mark);
	return status;
}

/* Where the matches may start. False: nowhere, since what they refer to is not there. */
static bool range_of(const struct sub_record *sub, const struct match_object *object,
		     struct pattern_range *out)
{
	const struct executable *executable = object->executable;
	struct pattern_range range = { 0, 0 };
	uint64_t value = sub->offset_value;
	bool is_minus = false;

	switch (sub->offset_kind) {
	case OFFSET_ANY:
		*out = (struct pattern_range){ 0, UINT64_MAX };
		return true;
	case OFFSET_ABSOLUTE:
		break;
	case OFFSET_FROM_END:
		range.first = object->source.size;
		is_minus = true;
		break;
	case OFFSET_ENTRY_PLUS:
	case OFFSET_ENTRY_MINUS:
		if (!executable || !executable->has_entry)
			return false;
		range.first = executable->entry_offset;
		is_minus = sub->offset_kind == OFFSET_ENTRY_MINUS;
		break;
	case OFFSET_SECTION_PLUS:
	case OFFSET_IN_SECTION:
		if (!section_range(executable, sub->offset_section, &range))
			return false;
		break;
	case OFFSET_LAST_SECTION_PLUS:
		if (!executable ||
		    !section_range(executable, executable->section_count - 1, &range))
			return false;
		break;
	default:
		return false;
	}
	if (is_minus && value > range.first)
		return false;
	range.first = is_minus ? range.first - value : add_u64_capped(range.first, value);
	/* A place behind the offset, or, in a section, behind its end. */
	if (sub->offset_kind != OFFSET_IN_SECTION)
		range.last = range.first;
	range.last = add_u64_capped(range.last, sub->offset_shift);
	*out = range;
	return true;
}

/* From its first byte to the one behind its last: clamscan lets a match start there too. */
static bool section_range(const struct executable *executable, size_t index,
			  struct pattern_range *out)
{
	if (!executable || index >= executable->section_count)
		return false;
	const struct executable_section *section = &executable->sections[index];
	out->first = section->offset;
	out->last = add_u64_capped(section->offset, section->len);
	return true;
}
