/* SPDX-License-Identifier: Apache-2.0 */
#include "match/explain.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/checked.h"
#include "bytes/store.h"
#include "match/entry.h"
#include "match/filter.h"
#include "match/pattern.h"
#include "match/pattern_find.h"
#include "match/trigger.h"
#include "match/veil.h"

enum { LITERALS_SHOWN = 16, LITERAL_TEXT = 4 * FILTER_LITERAL_MAX + 1, SUB_TEXT = 160 };

static enum status explain_patterns(struct explaining *explaining);
static bool explain_target(struct explaining *explaining);
static void explain_conditions(struct explaining *explaining, bool *ret_hold);
static void describe_test(struct reader test, const struct match_object *object,
			  char *out, size_t size);
static enum status explain_filter(struct explaining *explaining);
static bool explain_images(struct explaining *explaining);
static bool is_always(const struct explaining *explaining);
static enum status explain_literal(struct explaining *explaining,
				   const struct trigger_record *trigger, bool *ret_found);
static enum status find_literal(struct explaining *explaining, struct slice literal,
				bool fold, struct pattern_matches *out);
static enum status explain_subs(struct explaining *explaining);
static enum status explain_triggers(struct explaining *explaining);
static void say_sub(struct explaining *explaining, unsigned sub,
		    const struct sub_report *report);
static struct slice sub_text(const struct explaining *explaining, unsigned sub);

enum status explain_rule(const struct matcher *matcher, const struct match_object *object,
			 const struct source *bytes)
{
	const struct match_watch *watch = matcher->watch;
	struct arena_mark mark = arena_mark(matcher->arena);
	struct explaining *explaining = arena_new(matcher->arena, struct explaining);
	enum status status = STATUS_OK;

	if (!explaining || watch->segment >= matcher->segment_count)
		return explaining ? STATUS_OK : STATUS_NO_MEMORY;
	*explaining = (struct explaining){
		.matcher = matcher,
		.object = object,
		.tables = &matcher->segments[watch->segment],
		.rule = table_rule(&matcher->segments[watch->segment], watch->rule),
	};
	evaluator_init(&explaining->evaluator, matcher, object, bytes);
	if (watch->rule < table_count(explaining->tables, SECTION_RULES, RULE_RECORD_LEN))
		status = explain_patterns(explaining);
	else if (watch->rule >= table_entry_first_id(explaining->tables))
		explain_say(explaining, 0, WATCH_TEXT,
			    "rules of this language are not "
			    "matched on bytes");
	arena_rewind(matcher->arena, mark);
	return status;
}

void explain_say(struct explaining *explaining, unsigned level, enum watch_answer answer,
		 const char *format, ...)
{
	const struct match_watch *watch = explaining->matcher->watch;
	char text[WATCH_TEXT_MAX];
	va_list arguments;

	va_start(arguments, format);
	int len = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (len < 0)
		return;
	struct watch_line line = {
		.level = level,
		.answer = answer,
		.text = { (const uint8_t *)text,
			  min_size((size_t)len, sizeof(text) - 1) },
	};
	if (answer == WATCH_NO && explaining->why[0] == '\0')
		memcpy(explaining->why, text, line.text.len + 1);
	watch->line(watch->context, &line);
}

static enum status explain_patterns(struct explaining *explaining)
{
	char *line = arena_alloc(explaining->matcher->arena, UINT16_MAX + 1);
	bool fits = explain_target(explaining);
	bool holds = false;
	enum status status = STATUS_OK;

	if (!line)
		return STATUS_NO_MEMORY;
	size_t len = table_veiled_string(explaining->tables, explaining->rule.text, line,
					 UINT16_MAX + 1);
	explaining->line = (struct slice){ (uint8_t *)line, min_size(len, UINT16_MAX) };
	if (fits) {
		explain_conditions(explaining, &fits);
		status = explain_icons(explaining, &fits);
		if (status == STATUS_OK)
			status = explain_filter(explaining);
		if (status == STATUS_OK)
			status = explain_subs(explaining);
		if (status == STATUS_OK)
			status = explain_triggers(explaining);
		if (status == STATUS_OK)
			status = explain_expression(explaining, &holds);
	}
	if (status != STATUS_OK)
		return status;
	if (fits && holds)
		explain_say(explaining, 0, WATCH_YES, "it matches");
	else
		explain_say(explaining, 0, WATCH_NO, "it does not match: %s",
			    explaining->why);
	return STATUS_OK;
}

static bool explain_target(struct explaining *explaining)
{
	unsigned wanted = explaining->rule.target;
	unsigned here = explaining->object->target;
	const char *type = type_name(explaining->object->type);
	enum view view = explaining->object->view;
	bool fits = wanted == TARGET_ANY || wanted == here;

	explain_say(explaining, 1, fits ? WATCH_YES : WATCH_NO,
		    "the rule is for target %u (%s), the object "
		    "is of type %s, "
		    "target %u (%s)%s%s",
		    wanted, type_target_name(wanted), type, here,
		    here == TARGET_ANY ? "none of its own" : type_target_name(here),
		    view == VIEW_RAW ? "" : ", in its reading as ",
		    view == VIEW_RAW ? "" : view_name(view));
	return fits;
}

static void explain_conditions(struct explaining *explaining, bool *ret_hold)
{
	struct slice condition = table_bytes(explaining->tables, SECTION_CONDITIONS,
					     explaining->rule.condition,
					     explaining->rule.condition_len);
	struct reader tests = reader_of_slice(condition);

	while (reader_left(&tests) > 0 && reader_ok(&tests)) {
		struct reader test = tests;
		bool holds = condition_next(&tests, explaining->object);
		char text[WATCH_TEXT_MAX / 2];

		if (reader_peek(&test, test.pos) == COND_ICONS)
			continue;
		describe_test(test, explaining->object, text, sizeof(text));
		explain_say(explaining, 1, holds ? WATCH_YES : WATCH_NO, "%s", text);
		*ret_hold = *ret_hold && holds;
	}
}

static void describe_test(struct reader test, const struct match_object *object,
			  char *out, size_t size)
{
	const struct executable *executable = object->executable;
	uint8_t key = reader_u8(&test);
	unsigned long long min, max;

	switch (key) {
	case COND_FILE_SIZE:
		min = reader_u64le(&test);
		max = reader_u64le(&test);
		snprintf(out, size, "FileSize %llu to %llu: it is %llu", min, max,
			 (unsigned long long)object->source.size);
		return;
	case COND_ENTRY_POINT:
		min = reader_u32le(&test);
		max = reader_u32le(&test);
		if (executable && executable->has_entry)
			snprintf(out, size,
				 "EntryPoint %llu to %llu: it "
				 "is at %llu",
				 min, max, (unsigned long long)executable->entry_offset);
		else
			snprintf(out, size,
				 "EntryPoint %llu to %llu: "
				 "there is none",
				 min, max);
		return;
	case COND_SECTIONS:
		min = reader_u32le(&test);
		max = reader_u32le(&test);
		snprintf(out, size,
			 "NumberOfSections %llu to %llu: there "
			 "are %zu",
			 min, max, executable ? executable->section_count : 0);
		return;
	case COND_CONTAINER:
		snprintf(
			out, size, "Container: the object is in %s",
			object->container_count == 0 ?
				"nothing" :
				type_name(
					object->containers[object->container_count - 1]));
		return;
	case COND_INTERMEDIATES:
		snprintf(out, size, "Intermediates: the object is %zu deep",
			 object->container_count);
		return;
	default:
		snprintf(out, size,
			 "another condition of its target "
			 "description");
		return;
	}
}

/* The literals of which one has to be there for the rule to be looked at. */
static enum status explain_filter(struct explaining *explaining)
{
	const struct tables *tables = explaining->tables;
	size_t count = table_count(tables, SECTION_TRIGGERS, TRIGGER_RECORD_LEN);
	size_t shown = 0, there = 0, all = 0;

	for (size_t i = 0; i < count; i++) {
		size_t at = i * TRIGGER_RECORD_LEN;
		struct trigger_record trigger = trigger_read(
			table_bytes(tables, SECTION_TRIGGERS, at, TRIGGER_RECORD_LEN));
		bool found = false;

		if (trigger.rule != explaining->matcher->watch->rule)
			continue;
		if (all++ == 0)
			explain_say(explaining, 1, WATCH_TEXT,
				    "the filter looks for one "
				    "of these literals:");
		if (shown++ >= LITERALS_SHOWN)
			continue;
		enum status status = explain_literal(explaining, &trigger, &found);
		if (status != STATUS_OK)
			return status;
		there += found;
	}
	bool has_image = explain_images(explaining);
	if (all == 0 && !has_image)
		explain_say(explaining, 1, WATCH_TEXT, "%s",
			    is_always(explaining) ?
				    "no literal to look for: it is looked at in every "
				    "object" :
				    "the filter does not look for it: other rules ask "
				    "for it as a macro");
	else if (all > LITERALS_SHOWN)
		explain_say(explaining, 2, WATCH_TEXT, "… and %zu more",
			    all - LITERALS_SHOWN);
	if (all > 0 && there == 0 && all <= LITERALS_SHOWN && !has_image) {
		/* No condition of the rule, which therefore has one that does not hold. */
		explain_say(explaining, 1, WATCH_TEXT,
			    "none of them is there: a scan does "
			    "not look further");
	}
	return STATUS_OK;
}

/* The pictures that make it looked at. Are there any? */
static bool explain_images(struct explaining *explaining)
{
	const struct tables *tables = explaining->tables;
	size_t count = table_count(tables, SECTION_IMAGES, IMAGE_RECORD_LEN);
	size_t shown = 0;

	for (uint32_t i = 0; i < count && shown < LITERALS_SHOWN; i++) {
		struct image_record image = table_image(tables, i);

		if (image.rule != explaining->matcher->watch->rule)
			continue;
		if (shown++ == 0)
			explain_say(explaining, 1, WATCH_TEXT,
				    "it is looked at in pictures whose hash is one of "
				    "these:");
		explain_say(explaining, 2, WATCH_TEXT, "%016llx",
			    (unsigned long long)image.hash);
	}
	return shown > 0;
}

/* Is it looked at whatever the filter says? */
static bool is_always(const struct explaining *explaining)
{
	const struct tables *tables = explaining->tables;
	size_t count = table_count(tables, SECTION_ALWAYS, sizeof(uint32_t));

	for (size_t i = 0; i < count; i++)
		if (table_u32(tables, SECTION_ALWAYS, i * sizeof(uint32_t)) ==
		    explaining->matcher->watch->rule)
			return true;
	return false;
}

static enum status explain_literal(struct explaining *explaining,
				   const struct trigger_record *trigger, bool *ret_found)
{
	struct slice veiled = table_bytes(explaining->tables, SECTION_LITERALS,
					  trigger->literal,
					  trigger->len & TRIGGER_NUMBER);
	bool fold = trigger->len & TRIGGER_FOLD;
	char hex[2 * UINT8_MAX + 1] = "";
	uint8_t bytes[UINT8_MAX + 1];
	struct pattern_matches found = { 0 };

	veil_apply(bytes, veiled.base, veiled.len, trigger->literal);
	bytes[veiled.len] = '\0';
	for (size_t i = 0; i < veiled.len; i++)
		snprintf(&hex[2 * i], 3, "%02x", bytes[i]);
	enum status status = find_literal(explaining, (struct slice){ bytes, veiled.len },
					  fold, &found);
	if (status == STATUS_LIMIT)
		return STATUS_OK;
	if (status != STATUS_OK)
		return status;
	*ret_found = found.count > 0;
	if (found.count > 0)
		explain_say(explaining, 2, WATCH_YES, "%s%s at %llu", hex,
			    fold ? ", letters in either case," : "",
			    (unsigned long long)found.offset);
	else
		/* Not by itself a reason: another one may be there. */
		explain_say(explaining, 2, WATCH_TEXT, "%s%s is not there", hex,
			    fold ? ", letters in either case," : "");
	return STATUS_OK;
}

/* As a pattern of its own. */
static enum status find_literal(struct explaining *explaining, struct slice literal,
				bool fold, struct pattern_matches *out)
{
	struct evaluator *evaluator = &explaining->evaluator;
	uint8_t program[UINT8_MAX + 16];
	size_t len = 3 + literal.len;
	struct pattern_search search = {
		.text = &evaluator->text,
		.budget = &evaluator->budget,
		.arena = explaining->matcher->arena,
	};

	enum status status = evaluator_ready(evaluator);
	if (status != STATUS_OK)
		return status;
	store_u16le(&program[0], 1);
	store_u32le(&program[2], (uint32_t)len);
	program[6] = fold ? PATTERN_FOLD : PATTERN_LIT;
	store_u16le(&program[7], (uint16_t)literal.len);
	memcpy(&program[9], literal.base, literal.len);
	return pattern_find(&search, (struct slice){ program, 6 + len },
			    (struct pattern_range){ 0, UINT64_MAX }, 1, out);
}

static enum status explain_subs(struct explaining *explaining)
{
	const struct match_watch *watch = explaining->matcher->watch;

	for (unsigned i = 0; i < explaining->rule.sub_count && i < EXPR_SUBS_MAX; i++) {
		struct sub_report report;
		enum status status = evaluator_sub(&explaining->evaluator, watch->segment,
						   watch->rule, i, &report);

		if (status == STATUS_LIMIT || status == STATUS_NO_MEMORY) {
			explain_say(explaining, 1, WATCH_UNKNOWN,
				    "subsignature %u cannot be "
				    "told: no %s left",
				    i, status == STATUS_LIMIT ? "steps" : "memory");
			continue;
		}
		if (status != STATUS_OK)
			return status;
		explaining->counts[i] = report.matches.count;
		explaining->is_counted[i] = true;
		say_sub(explaining, i, &report);
	}
	return STATUS_OK;
}

/* A regular expression is looked for only when its own little expression holds. */
static enum status explain_triggers(struct explaining *explaining)
{
	struct arena *arena = explaining->matcher->arena;
	struct arena_mark mark = arena_mark(arena);
	enum status status = STATUS_OK;

	for (unsigned i = 0;
	     i < explaining->rule.sub_count && i < EXPR_SUBS_MAX && status == STATUS_OK;
	     i++) {
		struct sub_record sub = table_sub(explaining->tables,
						  explaining->rule.sub_first + i);
		struct slice data;
		struct expr_value value;

		if (sub.kind != SUB_REGEX)
			continue;
		status = table_sub_data(explaining->tables, &sub, arena, &data);
		if (status != STATUS_OK)
			break;
		struct reader in = reader_of_slice(data);
		reader_skip(&in, 2);
		if (expr_run(reader_slice(&in, reader_u16le(&in)), explain_count,
			     explaining, &value) &&
		    !value.holds)
			explain_say(explaining, 1, WATCH_TEXT,
				    "subsignature %u is not "
				    "looked for: what stands "
				    "before its regular "
				    "expression does not hold",
				    i);
		arena_rewind(arena, mark);
	}
	return status;
}

static void say_sub(struct explaining *explaining, unsigned sub,
		    const struct sub_report *report)
{
	struct slice text = sub_text(explaining, sub);
	unsigned long long count = report->matches.count;
	char places[WATCH_TEXT_MAX / 2] = "";
	size_t len = 0;

	for (size_t i = 0; i < report->place_count && len < sizeof(places); i++)
		len += (size_t)snprintf(&places[len], sizeof(places) - len, "%s%llu",
					i == 0 ? ", at " : ", ",
					(unsigned long long)report->places[i]);
	/* One that is not there is no reason by itself: the expression decides. */
	explain_say(explaining, 1, WATCH_TEXT, "subsignature %u, %s%llu time%s%s%s: %.*s",
		    sub, count == SUB_COUNT_SHOWN ? "at least " : "", count,
		    count == 1 ? "" : "s", places,
		    count > report->place_count && report->place_count > 0 ? " …" : "",
		    (int)text.len, (const char *)text.base);
	if (!report->has_range)
		explain_say(explaining, 2, WATCH_TEXT,
			    "what its offset counts from is not "
			    "in the object");
	else if (report->range.last != UINT64_MAX)
		explain_say(explaining, 2, WATCH_TEXT, "looked for from %llu to %llu",
			    (unsigned long long)report->range.first,
			    (unsigned long long)report->range.last);
}

/* Its field of the rule's line, cut: the fourth and on of an ldb, the fourth of an ndb. */
static struct slice sub_text(const struct explaining *explaining, unsigned sub)
{
	struct slice line = explaining->line;
	bool is_logical = explaining->rule.language == RULE_LDB;
	uint8_t separator = is_logical ? ';' : ':';
	unsigned skip = is_logical ? 3 + sub : 3;
	size_t from = 0;

	while (skip > 0 && from < line.len)
		skip -= line.base[from++] == separator;
	size_t to = from;
	while (to < line.len && to - from < SUB_TEXT && line.base[to] != separator)
		to++;
	return (struct slice){ &line.base[from], to - from };
}
