/* SPDX-License-Identifier: Apache-2.0 */
#include "match/matcher.h"

#include <assert.h>

#include "base/checked.h"
#include "match/evaluate.h"
#include "match/explain.h"
#include "match/help.h"
#include "match/pass.h"
#include "match/watch.h"

struct run {
	const struct matcher *matcher;
	const struct match_object *object;
	struct id_set candidates; /* segment << 32 | rule */
	struct pass pass;
	struct match_result result;
};

struct hash_hits {
	const struct match_events *events;
	uint32_t segment;
	uint64_t size;
};

static enum status collect(struct run *run);
static enum status open_prefilter(const struct matcher *matcher,
				  const struct match_object *object,
				  struct id_set *candidates, struct prefilter *out);
static enum status evaluate_all(struct run *run);
static enum status evaluate_always(struct run *run, struct evaluator *evaluator,
				   uint32_t segment);
static enum status look_at_image(struct run *run, struct evaluator *evaluator);
static void add_known(struct run *run);
static unsigned kinds_wanted(const struct run *run);
static void look_up_digests(struct run *run);
static void on_hash(void *context, uint32_t rule);

enum status matcher_run(const struct matcher *matcher, const struct match_object *object,
			struct match_result *out)
{
	struct arena_mark mark = arena_mark(matcher->arena);
	struct run run = { .matcher = matcher, .object = object };
	enum status status = collect(&run);

	if (status == STATUS_OK) {
		/* From here on whoever is told of a hit may use the digest state. */
		look_up_digests(&run);
		if (!(matcher->flags & MATCH_NO_PATTERNS))
			status = evaluate_all(&run);
	}
	arena_rewind(matcher->arena, mark);
	if (status == STATUS_OK)
		*out = run.result;
	return status;
}

/* Reads the object: digests and candidates. */
static enum status collect(struct run *run)
{
	const struct matcher *matcher = run->matcher;
	struct prefilter prefilter;

	id_set_init(&run->candidates, matcher->arena);
	enum status status = open_prefilter(matcher, run->object, &run->candidates,
					    &prefilter);
	if (status != STATUS_OK)
		return status;
	run->pass = (struct pass){
		.matcher = matcher,
		.source = &run->object->source,
		.kinds = kinds_wanted(run),
		.holes_left = matcher->limits.hole_hash_bytes,
		.candidates = &run->candidates,
	};
	if (!(matcher->flags & (MATCH_ALL_RULES | MATCH_NO_PATTERNS)) &&
	    !prefilter_is_empty(&prefilter))
		run->pass.prefilter = &prefilter;
	status = pass_run(&run->pass);
	run->pass.prefilter = NULL;
	run->result.lookups = prefilter.lookups;
	run->result.visits = prefilter.visits;
	run->result.comparisons = prefilter.comparisons;
	if (status != STATUS_OK)
		return status;
	run->result.hashes_missed = run->pass.hashes_missed;
	run->result.digest_mask = run->pass.kinds;
	if (run->pass.kinds != 0)
		digest_finish(matcher->digest_state, run->result.digests);
	add_known(run);
	return STATUS_OK;
}

static void add_known(struct run *run)
{
	const struct digest *known = run->object->digests;

	if (run->matcher->flags & MATCH_NO_HASHES)
		return;
	for (unsigned kind = 0; known && kind < DIGEST_KINDS; kind++)
		if (known[kind].len > 0) {
			run->result.digests[kind] = known[kind];
			run->result.digest_mask |= 1u << kind;
		}
}

static enum status open_prefilter(const struct matcher *matcher,
				  const struct match_object *object,
				  struct id_set *candidates, struct prefilter *out)
{
	enum status status = prefilter_open(out, matcher->segments,
					    matcher->segment_count, object->target,
					    candidates);

	if (status == STATUS_OK) {
		out->kernel = probe_kernel_of(matcher->cpu_path);
		assert(out->kernel);
	}
	return status;
}

enum status match_piece(const struct matcher *matcher, const struct match_object *object,
			uint32_t piece, struct id_set *found)
{
	struct prefilter prefilter;
	enum status status = open_prefilter(matcher, object, found, &prefilter);
	struct pass pass = {
		.matcher = matcher,
		.source = &object->source,
		.prefilter = &prefilter,
	};

	if (status != STATUS_OK || prefilter_is_empty(&prefilter))
		return status;
	return pass_run_piece(&pass, piece);
}

static unsigned kinds_wanted(const struct run *run)
{
	const struct digest *known = run->object->digests;
	unsigned kinds = 0;

	if (run->matcher->flags & MATCH_NO_HASHES)
		return 0;
	for (size_t i = 0; i < run->matcher->segment_count; i++)
		kinds |= match_hash_kinds(&run->matcher->segments[i], HASH_OF_OBJECT,
					  run->object->source.size);
	for (unsigned kind = 0; known && kind < DIGEST_KINDS; kind++)
		if (known[kind].len > 0)
			kinds &= ~(1u << kind);
	return kinds;
}

static void look_up_digests(struct run *run)
{
	struct hash_hits hits = {
		.events = &run->matcher->events,
		.size = run->object->source.size,
	};

	for (unsigned kind = 0; kind < DIGEST_KINDS; kind++) {
		struct hash_query query = {
			.scope = HASH_OF_OBJECT,
			.digest = &run->result.digests[kind],
			.size_bytes = hits.size,
		};

		if (!(run->result.digest_mask >> kind & 1))
			continue;
		for (size_t i = 0; i < run->matcher->segment_count; i++) {
			hits.segment = (uint32_t)i;
			match_hash(&run->matcher->segments[i], &query, on_hash, &hits);
		}
	}
}

static void on_hash(void *context, uint32_t rule)
{
	const struct hash_hits *hits = context;

	hits->events->hit(hits->events->context, hits->segment, rule, 0, hits->size);
}

static enum status evaluate_all(struct run *run)
{
	const struct matcher *matcher = run->matcher;
	struct source bytes = run->object->source;
	struct evaluator evaluator;

	/* What was read once is not read again, if it is still there. */
	if (run->pass.whole.len > 0)
		bytes = source_of_memory(run->pass.whole.base, run->pass.whole.len);
	enum status status = STATUS_OK;

	if (matcher->watch && matcher->watch->explains) {
		status = explain_rule(matcher, run->object, &bytes);
		if (status == STATUS_NO_MEMORY)
			status = STATUS_OK;
	}
	evaluator_init(&evaluator, matcher, run->object, &bytes);
	if (status == STATUS_OK && !(matcher->flags & MATCH_ALL_RULES))
		status = look_at_image(run, &evaluator);
	for (uint32_t i = 0; i < matcher->segment_count && status == STATUS_OK; i++)
		status = evaluate_always(run, &evaluator, i);
	for (size_t i = 0; i < run->candidates.count && status == STATUS_OK; i++) {
		uint64_t id = run->candidates.ids[i];

		run->result.candidates++;
		status = evaluator_run(&evaluator, (uint32_t)(id >> 32), (uint32_t)id);
	}
	run->result.steps = matcher->limits.steps_max - evaluator.steps_left;
	return status;
}

/* The rules that no filter can decide for; or all, if the filter is not asked. */
static enum status evaluate_always(struct run *run, struct evaluator *evaluator,
				   uint32_t segment)
{
	const struct tables *tables = &run->matcher->segments[segment];
	bool all = run->matcher->flags & MATCH_ALL_RULES;
	size_t count = table_count(tables, SECTION_ALWAYS, sizeof(uint32_t));
	enum status status = STATUS_OK;

	if (all)
		count = table_count(tables, SECTION_RULES, RULE_RECORD_LEN);
	if (tables->is_quiet)
		count = 0;
	for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
		uint32_t rule = i;

		if (!all)
			rule = table_u32(tables, SECTION_ALWAYS, i * sizeof(uint32_t));
		run->result.candidates++;
		status = evaluator_run(evaluator, segment, rule);
	}
	return status;
}

/* The first rule of the table with that hash, or where it would stand. */
static uint32_t first_image(const struct tables *tables, uint64_t hash)
{
	size_t low = 0;
	size_t high = table_count(tables, SECTION_IMAGES, IMAGE_RECORD_LEN);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table_image(tables, (uint32_t)middle).hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return (uint32_t)low;
}

/* Rules that the looks of a picture make candidates: it is decoded only if there are any. */
static enum status look_at_image(struct run *run, struct evaluator *evaluator)
{
	const struct matcher *matcher = run->matcher;
	const struct match_events *events = &matcher->events;

	for (uint32_t i = 0; i < matcher->segment_count; i++) {
		const struct tables *tables = &matcher->segments[i];
		size_t count = table_count(tables, SECTION_IMAGES, IMAGE_RECORD_LEN);
		uint64_t hash;

		if (count == 0 || tables->is_quiet)
			continue;
		enum status status = facts_image(&evaluator->facts, &hash);
		if (status == STATUS_LIMIT || status == STATUS_NO_MEMORY) {
			/* None of them can be decided; one name stands for all. */
			events->cut(events->context, i, table_image(tables, 0).rule);
			return STATUS_OK;
		}
		if (status != STATUS_OK)
			return status == STATUS_END ? STATUS_OK : status;
		for (uint32_t at = first_image(tables, hash);
		     at < count && table_image(tables, at).hash == hash; at++)
			if (!id_set_add(&run->candidates,
					(uint64_t)i << 32 | table_image(tables, at).rule))
				return STATUS_NO_MEMORY;
	}
	return STATUS_OK;
}
