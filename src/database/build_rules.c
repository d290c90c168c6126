/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes/store.h"
#include "database/builder.h"

static enum status add_blob(struct rows *rows, struct slice bytes, uint32_t *ret_offset);
static enum status add_sub(struct builder *builder, const struct rule_sub *sub);
static void tell(struct builder *builder, const struct rule_place *place,
		 const char *message, struct slice name);
static enum status add_macro(struct builder *builder, const struct rule *rule,
			     const struct rule_place *place, uint32_t sub);

/* What of a rule's record is known only once its parts are stored. */
struct parts {
	uint32_t name;
	uint32_t text;
	uint32_t condition;
	uint32_t expression;
	uint32_t sub_first;
};

static enum status add_parts(struct builder *builder, const struct rule *rule,
			     const struct rule_place *place, struct parts *out)
{
	enum status status = builder_string(builder, rule->name, &out->name);

	if (status == STATUS_OK)
		status = builder_text(builder, place, &out->text);
	if (status == STATUS_OK)
		status = add_blob(&builder->conditions, rule->condition, &out->condition);
	if (status == STATUS_OK)
		status = add_blob(&builder->conditions, rule->expression,
				  &out->expression);
	out->sub_first = (uint32_t)builder->subs.count;
	for (size_t i = 0; i < rule->sub_count && status == STATUS_OK; i++)
		status = add_sub(builder, &rule->subs[i]);
	return status;
}

/* It is found through macros alone. */
static bool is_macro_member(const struct rule *rule)
{
	return rule->sub_count == 1 && rule->subs[0].offset == OFFSET_MACRO;
}

enum status builder_add_rule(struct builder *builder, const struct rule *rule,
			     const struct rule_place *place)
{
	uint8_t record[RULE_RECORD_LEN];
	uint32_t id = (uint32_t)builder->rules.count;
	bool is_always = false;
	struct parts parts;

	if (builder->rules.count >= INT32_MAX || builder->subs.count >= INT32_MAX)
		return STATUS_LIMIT;
	enum status status = add_parts(builder, rule, place, &parts);
	if (status == STATUS_OK && is_macro_member(rule))
		status = add_macro(builder, rule, place, parts.sub_first);
	else if (status == STATUS_OK)
		status = builder_add_triggers(builder, rule, id, &is_always);
	if (status != STATUS_OK)
		return status;

	store_u32le(&record[0], parts.name);
	store_u32le(&record[4], parts.text);
	store_u32le(&record[8], parts.condition);
	store_u32le(&record[12], (uint32_t)rule->condition.len);
	store_u32le(&record[16], parts.expression);
	store_u32le(&record[20], (uint32_t)rule->expression.len);
	store_u32le(&record[24], parts.sub_first);
	store_u16le(&record[28], (uint16_t)rule->sub_count);
	store_u16le(&record[30], (uint16_t)place->input);
	store_u32le(&record[32], place->line);
	record[36] = rule->target;
	record[37] = (uint8_t)rule->language;
	store_u16le(&record[38], rule->flags);
	if (!rows_append(&builder->rules, record, 1))
		return STATUS_NO_MEMORY;
	builder->targets |= UINT32_C(1) << rule->target;
	builder->counts[place->input].taken++;
	bool finds_nothing = rule->flags & RULE_FINDS_NOTHING;
	if (type_target_is_empty(rule->target)) {
		finds_nothing = true;
		tell(builder, place, "no object is of its target: it finds nothing",
		     rule->name);
	}
	if (!finds_nothing)
		builder->source_rules[builder->files[place->input].source_id]++;
	if (is_always)
		tell(builder, place,
		     "no literal to search for: evaluated for every object", rule->name);
	return STATUS_OK;
}

static void tell(struct builder *builder, const struct rule_place *place,
		 const char *message, struct slice name)
{
	builder_problem(builder, &(struct build_problem){
					 .severity = BUILD_NOTE,
					 .input = place->input,
					 .line = place->line,
					 .message = message,
					 .detail = name,
				 });
}

void builder_write_rules(struct builder *builder)
{
	output_rows(&builder->output, SECTION_RULES, &builder->rules);
	output_rows(&builder->output, SECTION_SUBS, &builder->subs);
	output_veiled_rows(&builder->output, SECTION_PROGRAMS, &builder->programs);
	output_rows(&builder->output, SECTION_CONDITIONS, &builder->conditions);
	output_rows(&builder->output, SECTION_MACROS, &builder->macros);
}

/* A pattern of a macro's group. */
static enum status add_macro(struct builder *builder, const struct rule *rule,
			     const struct rule_place *place, uint32_t sub)
{
	uint8_t record[MACRO_RECORD_LEN] = { 0 };

	store_u32le(&record[0], builder->files[place->input].source_id);
	store_u32le(&record[4], sub);
	record[8] = (uint8_t)rule->subs[0].offset_value;
	record[9] = rule->target;
	return rows_append(&builder->macros, record, 1) ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status add_blob(struct rows *rows, struct slice bytes, uint32_t *ret_offset)
{
	*ret_offset = 0;
	if (bytes.len == 0)
		return STATUS_OK;
	if (rows->count > UINT32_MAX - bytes.len)
		return STATUS_LIMIT;
	*ret_offset = (uint32_t)rows->count;
	return rows_append(rows, bytes.base, bytes.len) ? STATUS_OK : STATUS_NO_MEMORY;
}

/* u16 count, then u32 length and bytes of each program. */
static enum status add_programs(struct builder *builder, const struct rule_sub *sub,
				uint32_t *ret_data)
{
	uint8_t number[4];
	uint32_t at;

	store_u16le(number, (uint16_t)sub->program_count);
	enum status status = add_blob(&builder->programs, (struct slice){ number, 2 },
				      ret_data);
	for (size_t i = 0; i < sub->program_count && status == STATUS_OK; i++) {
		store_u32le(number, (uint32_t)sub->programs[i].len);
		status = add_blob(&builder->programs, (struct slice){ number, 4 }, &at);
		if (status == STATUS_OK)
			status = add_blob(&builder->programs, sub->programs[i], &at);
	}
	return status;
}

static enum status add_sub(struct builder *builder, const struct rule_sub *sub)
{
	uint8_t record[SUB_RECORD_LEN] = { 0 };
	uint32_t data = 0;
	enum status status;

	if (sub->kind == SUB_PATTERN)
		status = add_programs(builder, sub, &data);
	else
		status = add_blob(&builder->programs, sub->data, &data);

	if (status != STATUS_OK)
		return status;
	store_u32le(&record[0], data);
	store_u32le(&record[4], (uint32_t)builder->programs.count - data);
	store_u32le(&record[8], sub->offset_value);
	store_u32le(&record[12], sub->offset_shift);
	store_u16le(&record[16], sub->offset_section);
	record[18] = (uint8_t)sub->offset;
	record[19] = (uint8_t)sub->kind;
	store_u16le(&record[20], sub->flags);
	return rows_append(&builder->subs, record, 1) ? STATUS_OK : STATUS_NO_MEMORY;
}
