/* SPDX-License-Identifier: Apache-2.0 */
#include "match/prefilter.h"

#include "base/checked.h"
#include "bytes/reader.h"
#include "match/trigger.h"
#include "match/veil.h"

/* So many triggers are looked at in any object, and one more for so many bytes. */
enum { VISITS_FLOOR = 64 * 1024, BYTES_PER_VISIT = 4 };

static void take_filters(struct prefilter_segment *segment, unsigned target);
static struct probe probe_of(const struct tables *tables, size_t at);
static enum status run_block(struct prefilter *prefilter,
			     const struct prefilter_segment *segment, struct slice text,
			     size_t from, size_t count);
static enum status run_short(struct prefilter *prefilter,
			     const struct prefilter_segment *segment, struct slice text,
			     size_t from, size_t to);
static enum status run_end(struct prefilter *prefilter,
			   const struct prefilter_segment *segment, struct slice text,
			   size_t from, size_t to);
static void fetch(const struct prefilter_segment *segment, struct slice text, size_t at,
		  unsigned len);
static enum status look_up_grams(struct prefilter *prefilter,
				 const struct prefilter_segment *segment,
				 struct slice text, size_t at);
static enum status look_up(struct prefilter *prefilter,
			   const struct prefilter_segment *segment, struct slice text,
			   size_t at, unsigned len);
static struct gram_record gram_at(const struct tables *tables, size_t slot);
static enum status try_triggers(struct prefilter *prefilter,
				const struct prefilter_segment *segment,
				struct slice text, size_t at, size_t first);
static struct trigger_record trigger_at(const struct tables *tables, size_t index);
static bool literal_stands(const struct tables *tables,
			   const struct trigger_record *trigger, struct slice text,
			   size_t at);

enum status prefilter_open(struct prefilter *prefilter, const struct tables *segments,
			   size_t segment_count, unsigned target,
			   struct id_set *candidates)
{
	struct prefilter opened = {
		.target = target,
		.kernel = probe_kernel_of(CPU_BEST),
		.candidates = candidates,
	};

	id_set_init(&opened.done, candidates->arena);
	opened.segments = arena_new_array(candidates->arena, struct prefilter_segment,
					  segment_count);
	if (!opened.segments)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < segment_count; i++) {
		const struct tables *tables = &segments[i];
		size_t slots = table_count(tables, SECTION_GRAMS, GRAM_RECORD_LEN);
		struct prefilter_segment segment = {
			.tables = tables,
			.number = (uint32_t)i,
		};

		if (tables->is_quiet || slots == 0 || slots > UINT32_MAX)
			continue;
		take_filters(&segment, target);
		if (!segment.longs.words && !segment.grams.words && !segment.bitmap)
			continue;
		segment.slots = (uint32_t)slots;
		opened.segments[opened.segment_count++] = segment;
	}
	*prefilter = opened;
	return STATUS_OK;
}

void prefilter_restart(struct prefilter *prefilter, struct id_set *candidates)
{
	id_set_clear(&prefilter->done);
	prefilter->candidates = candidates;
	prefilter->bytes = 0;
	prefilter->visits_before = prefilter->visits;
}

enum status prefilter_run(struct prefilter *prefilter, struct slice text, size_t from,
			  size_t to)
{
	size_t whole = text.len - min_size(text.len, PROBE_READ_AHEAD);

	to = min_size(to, text.len);
	if (from >= to)
		return STATUS_OK;
	prefilter->bytes += to - from;
	for (size_t i = 0; i < prefilter->segment_count; i++) {
		const struct prefilter_segment *segment = &prefilter->segments[i];
		enum status status = STATUS_OK;
		size_t at = from;

		while (status == STATUS_OK && at < min_size(to, whole)) {
			size_t count = min_size(PROBE_BLOCK, min_size(to, whole) - at);
			status = run_block(prefilter, segment, text, at, count);
			at += count;
		}
		if (status == STATUS_OK)
			status = run_end(prefilter, segment, text, at, to);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

/* What does not fit into the section is not there. */
static void take_filters(struct prefilter_segment *segment, unsigned target)
{
	const struct tables *tables = segment->tables;
	size_t at = (size_t)target * FILTER_RECORD_LEN;
	uint32_t bitmap = table_u32(tables, SECTION_FILTERS, at + 8);
	bool has_bitmap = table_u32(tables, SECTION_FILTERS, at + 12) != 0;

	if (table_bytes(tables, SECTION_FILTERS, at, FILTER_RECORD_LEN).len == 0)
		return;
	segment->grams = probe_of(tables, at);
	segment->longs = probe_of(tables, at + 16);
	if (has_bitmap)
		segment->bitmap = table_bytes(tables, SECTION_FILTERS, bitmap, 8192).base;
}

static struct probe probe_of(const struct tables *tables, size_t at)
{
	uint32_t words = table_u32(tables, SECTION_FILTERS, at);
	uint32_t log2 = table_u32(tables, SECTION_FILTERS, at + 4);

	if (log2 < FILTER_WORDS_LOG2_MIN || log2 > FILTER_WORDS_LOG2_MAX)
		return (struct probe){ 0 };
	size_t len = (size_t)sizeof(uint64_t) << log2;
	return (struct probe){ table_bytes(tables, SECTION_FILTERS, words, len).base,
			       log2 };
}

/* hot loop: PROBE_READ_AHEAD bytes follow the block. */
static enum status run_block(struct prefilter *prefilter,
			     const struct prefilter_segment *segment, struct slice text,
			     size_t from, size_t count)
{
	const struct probe_kernel *kernel = prefilter->kernel;
	const uint8_t *block = text.base + from;
	enum status status = STATUS_OK;
	uint16_t hits[PROBE_HITS_MAX];
	size_t found = 0;

	if (segment->longs.words)
		found = kernel->longs(&segment->longs, block, count, hits);
	for (size_t i = 0; i < found; i++)
		fetch(segment, text, from + hits[i], FILTER_LONG);
	for (size_t i = 0; i < found && status == STATUS_OK; i++)
		status = look_up(prefilter, segment, text, from + hits[i], FILTER_LONG);
	found = 0;
	if (segment->grams.words)
		found = kernel->grams(&segment->grams, block, count, hits);
	for (size_t i = 0; i < found; i++) {
		fetch(segment, text, from + hits[i], FILTER_GRAM);
		fetch(segment, text, from + hits[i], FILTER_TAIL);
	}
	for (size_t i = 0; i < found && status == STATUS_OK; i++)
		status = look_up_grams(prefilter, segment, text, from + hits[i]);
	if (segment->bitmap && status == STATUS_OK)
		status = run_short(prefilter, segment, text, from, from + count);
	return status;
}

/* hot loop: grams of two bytes, which begin at from … to - 1. */
static enum status run_short(struct prefilter *prefilter,
			     const struct prefilter_segment *segment, struct slice text,
			     size_t from, size_t to)
{
	enum status status = STATUS_OK;

	to = min_size(to, text.len - min_size(text.len, FILTER_SHORT - 1));
	for (size_t at = from; at < to && status == STATUS_OK; at++) {
		unsigned gram = text.base[at] | (unsigned)text.base[at + 1] << 8 | 0x2020;

		if (segment->bitmap[gram >> 3] >> (gram & 7) & 1)
			status = look_up(prefilter, segment, text, at, FILTER_SHORT);
	}
	return status;
}

/* The last few places of a text have no room for long grams: every one is asked about. */
static enum status run_end(struct prefilter *prefilter,
			   const struct prefilter_segment *segment, struct slice text,
			   size_t from, size_t to)
{
	enum status status = STATUS_OK;

	for (size_t at = from; at < to && status == STATUS_OK && segment->grams.words;
	     at++)
		status = look_up_grams(prefilter, segment, text, at);
	if (segment->bitmap && status == STATUS_OK)
		status = run_short(prefilter, segment, text, from, to);
	return status;
}

static enum status look_up_grams(struct prefilter *prefilter,
				 const struct prefilter_segment *segment,
				 struct slice text, size_t at)
{
	enum status status = look_up(prefilter, segment, text, at, FILTER_GRAM);

	if (status == STATUS_OK)
		status = look_up(prefilter, segment, text, at, FILTER_TAIL);
	return status;
}

/* A gram as the table has it; false: the text has no room for it. */
static bool gram_of(struct slice text, size_t at, unsigned len, uint32_t *ret_gram)
{
	struct reader in = reader_of_slice(text);

	reader_seek(&in, at);
	if (len == FILTER_SHORT) {
		*ret_gram = filter_fold(reader_u16le(&in)) & UINT16_MAX;
		return reader_ok(&in);
	}
	*ret_gram = filter_fold(reader_u32le(&in));
	if (len == FILTER_TAIL)
		*ret_gram &= 0xffffff;
	if (len == FILTER_LONG)
		*ret_gram = filter_print(*ret_gram, filter_fold(reader_u32le(&in)));
	return reader_ok(&in);
}

static uint32_t slot_of(const struct prefilter_segment *segment, uint32_t gram,
			unsigned len)
{
	return (uint32_t)filter_slot(filter_hash(gram, len), segment->slots);
}

/* The table is in no cache: what will be asked of it is on its way while others are. */
static void fetch(const struct prefilter_segment *segment, struct slice text, size_t at,
		  unsigned len)
{
	uint32_t gram;

	if (gram_of(text, at, len, &gram))
		__builtin_prefetch(
			table_bytes(segment->tables, SECTION_GRAMS,
				    (size_t)slot_of(segment, gram, len) * GRAM_RECORD_LEN,
				    GRAM_RECORD_LEN)
				.base);
}

/* Finds the gram's record, and tries what it leads to. */
static enum status look_up(struct prefilter *prefilter,
			   const struct prefilter_segment *segment, struct slice text,
			   size_t at, unsigned len)
{
	uint32_t is_long = len == FILTER_LONG ? GRAM_LONG : 0;
	uint32_t gram;

	if (!gram_of(text, at, len, &gram))
		return STATUS_OK;
	prefilter->lookups++;
	uint32_t slot = slot_of(segment, gram, len);
	for (size_t i = 0; i < FILTER_PROBES_MAX; i++) {
		struct gram_record record = gram_at(segment->tables, slot);

		if (record.place == 0)
			break;
		if (record.gram == gram && (record.place & GRAM_LONG) == is_long)
			return try_triggers(prefilter, segment, text, at,
					    (record.place & ~GRAM_LONG) - (size_t)1);
		slot++;
		if (slot == segment->slots)
			slot = 0;
	}
	return STATUS_OK;
}

static struct gram_record gram_at(const struct tables *tables, size_t slot)
{
	struct slice bytes = table_bytes(tables, SECTION_GRAMS, slot * GRAM_RECORD_LEN,
					 GRAM_RECORD_LEN);
	struct reader in = reader_of_slice(bytes);
	struct gram_record record;

	record.gram = reader_u32le(&in);
	record.place = reader_u32le(&in);
	return record;
}

/* Those of one gram, from `first` on. */
static enum status try_triggers(struct prefilter *prefilter,
				const struct prefilter_segment *segment,
				struct slice text, size_t at, size_t first)
{
	uint64_t number = (uint64_t)segment->number << 32;
	struct trigger_record trigger = { 0 };
	size_t missing = 0;

	if (id_set_has(&prefilter->done, number | first))
		return STATUS_OK;
	for (size_t i = 0; i < TRIGGERS_MAX && !(trigger.gram_at & TRIGGER_LAST); i++) {
		trigger = trigger_at(segment->tables, first + i);
		prefilter->visits++;
		if (!(trigger.targets >> prefilter->target & 1) ||
		    id_set_has(prefilter->candidates, number | trigger.rule))
			continue;
		prefilter->comparisons++;
		if (prefilter->visits - prefilter->visits_before <
			    prefilter->bytes / BYTES_PER_VISIT + VISITS_FLOOR &&
		    !literal_stands(segment->tables, &trigger, text, at)) {
			missing++;
			continue;
		}
		if (!id_set_add(prefilter->candidates, number | trigger.rule))
			return STATUS_NO_MEMORY;
	}
	if (missing == 0 && !id_set_add(&prefilter->done, number | first))
		return STATUS_NO_MEMORY;
	return STATUS_OK;
}

/* One that is not there is the last of its gram. */
static struct trigger_record trigger_at(const struct tables *tables, size_t index)
{
	struct slice bytes = table_bytes(tables, SECTION_TRIGGERS,
					 index * TRIGGER_RECORD_LEN, TRIGGER_RECORD_LEN);

	if (bytes.len == 0)
		return (struct trigger_record){ .gram_at = TRIGGER_LAST };
	return trigger_read(bytes);
}

/* hot loop: does the whole literal stand where its gram was found? */
static bool literal_stands(const struct tables *tables,
			   const struct trigger_record *trigger, struct slice text,
			   size_t at)
{
	struct slice veiled = table_bytes(tables, SECTION_LITERALS, trigger->literal,
					  trigger->len & TRIGGER_NUMBER);
	size_t first = trigger->gram_at & TRIGGER_NUMBER;
	uint8_t literal[TRIGGER_NUMBER];

	if (veiled.len == 0 || first > at)
		return false;
	size_t start = at - first;
	if (!range_fits(start, veiled.len, text.len))
		return false;
	veil_apply(literal, veiled.base, veiled.len, trigger->literal);
	if (!(trigger->len & TRIGGER_FOLD))
		return memcmp(literal, text.base + start, veiled.len) == 0;
	for (size_t i = 0; i < veiled.len; i++) {
		uint8_t byte = text.base[start + i];
		if (byte >= 'A' && byte <= 'Z')
			byte |= 0x20;
		if (byte != literal[i])
			return false;
	}
	return true;
}
