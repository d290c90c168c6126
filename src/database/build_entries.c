/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries wait in the order of their lines, as on disk, and are written language by
 * language: those of one stand together (match/entry.h).
 */
#include "bytes/store.h"
#include "database/builder.h"
#include "match/entry.h"

enum { TRIGGER_AT = 16, LANGUAGE_AT = 28 };

static enum status add_data(struct builder *builder, struct slice data,
			    uint32_t *ret_offset);
static enum status add_names(struct builder *builder, const struct rule *rule,
			     uint8_t record[ENTRY_RECORD_LEN]);
static enum status add_trigger(struct builder *builder, const struct rule *rule,
			       const struct rule_place *place, uint32_t *ret_rule);

void builder_init_entries(struct builder *builder)
{
	rows_init(&builder->entries, builder->options->arena, ENTRY_RECORD_LEN);
	rows_init(&builder->entry_data, builder->options->arena, 1);
}

enum status builder_add_entry(struct builder *builder, const struct rule *rule,
			      const struct rule_place *place)
{
	uint8_t record[ENTRY_RECORD_LEN] = { 0 };
	uint32_t name, text, data, trigger;

	if (builder->entries.count >= INT32_MAX)
		return STATUS_LIMIT;
	enum status status = builder_string(builder, rule->name, &name);
	if (status == STATUS_OK)
		status = builder_text(builder, place, &text);
	if (status == STATUS_OK)
		status = add_data(builder, rule->data, &data);
	if (status == STATUS_OK)
		status = add_trigger(builder, rule, place, &trigger);
	if (status != STATUS_OK)
		return status;

	store_u32le(&record[0], name);
	store_u32le(&record[4], text);
	store_u32le(&record[8], data);
	store_u32le(&record[12], (uint32_t)rule->data.len);
	store_u32le(&record[TRIGGER_AT], trigger);
	store_u32le(&record[20], place->line);
	store_u16le(&record[24], (uint16_t)place->input);
	store_u16le(&record[26], rule->flags);
	record[LANGUAGE_AT] = (uint8_t)rule->language;
	record[29] = rule->entry_kind;
	if (!rows_append(&builder->entries, record, 1))
		return STATUS_NO_MEMORY;
	return add_names(builder, rule, record);
}

/* The other names of an entry are entries behind it: without data, waiting for nothing. */
static enum status add_names(struct builder *builder, const struct rule *rule,
			     uint8_t record[ENTRY_RECORD_LEN])
{
	uint32_t name;

	store_u32le(&record[12], 0);
	store_u32le(&record[TRIGGER_AT], ENTRY_NO_TRIGGER);
	for (size_t i = 0; i < rule->more_name_count; i++) {
		enum status status = builder_string(builder, rule->more_names[i], &name);

		if (status != STATUS_OK)
			return status;
		store_u32le(&record[0], name);
		if (!rows_append(&builder->entries, record, 1))
			return STATUS_NO_MEMORY;
	}
	return STATUS_OK;
}

/* What has patterns of its own is a rule with patterns first, and counted as one. */
static enum status add_trigger(struct builder *builder, const struct rule *rule,
			       const struct rule_place *place, uint32_t *ret_rule)
{
	if (rule->expression.len > 0) {
		*ret_rule = (uint32_t)builder->rules.count;
		return builder_add_rule(builder, rule, place);
	}
	*ret_rule = ENTRY_NO_TRIGGER;
	builder->counts[place->input].taken++;
	if (!(rule->flags & RULE_FINDS_NOTHING))
		builder->source_rules[builder->files[place->input].source_id]++;
	return STATUS_OK;
}

static enum status add_data(struct builder *builder, struct slice data,
			    uint32_t *ret_offset)
{
	struct rows *rows = &builder->entry_data;

	if (data.len > UINT32_MAX || rows->count > UINT32_MAX - data.len)
		return STATUS_LIMIT;
	*ret_offset = (uint32_t)rows->count;
	return rows_append(rows, data.base, data.len) ? STATUS_OK : STATUS_NO_MEMORY;
}

void builder_write_entries(struct builder *builder)
{
	struct output *output = &builder->output;
	const struct rows *rows = &builder->entries;

	output_begin(output, SECTION_ENTRIES);
	for (unsigned language = 0; language < RULE_LANGUAGES; language++)
		for (size_t i = 0; i < rows->count; i++)
			if (rows_at(rows, i)[LANGUAGE_AT] == language)
				output_put(output, rows_at(rows, i), rows->item_len);
	output_end(output, SECTION_ENTRIES);
	output_veiled_rows(output, SECTION_ENTRY_DATA, &builder->entry_data);
}
