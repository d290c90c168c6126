/* SPDX-License-Identifier: Apache-2.0 */
#include "database/gram_filter.h"

#include <string.h>

#include "bytes/store.h"
#include "match/filter.h"
#include "match/trigger.h"
#include "type/type.h"

enum {
	BITMAP_LEN = 65536 / 8,
	FOURTH_BYTES = 128,    /* as many as are different when folded */
	BITS_PER_GRAM = 16,    /* at least; twice that in what stays small */
	WORDS_LOG2_MIN = 3,    /* 64 bytes: what begins behind it is aligned */
	WORDS_LOG2_SMALL = 15, /* 256 KiB */
	WORDS_LOG2_MAX = 17,   /* 1 MiB */
	TABLE_GROWTHS = 3,     /* to at most thirteen slots for a gram */
	HEAD_LEN = (TARGET_COUNT * FILTER_RECORD_LEN + SEGMENT_ALIGN - 1) /
		   SEGMENT_ALIGN * SEGMENT_ALIGN,
};

/* A Bloom filter while it is made. */
struct bloom {
	uint64_t *words;
	unsigned words_log2;
	size_t grams;
	uint32_t at; /* in the section */
};

/* The filters of a target. */
struct filter {
	struct bloom grams; /* of FILTER_GRAM and FILTER_TAIL bytes */
	struct bloom longs;
	uint8_t *bitmap;
	size_t short_grams;
	bool is_own; /* has grams that target 0 has not */
	uint32_t bitmap_at;
};

static bool fill_table(const struct rows *grams, uint32_t *slots, size_t count);
static void write_table(struct output *output, const struct rows *grams,
			const uint32_t *slots, size_t count);
static void count_grams(const struct rows *grams, struct filter filters[TARGET_COUNT]);
static enum status make_filter(const struct rows *grams, unsigned target,
			       struct filter *out);
static void place_filters(struct filter filters[TARGET_COUNT]);
static void write_filters(struct output *output,
			  const struct filter filters[TARGET_COUNT]);

static struct gram *gram_at(const struct rows *grams, size_t index)
{
	return (struct gram *)(void *)rows_at(grams, index);
}

enum status gram_table_write(struct output *output, const struct rows *grams)
{
	struct arena_mark mark = arena_mark(grams->arena);
	uint32_t *slots = NULL; /* 1 + index of a gram; 0: free */
	/* A third stays empty: a gram that is not there takes five slots to say so. */
	size_t count = grams->count + grams->count / 2 + 1;

	output_begin(output, SECTION_GRAMS);
	for (unsigned growths = 0; grams->count > 0; growths++) {
		slots = arena_new_array(grams->arena, uint32_t, count);
		if (!slots)
			return STATUS_NO_MEMORY;
		if (fill_table(grams, slots, count) || growths == TABLE_GROWTHS)
			break;
		arena_rewind(grams->arena, mark);
		count *= 2;
	}
	if (slots)
		write_table(output, grams, slots, count);
	output_end(output, SECTION_GRAMS);
	arena_rewind(grams->arena, mark);
	return STATUS_OK;
}

/* Marks grams that would be too far from their places; false if there are any. */
static bool fill_table(const struct rows *grams, uint32_t *slots, size_t count)
{
	bool all_in = true;

	for (size_t i = 0; i < grams->count; i++) {
		struct gram *gram = gram_at(grams, i);
		size_t slot = filter_slot(filter_hash(gram->folded, gram->len),
					  (uint32_t)count);
		unsigned probes = 1;

		while (slots[slot] != 0 && probes < FILTER_PROBES_MAX) {
			slot = (slot + 1) % count;
			probes++;
		}
		gram->is_out = slots[slot] != 0;
		if (gram->is_out)
			all_in = false;
		else
			slots[slot] = (uint32_t)i + 1;
	}
	return all_in;
}

static void write_table(struct output *output, const struct rows *grams,
			const uint32_t *slots, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t record[GRAM_RECORD_LEN] = { 0 };

		if (slots[i] != 0) {
			const struct gram *gram = gram_at(grams, slots[i] - 1);

			store_u32le(&record[0], gram->folded);
			store_u32le(&record[4],
				    (gram->first + 1) |
					    (gram->len == FILTER_LONG ? GRAM_LONG : 0));
		}
		output_put(output, record, sizeof(record));
	}
}

enum status gram_filters_write(struct output *output, const struct rows *grams)
{
	struct arena_mark mark = arena_mark(grams->arena);
	struct filter filters[TARGET_COUNT] = { 0 };

	count_grams(grams, filters);
	for (unsigned target = 0; target < TARGET_COUNT; target++) {
		if (!filters[target].is_own)
			continue;
		enum status status = make_filter(grams, target, &filters[target]);
		if (status != STATUS_OK)
			return status;
	}
	place_filters(filters);
	output_begin(output, SECTION_FILTERS);
	write_filters(output, filters);
	output_end(output, SECTION_FILTERS);
	arena_rewind(grams->arena, mark);
	return STATUS_OK;
}

static bool fits(const struct gram *gram, unsigned target)
{
	return gram->targets >> target & 1;
}

static void count_grams(const struct rows *grams, struct filter filters[TARGET_COUNT])
{
	filters[TARGET_ANY].is_own = true;
	for (size_t i = 0; i < grams->count; i++) {
		const struct gram *gram = gram_at(grams, i);

		for (unsigned target = 0; target < TARGET_COUNT; target++) {
			struct filter *filter = &filters[target];

			if (!fits(gram, target))
				continue;
			filter->longs.grams += gram->len == FILTER_LONG;
			filter->grams.grams += gram->len == FILTER_GRAM;
			if (gram->len == FILTER_TAIL)
				filter->grams.grams += FOURTH_BYTES;
			filter->short_grams += gram->len == FILTER_SHORT;
			filter->is_own = filter->is_own || !fits(gram, TARGET_ANY);
		}
	}
}

static unsigned words_log2_for(size_t grams)
{
	unsigned log2 = WORDS_LOG2_MIN;

	while (log2 < WORDS_LOG2_MAX && ((size_t)64 << log2) < grams * BITS_PER_GRAM)
		log2++;
	return log2 < WORDS_LOG2_SMALL ? log2 + 1 : log2;
}

static bool make_bloom(struct bloom *bloom, struct arena *arena)
{
	bloom->words_log2 = words_log2_for(bloom->grams);
	if (bloom->grams > 0)
		bloom->words = arena_new_array(arena, uint64_t,
					       (size_t)1 << bloom->words_log2);
	return bloom->grams == 0 || bloom->words;
}

static void bloom_add(struct bloom *bloom, uint32_t print)
{
	bloom->words[filter_word(print, bloom->words_log2)] |= filter_bits(print);
}

static void filter_add(struct filter *filter, const struct gram *gram)
{
	if (gram->len == FILTER_LONG) {
		bloom_add(&filter->longs, gram->folded);
	} else if (gram->len == FILTER_GRAM) {
		bloom_add(&filter->grams, filter_print(gram->folded, 0));
	} else if (gram->len == FILTER_SHORT) {
		filter->bitmap[gram->folded / 8] |= (uint8_t)(1u << (gram->folded & 7));
	} else {
		for (uint32_t byte = 0; byte <= UINT8_MAX; byte++)
			if (byte & 0x20)
				bloom_add(&filter->grams,
					  filter_print(gram->folded | byte << 24, 0));
	}
}

static enum status make_filter(const struct rows *grams, unsigned target,
			       struct filter *out)
{
	if (!make_bloom(&out->grams, grams->arena) ||
	    !make_bloom(&out->longs, grams->arena))
		return STATUS_NO_MEMORY;
	if (out->short_grams > 0) {
		out->bitmap = arena_alloc(grams->arena, BITMAP_LEN);
		if (!out->bitmap)
			return STATUS_NO_MEMORY;
	}
	for (size_t i = 0; i < grams->count; i++)
		if (fits(gram_at(grams, i), target))
			filter_add(out, gram_at(grams, i));
	return STATUS_OK;
}

static void place_bloom(struct bloom *bloom, uint32_t *at)
{
	if (!bloom->words)
		return;
	bloom->at = *at;
	*at += (uint32_t)sizeof(uint64_t) << bloom->words_log2;
}

/* Behind the records; a target without grams of its own has target 0's. */
static void place_filters(struct filter filters[TARGET_COUNT])
{
	uint32_t at = HEAD_LEN;

	for (unsigned target = 0; target < TARGET_COUNT; target++) {
		struct filter *filter = &filters[target];

		if (!filter->is_own) {
			*filter = filters[TARGET_ANY];
			filter->is_own = false;
			continue;
		}
		if (filter->bitmap) {
			filter->bitmap_at = at;
			at += BITMAP_LEN;
		}
		place_bloom(&filter->grams, &at);
		place_bloom(&filter->longs, &at);
	}
}

static void write_words(struct output *output, const struct bloom *bloom)
{
	for (size_t i = 0; bloom->words && i < (size_t)1 << bloom->words_log2; i++) {
		uint8_t word[8];

		store_u64le(word, bloom->words[i]);
		output_put(output, word, sizeof(word));
	}
}

static void write_place(struct output *output, const struct bloom *bloom)
{
	output_u32(output, bloom->at);
	output_u32(output, bloom->words ? bloom->words_log2 : FILTER_NONE);
}

static void write_filters(struct output *output,
			  const struct filter filters[TARGET_COUNT])
{
	static const uint8_t padding[HEAD_LEN - TARGET_COUNT * FILTER_RECORD_LEN];

	for (unsigned target = 0; target < TARGET_COUNT; target++) {
		const struct filter *filter = &filters[target];

		write_place(output, &filter->grams);
		output_u32(output, filter->bitmap_at);
		output_u32(output, filter->bitmap ? 1 : 0);
		write_place(output, &filter->longs);
	}
	output_put(output, padding, sizeof(padding));
	for (unsigned target = 0; target < TARGET_COUNT; target++) {
		const struct filter *filter = &filters[target];

		if (!filter->is_own)
			continue;
		if (filter->bitmap)
			output_put(output, filter->bitmap, BITMAP_LEN);
		write_words(output, &filter->grams);
		write_words(output, &filter->longs);
	}
}
