/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What makes rules candidates (match/filter.h). Triggers are gathered as rows, at first
 * one for each literal, in the end one for each of its grams:
 *
 *	length of the gram, gram (u32 BE), rule (u32 BE), literal (u32 BE): the order
 *	targets (u16 LE), length of the literal and its flags, where its gram begins
 *
 * and, sorted, become runs of equal grams: the hash table of grams, and for each
 * target the filter in front of it.
 */
#include "match/filter.h"

#include <string.h>

#include "bytes/reader.h"
#include "bytes/store.h"
#include "database/anchor.h"
#include "database/builder.h"
#include "database/gram_filter.h"
#include "match/trigger.h"
#include "type/type.h"

enum { TRIGGER_ORDER = 13, TRIGGER_ROW = TRIGGER_ORDER + 4, GRAM_KEY = 5 };

static enum status add_trigger(struct builder *builder, const struct anchor *anchor,
			       uint32_t rule_id, unsigned target);
static enum status add_image(struct builder *builder, const struct anchor *anchor,
			     uint32_t rule_id);
static void write_images(struct builder *builder);
static enum status add_always(struct builder *builder, uint32_t rule_id);
static enum status spread_triggers(struct builder *builder);
static enum status gather_grams(struct builder *builder, struct rows *grams);
static enum status add_left_out(struct builder *builder, const struct rows *grams);
static void write_triggers(struct builder *builder);
static void write_always(struct builder *builder);

void builder_init_filter(struct builder *builder)
{
	struct arena *arena = builder->options->arena;

	rows_init(&builder->always, arena, sizeof(uint32_t));
	rows_init(&builder->literals, arena, 1);
	rows_init(&builder->triggers, arena, TRIGGER_ROW);
	rows_init(&builder->images, arena, IMAGE_RECORD_LEN);
}

enum status builder_add_triggers(struct builder *builder, const struct rule *rule,
				 uint32_t rule_id, bool *ret_is_always)
{
	struct anchors anchors;
	enum status status = anchor_choose(rule, &builder->scratch, &anchors);

	if (status != STATUS_OK)
		return status;
	*ret_is_always = anchors.count == 0;
	if (anchors.count == 0)
		return add_always(builder, rule_id);
	for (size_t i = 0; i < anchors.count && status == STATUS_OK; i++) {
		if (anchors.list[i].is_image)
			status = add_image(builder, &anchors.list[i], rule_id);
		else
			status = add_trigger(builder, &anchors.list[i], rule_id,
					     rule->target);
	}
	return status;
}

/* Hash (u64 BE, to be sorted by) and rule (u32 LE). */
static enum status add_image(struct builder *builder, const struct anchor *anchor,
			     uint32_t rule_id)
{
	struct reader hash = reader_of_slice(anchor->literal);
	uint8_t row[IMAGE_RECORD_LEN];

	store_u64le(row, reader_u64be(&hash));
	store_u32le(&row[sizeof(uint64_t)], rule_id);
	return rows_append(&builder->images, row, 1) ? STATUS_OK : STATUS_NO_MEMORY;
}

static void write_images(struct builder *builder)
{
	struct output *output = &builder->output;

	rows_sort(&builder->images, IMAGE_RECORD_LEN);
	output_begin(output, SECTION_IMAGES);
	for (size_t i = 0; i < builder->images.count; i++) {
		struct reader row = reader_of(rows_at(&builder->images, i),
					      IMAGE_RECORD_LEN);
		uint64_t hash = reader_u64be(&row);

		output_u32(output, (uint32_t)hash);
		output_u32(output, (uint32_t)(hash >> 32));
		output_u32(output, reader_u32le(&row));
	}
	output_end(output, SECTION_IMAGES);
}

static enum status add_always(struct builder *builder, uint32_t rule_id)
{
	uint8_t id[4];

	store_u32be(id, rule_id);
	return rows_append(&builder->always, id, 1) ? STATUS_OK : STATUS_NO_MEMORY;
}

/* A row without its gram, which is found in the literal when all rules are there. */
static enum status add_trigger(struct builder *builder, const struct anchor *anchor,
			       uint32_t rule_id, unsigned target)
{
	uint8_t row[TRIGGER_ROW] = { 0 };
	unsigned all_targets = (1u << TARGET_COUNT) - 1;
	size_t literal = builder->literals.count;

	if (literal > UINT32_MAX)
		return STATUS_LIMIT;
	store_u32be(&row[5], rule_id);
	store_u32be(&row[9], (uint32_t)literal);
	store_u16le(&row[13],
		    (uint16_t)(target == TARGET_ANY ? all_targets : 1u << target));
	row[15] = (uint8_t)(anchor->literal.len | anchor->flags);
	row[16] = anchor->gram_at;
	if (!rows_append(&builder->literals, anchor->literal.base, anchor->literal.len) ||
	    !rows_append(&builder->triggers, row, 1))
		return STATUS_NO_MEMORY;
	return STATUS_OK;
}

/* The i-th gram of a literal, the first of which begins at `at`; false: there is none. */
static bool gram_of(struct reader literal, size_t at, unsigned i, struct gram *out)
{
	bool is_tail = literal.len == FILTER_GRAM && i == 1;

	reader_seek(&literal, is_tail ? 0 : at + i);
	if (literal.len < FILTER_GRAM) {
		out->folded = filter_fold(reader_u16le(&literal)) & UINT16_MAX;
		out->len = FILTER_SHORT;
		return i < 1;
	}
	out->folded = filter_fold(reader_u32le(&literal));
	out->len = FILTER_GRAM;
	if (is_tail) {
		out->folded >>= 8;
		out->len = FILTER_TAIL;
	}
	if (literal.len < FILTER_LONG_MIN)
		return i < FILTER_GRAM_STEP;
	out->folded = filter_print(out->folded, filter_fold(reader_u32le(&literal)));
	out->len = FILTER_LONG;
	return i < FILTER_LONG_STEP;
}

/*
 * A row for each gram of each literal. Programs and subsignatures are written: what they
 * took serves for these rows, and for those of the grams.
 */
static enum status spread_triggers(struct builder *builder)
{
	struct rows spread;

	rows_init(&spread, builder->options->arena, TRIGGER_ROW);
	if (!rows_give(&builder->programs, &spread))
		return STATUS_NO_MEMORY;
	for (size_t n = 0; n < builder->triggers.count; n++) {
		uint8_t literal[FILTER_LITERAL_MAX], row[TRIGGER_ROW];
		struct gram gram;

		memcpy(row, rows_at(&builder->triggers, n), TRIGGER_ROW);
		struct reader order = reader_of(&row[9], sizeof(uint32_t));
		size_t from = reader_u32be(&order), len = row[15] & TRIGGER_NUMBER,
		       at = row[16];
		for (size_t i = 0; i < len; i++)
			literal[i] = *rows_at(&builder->literals, from + i);
		for (unsigned i = 0; gram_of(reader_of(literal, len), at, i, &gram);
		     i++) {
			row[0] = gram.len;
			store_u32be(&row[1], gram.folded);
			row[16] = (uint8_t)(at + i);
			if (!rows_append(&spread, row, 1))
				return STATUS_NO_MEMORY;
		}
	}
	builder->triggers = spread;
	return spread.count < GRAM_LONG - 1 ? STATUS_OK : STATUS_LIMIT;
}

enum status builder_write_filter(struct builder *builder)
{
	struct rows grams;
	enum status status = spread_triggers(builder);

	if (status != STATUS_OK)
		return status;
	rows_init(&grams, builder->options->arena, sizeof(struct gram));
	if (!rows_give(&builder->subs, &grams))
		return STATUS_NO_MEMORY;
	rows_sort(&builder->triggers, TRIGGER_ORDER);
	status = gather_grams(builder, &grams);
	if (status == STATUS_OK)
		status = gram_table_write(&builder->output, &grams);
	if (status == STATUS_OK)
		status = gram_filters_write(&builder->output, &grams);
	if (status == STATUS_OK)
		status = add_left_out(builder, &grams);
	if (status != STATUS_OK)
		return status;
	write_triggers(builder);
	write_images(builder);
	output_veiled_rows(&builder->output, SECTION_LITERALS, &builder->literals);
	write_always(builder);
	/* For who comes next. */
	if (!rows_give(&grams, &builder->subs) ||
	    !rows_give(&builder->triggers, &builder->programs))
		return STATUS_NO_MEMORY;
	return STATUS_OK;
}

/* In order, and each once: several of its grams may have put a rule there. */
static void write_always(struct builder *builder)
{
	struct rows *always = &builder->always;
	uint32_t last = 0;
	size_t count = 0;

	rows_sort(always, sizeof(uint32_t));
	for (size_t i = 0; i < always->count; i++) {
		struct reader row = reader_of(rows_at(always, i), sizeof(uint32_t));
		uint32_t id = reader_u32be(&row);

		if (count > 0 && id == last)
			continue;
		last = id;
		store_u32le(rows_at(always, count++), id);
	}
	rows_cut(always, count);
	output_rows(&builder->output, SECTION_ALWAYS, always);
}

/* How many triggers from `first` on have the same gram, and for what targets they are. */
static size_t run_of(const struct rows *triggers, size_t first, unsigned *ret_targets)
{
	const uint8_t *key = rows_at(triggers, first);
	size_t at = first;

	*ret_targets = 0;
	while (at < triggers->count &&
	       memcmp(rows_at(triggers, at), key, GRAM_KEY) == 0) {
		const uint8_t *row = rows_at(triggers, at);

		*ret_targets |= (unsigned)row[13] | (unsigned)row[14] << 8;
		at++;
	}
	return at - first;
}

/*
 * More triggers of one gram than a record can count: the rules of those behind
 * the last are always candidates instead.
 */
static enum status add_overflow(struct builder *builder, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		struct reader row = reader_of(rows_at(&builder->triggers, i),
					      TRIGGER_ROW);

		reader_skip(&row, GRAM_KEY);
		if (add_always(builder, reader_u32be(&row)) != STATUS_OK)
			return STATUS_NO_MEMORY;
	}
	return STATUS_OK;
}

/* The rules of grams that have no place in the table. */
static enum status add_left_out(struct builder *builder, const struct rows *grams)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < grams->count && status == STATUS_OK; i++) {
		const struct gram *gram = (const struct gram *)(const void *)rows_at(
			grams, i);

		if (gram->is_out)
			status = add_overflow(builder, gram->first,
					      (size_t)gram->first + gram->count);
	}
	return status;
}

static enum status gather_grams(struct builder *builder, struct rows *grams)
{
	const struct rows *triggers = &builder->triggers;
	size_t at = 0;

	while (at < triggers->count) {
		struct reader row = reader_of(rows_at(triggers, at), TRIGGER_ROW);
		struct gram gram = { .first = (uint32_t)at };
		unsigned targets;
		size_t count = run_of(triggers, at, &targets);

		gram.len = reader_u8(&row);
		gram.folded = reader_u32be(&row);
		gram.targets = (uint16_t)targets;
		gram.count = (uint16_t)(count < TRIGGERS_MAX ? count : TRIGGERS_MAX);
		if (!rows_append(grams, &gram, 1) ||
		    add_overflow(builder, at + gram.count, at + count) != STATUS_OK)
			return STATUS_NO_MEMORY;
		at += count;
	}
	return STATUS_OK;
}

/* Has the next one another gram? */
static bool ends_run(const struct rows *triggers, size_t i)
{
	return i + 1 == triggers->count ||
	       memcmp(rows_at(triggers, i), rows_at(triggers, i + 1), GRAM_KEY) != 0;
}

static void write_triggers(struct builder *builder)
{
	struct output *output = &builder->output;
	size_t run = 0;

	output_begin(output, SECTION_TRIGGERS);
	for (size_t i = 0; i < builder->triggers.count; i++) {
		uint8_t *bytes = rows_at(&builder->triggers, i);
		struct reader row = reader_of(bytes, TRIGGER_ROW);
		bool is_end = ends_run(&builder->triggers, i);

		run++;
		if (is_end || run == TRIGGERS_MAX)
			bytes[16] |= TRIGGER_LAST;
		if (is_end)
			run = 0;

		reader_skip(&row, GRAM_KEY);
		uint32_t rule = reader_u32be(&row);
		output_u32(output, reader_u32be(&row));
		output_u32(output, rule);
		struct slice rest = reader_rest(&row);
		output_put(output, rest.base, rest.len);
	}
	output_end(output, SECTION_TRIGGERS);
}
