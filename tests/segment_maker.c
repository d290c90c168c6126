/* SPDX-License-Identifier: Apache-2.0 */
#include "segment_maker.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "match/veil.h"
#include "type/type.h"

enum { WORDS_LOG2 = 8, BITMAP_LEN = 8192 };

static size_t append(struct made_section *section, const void *bytes, size_t len)
{
	size_t at = section->len;

	if (len > section->room - section->len) {
		section->room = 2 * (section->len + len);
		section->bytes = realloc(section->bytes, section->room);
		assert(section->bytes);
	}
	if (len > 0)
		memcpy(section->bytes + at, bytes, len);
	section->len += len;
	return at;
}

static size_t append_number(struct made_section *section, uint64_t value, size_t len)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(value >> 8 * i);
	return append(section, bytes, len);
}

static uint32_t append_slice(struct made_section *section, struct slice bytes)
{
	return (uint32_t)append(section, bytes.base, bytes.len);
}

static uint32_t append_veiled(struct made_section *section, struct slice bytes)
{
	uint32_t at = append_slice(section, bytes);

	veil_apply(&section->bytes[at], &section->bytes[at], bytes.len, at);
	return at;
}

static void make_sub(struct segment_maker *maker, const struct made_sub *sub)
{
	struct made_section *out = &maker->sections[SECTION_SUBS];

	append_number(
		out, append_veiled(&maker->sections[SECTION_PROGRAMS], sub->programs), 4);
	append_number(out, sub->programs.len, 4);
	append_number(out, sub->value, 4);
	append_number(out, sub->shift, 4);
	append_number(out, sub->section, 2);
	append_number(out, sub->offset, 1);
	append_number(out, SUB_PATTERN, 1);
	append_number(out, sub->flags, 2);
	append_number(out, 0, 8);
	append_number(out, 0, 2);
}

uint32_t make_rule(struct segment_maker *maker, const struct made_rule *rule,
		   const struct made_sub *subs, size_t sub_count)
{
	struct made_section *conditions = &maker->sections[SECTION_CONDITIONS];
	struct made_section *out = &maker->sections[SECTION_RULES];
	uint32_t id = (uint32_t)(out->len / RULE_RECORD_LEN);

	append_number(out, 0, 8);
	append_number(out, append_slice(conditions, rule->condition), 4);
	append_number(out, rule->condition.len, 4);
	append_number(out, append_slice(conditions, rule->expression), 4);
	append_number(out, rule->expression.len, 4);
	append_number(out, maker->sections[SECTION_SUBS].len / SUB_RECORD_LEN, 4);
	append_number(out, sub_count, 2);
	append_number(out, 0, 6);
	append_number(out, rule->target, 1);
	append_number(out, 0, 3);
	for (size_t i = 0; i < sub_count; i++)
		make_sub(maker, &subs[i]);
	return id;
}

static uint32_t fold_gram(const uint8_t *at, size_t len)
{
	uint32_t gram = 0;

	for (size_t i = 0; i < len; i++)
		gram |= (uint32_t)(at[i] | 0x20) << 8 * i;
	return gram;
}

static void add_trigger(struct segment_maker *maker, uint32_t gram, size_t gram_len,
			const struct trigger_record *record)
{
	struct made_trigger trigger = { gram, (unsigned)gram_len, *record };

	maker->triggers = realloc(maker->triggers,
				  (maker->trigger_count + 1) * sizeof(trigger));
	assert(maker->triggers);
	maker->triggers[maker->trigger_count++] = trigger;
}

/* Grams are taken from the middle of the literal. */
void make_trigger(struct segment_maker *maker, uint32_t rule, struct slice literal,
		  bool fold)
{
	size_t gram_len = literal.len >= FILTER_LONG_MIN ? FILTER_LONG :
			  literal.len >= FILTER_GRAM     ? FILTER_GRAM :
							   FILTER_SHORT;
	size_t grams = gram_len == FILTER_LONG ?
			       FILTER_LONG_STEP :
		       gram_len == FILTER_SHORT ?
			       1 :
			       min_size(literal.len - 3, FILTER_GRAM_STEP);
	size_t at = gram_len == FILTER_SHORT ? 0 :
					       (literal.len - gram_len - grams + 1) / 2;
	uint8_t target =
		maker->sections[SECTION_RULES].bytes[rule * RULE_RECORD_LEN + 36];
	struct trigger_record record = {
		.literal = append_veiled(&maker->sections[SECTION_LITERALS], literal),
		.rule = rule,
		.targets = (uint16_t)(target == TARGET_ANY ? 0xffff : 1 << target),
		.len = (uint8_t)(literal.len | (fold ? TRIGGER_FOLD : 0)),
	};

	assert(literal.len >= FILTER_SHORT && literal.len <= FILTER_LITERAL_MAX);
	for (size_t i = 0; i < grams; i++) {
		const uint8_t *bytes = &literal.base[at + i];
		uint32_t gram = fold_gram(bytes, min_size(gram_len, 4));

		if (gram_len == FILTER_LONG)
			gram = filter_print(gram, fold_gram(&bytes[4], 4));
		record.gram_at = (uint8_t)(at + i);
		add_trigger(maker, gram, gram_len, &record);
	}
	if (literal.len == FILTER_GRAM) {
		record.gram_at = 1;
		add_trigger(maker, fold_gram(&literal.base[1], FILTER_TAIL), FILTER_TAIL,
			    &record);
	}
}

void make_always(struct segment_maker *maker, uint32_t rule)
{
	append_number(&maker->sections[SECTION_ALWAYS], rule, 4);
}

void make_hash(struct segment_maker *maker, enum hash_scope scope, struct slice digest,
	       uint32_t size)
{
	unsigned kind = digest.len == 16 ? 0 : digest.len == 20 ? 1 : 2;
	unsigned index = (unsigned)scope * DIGEST_KINDS + kind;

	append_slice(&maker->sections[SECTION_DIGESTS + index], digest);
	append_number(&maker->sections[SECTION_HASHES + index], size, 4);
	append_number(&maker->sections[SECTION_HASHES + index], 0, 8);
	append_number(&maker->sections[SECTION_HASHES + index], 0, 4);
}

void make_size(struct segment_maker *maker, uint32_t size, uint16_t kinds)
{
	append_number(&maker->sections[SECTION_SIZES], size, 4);
	append_number(&maker->sections[SECTION_SIZE_KINDS], kinds, 2);
}

static int by_gram(const void *a, const void *b)
{
	const struct made_trigger *one = a;
	const struct made_trigger *two = b;

	if (one->gram_len != two->gram_len)
		return one->gram_len < two->gram_len ? -1 : 1;
	if (one->gram != two->gram)
		return one->gram < two->gram ? -1 : 1;
	return 0;
}

static void write_trigger(struct made_section *out, const struct trigger_record *record)
{
	append_number(out, record->literal, 4);
	append_number(out, record->rule, 4);
	append_number(out, record->targets, 2);
	append_number(out, record->len, 1);
	append_number(out, record->gram_at, 1);
}

/* Puts a gram's record into its slot, or the next that is free. */
static void write_gram(struct made_section *grams, size_t slots,
		       const struct made_trigger *first, size_t index)
{
	size_t slot = filter_slot(filter_hash(first->gram, first->gram_len),
				  (uint32_t)slots);
	const uint8_t free_place[4] = { 0 };
	struct made_section record = { 0 };

	while (memcmp(&grams->bytes[slot * GRAM_RECORD_LEN + 4], free_place, 4) != 0)
		slot = (slot + 1) % slots;
	append_number(&record, first->gram, 4);
	append_number(&record,
		      (index + 1) | (first->gram_len == FILTER_LONG ? GRAM_LONG : 0), 4);
	memcpy(grams->bytes + slot * GRAM_RECORD_LEN, record.bytes, record.len);
	free(record.bytes);
}

static void write_grams(struct segment_maker *maker)
{
	struct made_section *grams = &maker->sections[SECTION_GRAMS];
	const struct made_trigger *triggers = maker->triggers;
	size_t slots = 2 * maker->trigger_count + 1;
	size_t next;

	for (size_t i = 0; i < slots; i++)
		append_number(grams, 0, 8);
	for (size_t i = 0; i < maker->trigger_count; i = next) {
		for (next = i; next < maker->trigger_count &&
			       by_gram(&triggers[i], &triggers[next]) == 0;
		     next++) {
			struct trigger_record record = triggers[next].record;

			if (next + 1 == maker->trigger_count ||
			    by_gram(&triggers[i], &triggers[next + 1]) != 0)
				record.gram_at |= TRIGGER_LAST;
			write_trigger(&maker->sections[SECTION_TRIGGERS], &record);
		}
		write_gram(grams, slots, &triggers[i], i);
	}
}

/* Two Bloom filters and a bitmap, which are in the section in this order. */
struct made_filter {
	uint64_t grams[1 << WORDS_LOG2];
	uint64_t longs[1 << WORDS_LOG2];
	uint8_t bitmap[BITMAP_LEN];
};

static void add_print(uint64_t *words, uint32_t print)
{
	words[filter_word(print, WORDS_LOG2)] |= filter_bits(print);
}

static void fill_filter(const struct segment_maker *maker, unsigned target,
			struct made_filter *filter)
{
	for (size_t i = 0; i < maker->trigger_count; i++) {
		const struct made_trigger *trigger = &maker->triggers[i];
		uint32_t gram = trigger->gram;

		if (!(trigger->record.targets >> target & 1))
			continue;
		if (trigger->gram_len == FILTER_LONG)
			add_print(filter->longs, gram);
		else if (trigger->gram_len == FILTER_GRAM)
			add_print(filter->grams, filter_print(gram, 0));
		else if (trigger->gram_len == FILTER_SHORT)
			filter->bitmap[gram >> 3] |= (uint8_t)(1 << (gram & 7));
		else
			for (uint32_t byte = 0; byte < 256; byte++)
				add_print(filter->grams,
					  filter_print(gram | (byte | 0x20) << 24, 0));
	}
}

static void append_words(struct made_section *out, const uint64_t *words)
{
	for (size_t i = 0; i < (size_t)1 << WORDS_LOG2; i++)
		append_number(out, words[i], 8);
}

static void write_filters(struct segment_maker *maker)
{
	struct made_section *out = &maker->sections[SECTION_FILTERS];
	size_t words_len = sizeof(uint64_t) << WORDS_LOG2;
	size_t head = 512;

	for (size_t t = 0; t < TARGET_COUNT; t++) {
		size_t at = head + t * (2 * words_len + BITMAP_LEN);

		append_number(out, at, 4);
		append_number(out, WORDS_LOG2, 4);
		append_number(out, at + 2 * words_len, 4);
		append_number(out, 1, 4);
		append_number(out, at + words_len, 4);
		append_number(out, WORDS_LOG2, 4);
	}
	while (out->len < head)
		append_number(out, 0, 1);
	for (unsigned t = 0; t < TARGET_COUNT; t++) {
		struct made_filter *filter = calloc(1, sizeof(*filter));

		assert(filter);
		fill_filter(maker, t, filter);
		append_words(out, filter->grams);
		append_words(out, filter->longs);
		append(out, filter->bitmap, sizeof(filter->bitmap));
		free(filter);
	}
}

struct tables make_tables(struct segment_maker *maker)
{
	struct tables tables = { 0 };

	if (maker->trigger_count > 0) {
		qsort(maker->triggers, maker->trigger_count, sizeof(maker->triggers[0]),
		      by_gram);
		write_grams(maker);
		write_filters(maker);
	}
	for (size_t i = 0; i < SECTION_COUNT; i++)
		tables.section[i] = (struct table){ maker->sections[i].bytes,
						    maker->sections[i].len };
	return tables;
}

void segment_maker_free(struct segment_maker *maker)
{
	for (size_t i = 0; i < SECTION_COUNT; i++)
		free(maker->sections[i].bytes);
	free(maker->triggers);
	*maker = (struct segment_maker){ 0 };
}
