/* SPDX-License-Identifier: Apache-2.0 */
#include "match/icons.h"

#include "base/checked.h"
#include "match/entry.h"
#include "match/evaluate.h"

/* What comparing two icons costs: 18 areas with three each. */
enum { COMPARE_STEPS = 64 };

/* Called for each member of any group, until it does not return OK. */
typedef enum status visit_member(void *context, struct icon_find where,
				 const struct icon_rule *member);

struct finding {
	const struct pe_icons *icons;
	struct icon_finds *finds;
};

struct reporting {
	const struct pe_icons *icons;
	const struct icon_groups *groups;
	struct icon_report *report;
};

static enum status find(struct evaluator *evaluator);
static enum status visit_members(struct evaluator *evaluator, size_t icons,
				 visit_member *visit, void *context);
static visit_member find_member;
static visit_member report_member;
static enum status read_member(struct evaluator *evaluator, struct icon_find where,
			       struct icon_rule *out);

struct icon_groups rule_icons(const struct tables *tables, const struct rule_record *rule)
{
	return condition_icons(table_bytes(tables, SECTION_CONDITIONS, rule->condition,
					   rule->condition_len));
}

enum status icons_hold(struct evaluator *evaluator, struct icon_groups groups,
		       bool *ret_holds)
{
	struct arena *arena = evaluator->matcher->arena;
	const struct icon_finds *finds = &evaluator->facts.icon_finds;
	enum status status = STATUS_OK;
	bool holds = false;

	if (!groups.is_asked[0] && !groups.is_asked[1]) {
		*ret_holds = true;
		return STATUS_OK;
	}
	if (!evaluator->facts.knows_icon_finds)
		status = find(evaluator);
	for (size_t i = 0; i < finds->count && status == STATUS_OK && !holds; i++) {
		struct arena_mark mark = arena_mark(arena);
		struct icon_rule member;

		status = read_member(evaluator, finds->list[i], &member);
		holds = status == STATUS_OK && icon_rule_is_of(&member, &groups);
		arena_rewind(arena, mark);
		if (status == STATUS_MALFORMED)
			status = STATUS_OK;
	}
	if (status == STATUS_OK)
		*ret_holds = holds;
	return status;
}

/* Finds all members that an icon is like. */
static enum status find(struct evaluator *evaluator)
{
	const struct matcher *matcher = evaluator->matcher;
	struct icon_finds finds = { 0 };
	struct finding finding = { .finds = &finds };
	size_t count = 0;
	enum status status = facts_icons(&evaluator->facts, &finding.icons);

	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; i < matcher->segment_count; i++) {
		struct entry_range range = table_entries(&matcher->segments[i],
							 RULE_ICON);
		count += range.end - range.first;
	}
	if (count > 0 && finding.icons->count > 0) {
		finds.list = arena_new_array(matcher->arena, struct icon_find, count);
		if (!finds.list)
			return STATUS_NO_MEMORY;
		status = visit_members(evaluator, finding.icons->count, find_member,
				       &finding);
	}
	if (status != STATUS_OK)
		return status;
	evaluator->facts.icon_finds = finds;
	evaluator->facts.knows_icon_finds = true;
	return STATUS_OK;
}

static enum status visit_members(struct evaluator *evaluator, size_t icons,
				 visit_member *visit, void *context)
{
	const struct matcher *matcher = evaluator->matcher;
	struct icon_find where;

	for (where.segment = 0; where.segment < matcher->segment_count; where.segment++) {
		struct entry_range range = table_entries(
			&matcher->segments[where.segment], RULE_ICON);

		for (where.entry = range.first; where.entry < range.end; where.entry++) {
			struct arena_mark mark = arena_mark(matcher->arena);
			struct icon_rule member;

			if (!budget_take(&evaluator->budget, 1 + icons * COMPARE_STEPS))
				return evaluator->budget.status;
			enum status status = read_member(evaluator, where, &member);
			if (status == STATUS_OK)
				status = visit(context, where, &member);
			arena_rewind(matcher->arena, mark);
			if (status != STATUS_OK && status != STATUS_MALFORMED)
				return status;
		}
	}
	return STATUS_OK;
}

static enum status find_member(void *context, struct icon_find where,
			       const struct icon_rule *member)
{
	struct finding *finding = context;

	for (size_t i = 0; i < finding->icons->count; i++) {
		const struct icon_look *icon = &finding->icons->looks[i];

		if (icon_likeness(icon, &member->look) <
		    icon_likeness_min(icon, &member->look))
			continue;
		finding->finds->list[finding->finds->count++] = where;
		return STATUS_OK;
	}
	return STATUS_OK;
}

enum status icons_report(struct evaluator *evaluator, struct icon_groups groups,
			 struct icon_report *out)
{
	struct icon_report report = { 0 };
	struct reporting reporting = { .groups = &groups, .report = &report };
	enum status status = facts_icons(&evaluator->facts, &reporting.icons);

	if (status != STATUS_OK)
		return status;
	report.icons = reporting.icons->count;
	status = visit_members(evaluator, report.icons, report_member, &reporting);
	if (status == STATUS_OK)
		*out = report;
	return status;
}

static enum status report_member(void *context, struct icon_find where,
				 const struct icon_rule *member)
{
	struct reporting *reporting = context;
	struct icon_report *report = reporting->report;

	if (!icon_rule_is_of(member, reporting->groups))
		return STATUS_OK;
	report->members++;
	for (size_t i = 0; i < reporting->icons->count; i++) {
		const struct icon_look *icon = &reporting->icons->looks[i];
		unsigned likeness = icon_likeness(icon, &member->look);
		unsigned wanted = icon_likeness_min(icon, &member->look);

		if (icon->side != member->look.side ||
		    (report->wanted > 0 &&
		     likeness + report->wanted <= report->likeness + wanted))
			continue;
		report->likeness = likeness;
		report->wanted = wanted;
		report->nearest = where;
	}
	return STATUS_OK;
}

/* MALFORMED: a damaged table. The names are in the arena. */
static enum status read_member(struct evaluator *evaluator, struct icon_find where,
			       struct icon_rule *out)
{
	const struct tables *tables = &evaluator->matcher->segments[where.segment];
	struct entry_record entry = table_entry(tables, where.entry);
	struct slice data;
	enum status status = table_entry_data(tables, &entry, evaluator->matcher->arena,
					      &data);

	if (status == STATUS_OK && !icon_rule_read(data, out))
		status = STATUS_MALFORMED;
	return status;
}
