/* SPDX-License-Identifier: Apache-2.0 */
#include "match/subs.h"

#include "base/checked.h"
#include "match/compare.h"
#include "match/facts.h"
#include "match/macro.h"
#include "match/pattern.h"
#include "match/places.h"
#include "match/regex.h"

/* clamscan compares bytes in the first piece of an object that it reads, and nowhere else. */
enum { CLAMAV_WINDOW_LEN = 128 * 1024, CLAMAV_LARGE_LEN = 256 * 1024 };

/* A regular expression's trigger may ask for what stands before it only. */
struct trigger {
	struct subs *subs;
	unsigned id;
};

static enum status find_sub(struct subs *subs, unsigned id);
static enum status find_pattern(struct subs *subs, const struct sub_record *sub,
				struct pattern_matches *out);
static enum status find_regex(struct subs *subs, unsigned id,
			      const struct sub_record *sub, struct slice data);
static enum status find_compare(struct subs *subs, unsigned id, struct slice data);
static enum status find_macro(struct subs *subs, unsigned id, struct slice data);
static enum status find_image(struct subs *subs, unsigned id, struct slice data);
static struct pattern_search search_of(const struct subs *subs);

enum status subs_init(struct subs *subs, struct evaluator *evaluator,
		      const struct tables *tables, const struct rule_record *rule,
		      struct slice expression)
{
	struct arena *arena = evaluator->matcher->arena;

	*subs = (struct subs){
		.evaluator = evaluator,
		.tables = tables,
		.rule = *rule,
		.count_max = expr_count_max(expression),
	};
	if (!(rule->flags & RULE_COUNTING_TRIGGERS))
		return STATUS_OK;
	for (uint32_t i = 0; i < rule->sub_count && i < EXPR_SUBS_MAX; i++) {
		struct sub_record sub = table_sub(tables, rule->sub_first + i);
		struct arena_mark mark = arena_mark(arena);
		struct slice data;

		if (sub.kind != SUB_REGEX)
			continue;
		enum status status = table_sub_data(tables, &sub, arena, &data);
		if (status != STATUS_OK)
			return status;
		struct reader in = reader_of_slice(data);
		reader_skip(&in, sizeof(uint16_t));
		subs->count_max = max_u64(
			subs->count_max,
			expr_count_max(reader_slice(&in, reader_u16le(&in))));
		arena_rewind(arena, mark);
	}
	return STATUS_OK;
}

bool subs_count(void *context, unsigned id, uint64_t *ret_count)
{
	struct subs *subs = context;

	if (!subs->is_known[id]) {
		subs->status = find_sub(subs, id);
		if (subs->status != STATUS_OK)
			return false;
		subs->is_known[id] = true;
	}
	*ret_count = subs->matches[id].count;
	return true;
}

/* The record of a subsignature; false if the rule has none of that number. */
static bool sub_at(const struct subs *subs, unsigned id, struct sub_record *out)
{
	uint64_t index;

	if (id >= subs->rule.sub_count || id >= EXPR_SUBS_MAX ||
	    !add_u64(subs->rule.sub_first, id, &index) || index > UINT32_MAX)
		return false;
	*out = table_sub(subs->tables, (uint32_t)index);
	return true;
}

static enum status find_sub(struct subs *subs, unsigned id)
{
	struct sub_record sub;
	struct slice data;

	if (!sub_at(subs, id, &sub))
		return STATUS_OK;
	if (sub.kind == SUB_PATTERN)
		return find_pattern(subs, &sub, &subs->matches[id]);
	/*
	 * What others learn of the object stays, so it must not lie above a mark. These
	 * data are small, and stay with it until the object is done.
	 */
	enum status status = table_sub_data(subs->tables, &sub,
					    subs->evaluator->matcher->arena, &data);
	if (status != STATUS_OK)
		return status;
	switch (sub.kind) {
	case SUB_REGEX:
		return find_regex(subs, id, &sub, data);
	case SUB_COMPARE:
		return find_compare(subs, id, data);
	case SUB_MACRO:
		return find_macro(subs, id, data);
	case SUB_IMAGE_HASH:
		return find_image(subs, id, data);
	default:
		return STATUS_OK;
	}
}

static struct pattern_search search_of(const struct subs *subs)
{
	return (struct pattern_search){
		.text = &subs->evaluator->text,
		.budget = &subs->evaluator->budget,
		.arena = subs->evaluator->matcher->arena,
		.clamav_compat = subs->evaluator->matcher->flags & MATCH_CLAMAV_COMPAT,
		.regexes = subs->evaluator->matcher->regexes,
	};
}

static uint64_t wanted(const struct subs *subs, const struct sub_record *sub)
{
	if (sub->flags & SUB_LAST)
		return UINT64_MAX;
	if (sub->flags & SUB_COUNTED)
		return subs->count_max;
	return 1;
}

/* Of a pattern with gaps, the places of its last part are counted. */
static enum status find_in_range(const struct subs *subs, const struct sub_record *sub,
				 struct slice programs, struct pattern_range range,
				 struct pattern_matches *out)
{
	const struct pattern_search search = search_of(subs);
	bool is_forward = sub->flags & SUB_COUNTED && pattern_has_gap(programs);
	uint64_t want = wanted(subs, sub);
	struct pattern_matches found;

	if (is_forward && !(sub->flags & SUB_LAST))
		want = 1;
	enum status status = pattern_find(&search, programs, range, want, &found);
	if (status == STATUS_OK && is_forward && found.count > 0)
		status = pattern_count(&search, programs, range, subs->count_max,
				       &found.count);
	if (status == STATUS_OK)
		*out = found;
	return status;
}

/*
 * In the version information, where patterns with gaps are counted by their starts, and
 * where clamscan finds none of them.
 */
static enum status find_in_version(const struct pattern_search *search,
				   struct slice programs,
				   const struct pe_version *version, uint64_t want,
				   struct pattern_matches *out)
{
	struct pattern_matches all = { 0 };
	enum status status = STATUS_OK;
	bool is_nowhere = search->clamav_compat && pattern_has_gap(programs);

	for (size_t i = 0; i < version->count && all.count < want && !is_nowhere; i++) {
		uint64_t at = version->pairs[i];
		struct pattern_matches here = { 0 };

		status = pattern_find(search, programs, (struct pattern_range){ at, at },
				      want - all.count, &here);
		if (status != STATUS_OK)
			return status;
		if (here.count == 0)
			continue;
		if (all.count == 0)
			all = here;
		else
			all.count += here.count;
		all.last = here.last;
	}
	*out = all;
	return status;
}

/* In large PE files clamscan looks for plain bytes "in" a section where it starts. */
static bool starts_section_alone(const struct subs *subs, const struct sub_record *sub,
				 struct slice programs)
{
	const struct evaluator *evaluator = subs->evaluator;
	struct reader in = reader_of_slice(programs);

	if (!(evaluator->matcher->flags & MATCH_CLAMAV_COMPAT) ||
	    sub->offset_kind != OFFSET_IN_SECTION || subs->rule.language != RULE_NDB ||
	    subs->rule.target != 1 || evaluator->object->source.size < CLAMAV_LARGE_LEN)
		return false;
	uint16_t count = reader_u16le(&in);
	reader_skip(&in, 4);
	uint8_t op = reader_u8(&in);
	uint16_t len = reader_u16le(&in);
	return count == 1 && op == PATTERN_LIT && reader_left(&in) == len;
}

static enum status find_pattern(struct subs *subs, const struct sub_record *sub,
				struct pattern_matches *out)
{
	const struct pattern_search search = search_of(subs);
	struct places places;
	struct slice programs;
	/* Before the mark: what is learned of the object stays. */
	enum status status = places_of(subs->evaluator, sub, &places);

	if (status != STATUS_OK)
		return status == STATUS_END ? STATUS_OK : status;
	struct arena_mark mark = arena_mark(search.arena);
	status = table_sub_data(subs->tables, sub, search.arena, &programs);
	if (status == STATUS_OK && starts_section_alone(subs, sub, programs))
		places.range.last = places.range.first;
	if (status == STATUS_OK && places.version)
		status = find_in_version(&search, programs, places.version,
					 wanted(subs, sub), out);
	else if (status == STATUS_OK)
		status = find_in_range(subs, sub, programs, places.range, out);
	arena_rewind(search.arena, mark);
	return status;
}

static bool count_before(void *context, unsigned id, uint64_t *ret_count)
{
	const struct trigger *trigger = context;

	*ret_count = 0;
	return id >= trigger->id || subs_count(trigger->subs, id, ret_count);
}

static enum status find_regex(struct subs *subs, unsigned id,
			      const struct sub_record *sub, struct slice data)
{
	const struct pattern_search search = search_of(subs);
	struct trigger trigger = { subs, id };
	struct reader in = reader_of_slice(data);
	struct regex regex = { .flags = reader_u16le(&in) };
	struct slice expression = reader_slice(&in, reader_u16le(&in));
	struct expr_value value;
	struct places places;

	regex.text = reader_rest(&in);
	if (!reader_ok(&in))
		return STATUS_OK;
	if (!expr_run(expression, count_before, &trigger, &value))
		return subs->status;
	if (!value.holds)
		return STATUS_OK;
	enum status status = places_of(subs->evaluator, sub, &places);
	if (status != STATUS_OK)
		return status == STATUS_END ? STATUS_OK : status;
	if (places.version)
		return STATUS_OK;
	return regex_find(&search, &regex, places.range, wanted(subs, sub),
			  &subs->matches[id]);
}

/* Where the number is; false: not in the object. */
static bool number_at(const struct subs *subs, const struct compare *compare,
		      uint64_t *ret_at)
{
	const struct evaluator *evaluator = subs->evaluator;
	uint64_t at = subs->matches[compare->sub].last;
	uint64_t distance = (uint64_t)compare->offset;

	if (compare->offset < 0) {
		distance = 0 - distance;
		if (distance > at)
			return false;
		at -= distance;
	} else if (!add_u64(at, distance, &at)) {
		return false;
	}
	*ret_at = at;
	if (evaluator->matcher->flags & MATCH_CLAMAV_COMPAT &&
	    (at == 0 || !range_fits(at, compare->len, CLAMAV_WINDOW_LEN)))
		return false;
	return range_fits(at, compare->len, evaluator->text.len);
}

static enum status find_compare(struct subs *subs, unsigned id, struct slice data)
{
	struct text *text = &subs->evaluator->text;
	struct pattern_matches *matches = &subs->matches[id];
	uint8_t bytes[COMPARE_READ_MAX];
	struct compare compare;
	struct sub_record sub;
	uint64_t count;
	uint64_t at;
	int64_t value;

	if (!compare_load(data, &compare) || !sub_at(subs, compare.sub, &sub) ||
	    (sub.kind != SUB_PATTERN && sub.kind != SUB_MACRO))
		return STATUS_OK;
	if (!subs_count(subs, compare.sub, &count))
		return subs->status;
	if (count == 0 || !number_at(subs, &compare, &at))
		return STATUS_OK;
	size_t len = min_size(compare.len, sizeof(bytes));
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)text_byte(text, at + i);
	if (text->status != STATUS_OK)
		return text->status;
	if (compare_number(&compare, (struct slice){ bytes, len }, &value) &&
	    compare_holds(&compare, value))
		*matches = (struct pattern_matches){ 1, at, compare.len, at };
	return STATUS_OK;
}

static enum status find_macro(struct subs *subs, unsigned id, struct slice data)
{
	const struct pattern_search search = search_of(subs);
	struct macro_search members = {
		.tables = subs->tables,
		.source = table_u32(subs->tables, SECTION_FILES,
				    subs->rule.file * (size_t)FILE_RECORD_LEN +
					    FILE_SOURCE_AT),
		.target = subs->rule.target,
		.compat = subs->evaluator->matcher->flags & MATCH_CLAMAV_COMPAT,
	};
	struct sub_record before;
	struct sub_record sub;
	struct places places;
	struct macro macro;

	if (!macro_load(data, &macro) || id == 0 || !sub_at(subs, id, &sub) ||
	    !sub_at(subs, id - 1, &before) || before.kind != SUB_PATTERN)
		return STATUS_OK;
	enum status status = places_of(subs->evaluator, &before, &places);
	if (status == STATUS_END || (status == STATUS_OK && places.version))
		return STATUS_OK;
	if (status == STATUS_OK)
		status = table_sub_data(subs->tables, &before, search.arena,
					&members.before);
	if (status != STATUS_OK)
		return status;
	members.range = places.range;
	return macro_find(&search, &macro, &members, wanted(subs, &sub),
			  &subs->matches[id]);
}

static enum status find_image(struct subs *subs, unsigned id, struct slice data)
{
	struct evaluator *evaluator = subs->evaluator;
	struct reader in = reader_of_slice(data);
	uint64_t wanted_hash = reader_u64le(&in);
	uint64_t hash;
	enum status status = facts_image(&evaluator->facts, &hash);

	if (status == STATUS_OK && reader_ok(&in) && hash == wanted_hash)
		subs->matches[id] = (struct pattern_matches){
			.count = 1,
			.len = evaluator->text.len,
		};
	return status == STATUS_END ? STATUS_OK : status;
}
