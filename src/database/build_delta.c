/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A segment of what changed since another was built: the lines that are new as rules, and
 * for those that are gone the ids of their rules, as tombstones.
 *
 * Together both must find what one segment of all the lines would. So lines of a kind that
 * acts on other lines (lists, types, macros, icons, programs …) make the answer UNSUPPORTED
 * when they change. What such lines say of rules still holds for new ones: lists are read
 * in any case.
 */
#include "database/build_delta.h"

#include "bytes/reader.h"
#include "bytes/store.h"
#include "database/number_set.h"
#include "match/entry.h"
#include "match/expr.h"

enum { HASH_SECTIONS = HASH_SCOPES * DIGEST_KINDS };

struct burial {
	struct builder *builder;
	struct number_set places; /* of lines that are gone */
	uint32_t id;              /* of the next rule */
	bool is_allow;            /* hashes of the section allow */
};

/* Takes one record, which is the rule of that id. */
typedef enum status bury_record(struct burial *burial, struct reader *in);

static enum status check_added(struct builder *builder);
static enum status take_added(struct builder *builder);
static bool stands_alone(const struct rule *rule);
static enum status bury(struct builder *builder);
static enum status bury_all(struct burial *burial);
static enum status bury_section(struct burial *burial, enum section_id section,
				size_t record_len, bury_record *take);
static enum status bury_rule(struct burial *burial, struct reader *in);
static enum status bury_hash(struct burial *burial, struct reader *in);
static enum status bury_entry(struct burial *burial, struct reader *in);
static enum status sum_rules(struct builder *builder);

enum status builder_open_base(struct builder *builder)
{
	for (size_t i = 0; i < builder->input_count; i++) {
		const struct build_input *input = &builder->inputs[i];

		if (input->role != BUILD_BASE)
			continue;
		builder->delta = arena_new(builder->options->arena, struct delta);
		if (!builder->delta)
			return STATUS_NO_MEMORY;
		builder->base_name = input->name;
		rows_init(&builder->tombstones, builder->options->arena, TOMBSTONE_LEN);
		if (builder->options->clamav_compat ||
		    input->name.len != TOMBSTONES_BASE_LEN)
			return STATUS_UNSUPPORTED;
		return delta_open(builder->delta, builder->options->arena,
				  input->content);
	}
	return STATUS_OK;
}

enum status builder_begin_marks(struct builder *builder, uint32_t input, bool is_alone)
{
	const struct build_file *file = &builder->files[input];

	if (!builder->delta)
		return STATUS_OK;
	builder->delta->is_alone = is_alone;
	return delta_begin(builder->delta, input, file->name, file->source_id,
			   file->flags);
}

enum status builder_mark(struct builder *builder, const struct rule_place *place,
			 bool is_cut)
{
	enum status status;
	bool is_new = false;

	if (!builder->delta)
		return marks_add(builder->marks, place->input, mark_of(place->text));
	status = delta_take(builder->delta, place->line, place->text, &is_new);
	return status == STATUS_OK && is_new && is_cut ? STATUS_UNSUPPORTED : status;
}

enum status builder_end_marks(struct builder *builder)
{
	return builder->delta ? delta_end(builder->delta) : marks_end(builder->marks);
}

enum status builder_take_delta(struct builder *builder)
{
	enum status status = delta_finish(builder->delta);

	/* Those of lists, which are in the base. */
	rows_cut(&builder->entries, 0);
	if (status == STATUS_OK)
		status = check_added(builder);
	if (status == STATUS_OK)
		status = bury(builder);
	if (status == STATUS_OK)
		status = take_added(builder);
	return status;
}

static const struct delta_line *added_at(const struct builder *builder, size_t i)
{
	return (const struct delta_line *)(const void *)rows_at(&builder->delta->added,
								i);
}

/* Before anything is told of any. */
static enum status check_added(struct builder *builder)
{
	for (size_t i = 0; i < builder->delta->added.count; i++) {
		const struct delta_line *line = added_at(builder, i);
		struct slice member = builder->files[line->file].member;
		const struct rule_reader *reader = rule_reader_of(member);
		struct arena_mark mark = arena_mark(&builder->scratch);
		struct rule_error error = { 0 };
		struct rule rule;
		enum status status = reader->read(&builder->scratch, line->text, &rule,
						  &error);
		bool alone = status != STATUS_OK || stands_alone(&rule);

		arena_rewind(&builder->scratch, mark);
		if (!alone)
			return STATUS_UNSUPPORTED;
	}
	return STATUS_OK;
}

/* Does it neither act on rules of other lines, nor they on it? */
static bool stands_alone(const struct rule *rule)
{
	struct icon_groups icons;

	if (rule->language == RULE_HASH || rule->language == RULE_ALLOW)
		return true;
	if ((rule->language != RULE_NDB && rule->language != RULE_LDB) ||
	    rule->flags & RULE_RETYPES)
		return false;
	for (size_t i = 0; i < rule->sub_count; i++)
		if (rule->subs[i].kind == SUB_MACRO ||
		    rule->subs[i].offset == OFFSET_MACRO)
			return false;
	icons = condition_icons(rule->condition);
	return !icons.is_asked[0] && !icons.is_asked[1];
}

static enum status take_added(struct builder *builder)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < builder->delta->added.count && status == STATUS_OK; i++) {
		const struct delta_line *line = added_at(builder, i);
		const struct rule_place place = {
			.input = line->file,
			.line = line->line,
			.text = line->text,
		};

		status = builder_take_line(
			builder, rule_reader_of(builder->files[line->file].member),
			&place);
	}
	return status;
}

/* Finds the rules of the lines that are gone, and takes them off the totals. */
static enum status bury(struct builder *builder)
{
	const struct delta *delta = builder->delta;
	struct burial burial = { .builder = builder };
	enum status status = STATUS_OK;

	if (!number_set_init(&burial.places, builder->options->arena, delta->gone.count))
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < delta->gone.count; i++) {
		struct reader place = reader_of(rows_at(&delta->gone, i), 8);

		number_set_add(&burial.places, reader_u64be(&place));
	}
	if (delta->gone.count > 0)
		status = bury_all(&burial);
	return status == STATUS_OK ? sum_rules(builder) : status;
}

/* In the order of their ids. */
static enum status bury_all(struct burial *burial)
{
	enum status status = bury_section(burial, SECTION_RULES, RULE_RECORD_LEN,
					  bury_rule);

	for (unsigned i = 0; i < HASH_SECTIONS && status == STATUS_OK; i++) {
		burial->is_allow = i / DIGEST_KINDS == HASH_ALLOWED;
		status = bury_section(burial, (enum section_id)(SECTION_HASHES + i),
				      HASH_RECORD_LEN, bury_hash);
	}
	if (status != STATUS_OK)
		return status;
	return bury_section(burial, SECTION_ENTRIES, ENTRY_RECORD_LEN, bury_entry);
}

static enum status bury_section(struct burial *burial, enum section_id section,
				size_t record_len, bury_record *take)
{
	struct base_walk walk = { &burial->builder->delta->base, section, record_len, 0 };
	struct reader in;

	for (;;) {
		enum status status = base_next(&walk, &in);

		if (status != STATUS_OK)
			return status == STATUS_END ? STATUS_OK : status;
		for (; reader_left(&in) > 0 && status == STATUS_OK; burial->id++)
			status = take(burial, &in);
		if (status != STATUS_OK)
			return status;
	}
}

static bool is_gone(const struct burial *burial, uint32_t file, uint32_t line)
{
	return number_set_has(&burial->places, (uint64_t)file << 32 | line);
}

static enum status bury_one(struct burial *burial, uint32_t file, bool finds)
{
	struct builder *builder = burial->builder;
	const struct base *base = &builder->delta->base;
	uint8_t id[TOMBSTONE_LEN];

	if (base->files[file].source >= builder->options->source_count)
		return STATUS_UNSUPPORTED;
	if (finds)
		builder->source_rules[base->files[file].source]--;
	store_u32le(id, burial->id);
	return rows_append(&builder->tombstones, id, 1) ? STATUS_OK : STATUS_NO_MEMORY;
}

/* A macro's members are asked for without their rules. */
static enum status is_macro_member(const struct base *base, uint32_t sub_first,
				   uint16_t sub_count, bool *ret_is)
{
	uint8_t offset = OFFSET_ANY;
	enum status status = STATUS_OK;

	if (sub_count == 1)
		status = base_sub_offset(base, sub_first, &offset);
	*ret_is = offset == OFFSET_MACRO;
	return status;
}

static enum status bury_rule(struct burial *burial, struct reader *in)
{
	const struct base *base = &burial->builder->delta->base;
	bool is_member = false;

	reader_skip(in, 24);
	uint32_t sub_first = reader_u32le(in);
	uint16_t sub_count = reader_u16le(in);
	uint16_t file = reader_u16le(in);
	uint32_t line = reader_u32le(in);
	uint8_t target = reader_u8(in);
	uint8_t language = reader_u8(in);
	uint16_t flags = reader_u16le(in);

	if (!is_gone(burial, file, line))
		return STATUS_OK;
	if ((language != RULE_NDB && language != RULE_LDB) || flags & RULE_RETYPES)
		return STATUS_UNSUPPORTED;
	enum status status = is_macro_member(base, sub_first, sub_count, &is_member);
	if (status != STATUS_OK)
		return status;
	if (is_member)
		return STATUS_UNSUPPORTED;
	return bury_one(burial, file,
			!(flags & RULE_FINDS_NOTHING) && !type_target_is_empty(target));
}

static enum status bury_hash(struct burial *burial, struct reader *in)
{
	reader_skip(in, 8);
	uint32_t line = reader_u32le(in);
	uint16_t file = reader_u16le(in);
	uint16_t flags = reader_u16le(in);

	if (!is_gone(burial, file, line))
		return STATUS_OK;
	/* Another line may stand for it; what was allowed may now be found. */
	if (flags & HASH_REPEATED || burial->is_allow)
		return STATUS_UNSUPPORTED;
	return bury_one(burial, file, true);
}

/* Entries act on something else, all of them. */
static enum status bury_entry(struct burial *burial, struct reader *in)
{
	reader_skip(in, 20);
	uint32_t line = reader_u32le(in);
	uint16_t file = reader_u16le(in);
	reader_skip(in, 6);
	return is_gone(burial, file, line) ? STATUS_UNSUPPORTED : STATUS_OK;
}

/* A source's number of rules is that of the base and the delta together. */
static enum status sum_rules(struct builder *builder)
{
	const struct base *base = &builder->delta->base;
	enum status status = STATUS_OK;

	for (uint32_t i = 0; i < builder->options->source_count && status == STATUS_OK;
	     i++) {
		uint32_t rules = 0;

		status = base_source_rules(base, i, &rules);
		builder->source_rules[i] += rules;
	}
	return status;
}

void builder_write_delta(struct builder *builder)
{
	struct output *output = &builder->output;

	output_rows(output, SECTION_MARKS, &builder->marks->runs);
	if (!builder->delta)
		return;
	output_begin(output, SECTION_TOMBSTONES);
	output_put(output, builder->base_name.base, builder->base_name.len);
	for (size_t i = 0; i < builder->tombstones.count; i++)
		output_put(output, rows_at(&builder->tombstones, i), TOMBSTONE_LEN);
	output_end(output, SECTION_TOMBSTONES);
}
