/* SPDX-License-Identifier: Apache-2.0 */
#include "match/evaluate.h"

#include "base/checked.h"
#include "match/expr.h"
#include "match/icons.h"
#include "match/places.h"
#include "match/subs.h"
#include "match/watch.h"

static enum status run_expression(struct evaluator *evaluator, uint32_t segment,
				  uint32_t id, const struct rule_record *rule);
static enum status open_text(struct evaluator *evaluator);
static enum status find_places(struct subs *subs, const struct sub_record *sub,
			       struct sub_report *report);
static void tell_hit(const struct subs *subs, uint64_t set, uint32_t segment,
		     uint32_t id);
static enum status tell_trigger(struct subs *subs, uint32_t segment, uint32_t id);

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
	struct expr_value value;
	struct subs subs;
	enum status status = open_text(evaluator);

	if (status != STATUS_OK)
		return status;
	if (!budget_take(&evaluator->budget, BUDGET_PER_RULE + expression.len))
		return evaluator->budget.status;
	status = subs_init(&subs, evaluator, tables, rule, expression);
	if (status != STATUS_OK)
		return status;
	if (rule->language == RULE_BYTECODE)
		subs.count_max = UINT32_MAX;
	if (!expr_run(expression, subs_count, &subs, &value))
		return subs.status;
	/* What takes longest is asked last. */
	if (value.holds)
		status = icons_hold(evaluator, rule_icons(tables, rule), &value.holds);
	if (status != STATUS_OK)
		return status;
	if (value.holds && rule->language == RULE_BYTECODE)
		return tell_trigger(&subs, segment, id);
	if (value.holds)
		tell_hit(&subs, value.subs, segment, id);
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
static void tell_hit(const struct subs *subs, uint64_t set, uint32_t segment, uint32_t id)
{
	const struct match_events *events = &subs->evaluator->matcher->events;
	struct pattern_matches first = { 0 };

	for (size_t i = EXPR_SUBS_MAX; i-- > 0;)
		if (set >> i & 1 && subs->matches[i].count > 0)
			first = subs->matches[i];
	events->hit(events->context, segment, id, first.offset, first.len);
}

static uint32_t capped(uint64_t value)
{
	return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

/* A program may ask about every subsignature, whatever the expression needed. */
static enum status tell_trigger(struct subs *subs, uint32_t segment, uint32_t id)
{
	const struct match_events *events = &subs->evaluator->matcher->events;
	struct match_counts counts;
	uint64_t count;

	for (unsigned i = 0; i < EXPR_SUBS_MAX; i++) {
		if (!subs_count(subs, i, &count))
			return subs->status;
		counts.counts[i] = capped(count);
		counts.offsets[i] = UINT32_MAX;
		if (count > 0)
			counts.offsets[i] = capped(subs->matches[i].offset);
	}
	if (events->trigger)
		events->trigger(events->context, segment, id, &counts);
	return STATUS_OK;
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
	const struct rule_record record_of_rule = table_rule(tables, rule);
	struct sub_record record = table_sub(tables, record_of_rule.sub_first + sub);
	struct sub_report report = { 0 };
	struct subs subs;
	enum status status = evaluator_ready(evaluator);
	uint64_t count;

	if (status == STATUS_OK)
		status = subs_init(&subs, evaluator, tables, &record_of_rule,
				   (struct slice){ 0 });
	if (status != STATUS_OK)
		return status;
	subs.count_max = SUB_COUNT_SHOWN;
	bool is_plain = places_range(&record, evaluator->object, &report.range);
	report.has_range = is_plain || record.offset_kind == OFFSET_VERSION_INFO ||
			   record.offset_kind == OFFSET_MACRO;
	if (!is_plain)
		report.range.last = UINT64_MAX;
	if (!subs_count(&subs, sub, &count))
		return subs.status;
	report.matches = subs.matches[sub];
	if (report.matches.count > 0)
		report.places[report.place_count++] = report.matches.offset;
	if (record.kind == SUB_PATTERN && is_plain)
		status = find_places(&subs, &record, &report);
	if (status == STATUS_OK)
		*out = report;
	return status;
}

/* The first is known; its expression may have stopped there. */
static enum status find_places(struct subs *subs, const struct sub_record *sub,
			       struct sub_report *report)
{
	struct evaluator *evaluator = subs->evaluator;
	struct pattern_search search = {
		.text = &evaluator->text,
		.budget = &evaluator->budget,
		.arena = evaluator->matcher->arena,
		.clamav_compat = evaluator->matcher->flags & MATCH_CLAMAV_COMPAT,
	};
	struct arena_mark mark = arena_mark(search.arena);
	struct pattern_range range = report->range;
	struct slice programs;
	enum status status = table_sub_data(subs->tables, sub, search.arena, &programs);

	if (status == STATUS_OK)
		status = pattern_find(&search, programs, range, SUB_COUNT_SHOWN,
				      &report->matches);
	if (status == STATUS_OK)
		status = pattern_count(&search, programs, range, SUB_COUNT_SHOWN,
				       &report->matches.count);
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
