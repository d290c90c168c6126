/* SPDX-License-Identifier: Apache-2.0 */
#include "match/chain.h"

#include <string.h>

#include "base/checked.h"

enum answer { YES, NO, OPEN };

static enum status walk(struct chain *chain, enum answer answer);
static enum answer ask_next(struct chain *chain, size_t asker);
static enum answer ask(const struct chain *chain, struct link *link, uint64_t first,
		       uint64_t last);
static enum answer recall(struct link *link);
static enum status try_starts(struct chain *chain, size_t index, enum answer *ret_answer);
static enum status try_one(struct chain *chain, size_t index, enum answer *ret_answer);
static enum status keep_ends(struct chain *chain, struct link *link);
static void learn_good(struct link *link, uint64_t end);
static void learn_none(struct link *link);

enum status chain_open(struct chain *chain, struct slice program, struct text *text,
		       struct budget *budget, struct arena *arena)
{
	struct pattern_program loaded;
	struct chain opened = { .text = text, .budget = budget, .arena = arena };
	enum status status = pattern_load(program, arena, &loaded);

	if (status == STATUS_OK)
		status = verifier_open(&opened.verifier, text, budget, arena,
				       loaded.alt_depth);
	if (status != STATUS_OK)
		return status;
	opened.links = arena_new_array(arena, struct link, loaded.count);
	if (!opened.links)
		return STATUS_NO_MEMORY;
	opened.count = loaded.count;
	for (size_t i = 0; i < opened.count; i++) {
		struct link *link = &opened.links[i];
		link->part = &loaded.parts[i];
		link->finder.needle = &link->part->needle;
		link->finder.text = text;
		link->finder.budget = budget;
		link->ends = link->few;
		link->ends_max = LINK_ENDS_FEW;
	}
	*chain = opened;
	return STATUS_OK;
}

enum status chain_next(struct chain *chain, uint64_t first, uint64_t last,
		       uint64_t *ret_start, uint64_t *ret_len)
{
	struct link *link = &chain->links[0];
	enum status status = walk(chain, ask(chain, link, first, last));

	if (status != STATUS_OK)
		return status;
	*ret_start = link->start;
	*ret_len = link->end - link->start;
	return STATUS_OK;
}

/* From `answer` to the first part's question on to one that is not open. */
static enum status walk(struct chain *chain, enum answer answer)
{
	size_t index = 0;

	for (;;) {
		struct link *link = &chain->links[index];

		if (answer == OPEN && link->asked == link->end_count) {
			enum status status = try_starts(chain, index, &answer);
			if (status != STATUS_OK)
				return status;
		}
		if (answer == OPEN) {
			answer = ask_next(chain, index++);
			continue;
		}
		if (index == 0)
			return answer == YES ? STATUS_OK : STATUS_END;

		/* Back to the part that asked. */
		link = &chain->links[--index];
		if (answer == YES) {
			learn_good(link, chain->links[index + 1].end);
			continue;
		}
		answer = OPEN;
		link->asked++;
		link->at += link->asked == link->end_count;
	}
}

/* The question to the next part that goes with the end at hand. */
static enum answer ask_next(struct chain *chain, size_t asker)
{
	const struct link *link = &chain->links[asker];
	uint64_t end = link->ends[link->asked];
	uint64_t last = UINT64_MAX;

	if (link->part->gap_max != PATTERN_GAP_NO_END)
		last = add_u64_capped(end, link->part->gap_max);
	return ask(chain, &chain->links[asker + 1],
		   add_u64_capped(end, link->part->gap_min), last);
}

static enum answer ask(const struct chain *chain, struct link *link, uint64_t first,
		       uint64_t last)
{
	uint64_t len = chain->text->len;

	link->end_count = link->asked = 0;
	if (link->part->len_min > len)
		return NO;
	last = min_u64(last, len - link->part->len_min);
	if (first > last)
		return NO;
	link->first = link->at = first;
	link->last = last;
	link->is_before = first < link->good.from;
	if (link->is_before)
		return OPEN;
	if (first > link->good.to)
		link->good = (struct stretch){ first, first, false };
	return recall(link);
}

/* The question is about what is known, or has come to it. */
static enum answer recall(struct link *link)
{
	if (link->good.found) {
		link->start = link->good.to;
		link->end = link->good_end;
		return link->good.to <= link->last ? YES : NO;
	}
	link->at = link->good.to;
	return link->at <= link->last ? OPEN : NO;
}

/* On to the next start that leads to an answer, or to ends that the next part is asked for. */
static enum status try_starts(struct chain *chain, size_t index, enum answer *ret_answer)
{
	struct link *link = &chain->links[index];

	*ret_answer = OPEN;
	link->end_count = link->asked = 0;
	while (*ret_answer == OPEN && link->end_count == 0) {
		if (link->is_before && link->at >= link->good.from) {
			link->is_before = false;
			link->good.from = link->first;
			*ret_answer = recall(link);
			continue;
		}
		if (link->at > link->last) {
			learn_none(link);
			*ret_answer = NO;
			continue;
		}
		enum status status = try_one(chain, index, ret_answer);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

/* Tries the next start where the part's needle is, and goes on by one if it is none. */
static enum status try_one(struct chain *chain, size_t index, enum answer *ret_answer)
{
	struct link *link = &chain->links[index];
	enum status status = STATUS_OK;

	/* A question about what is before is about a few places only. */
	if (!link->is_before && link->part->needle.len > 0)
		status = part_skip(&link->finder, link->last, &link->at);
	if (status != STATUS_OK || link->at > link->last)
		return status;

	status = verifier_run(&chain->verifier, link->part->steps, link->at);
	if (chain->text->status != STATUS_OK)
		return chain->text->status;
	if (status != STATUS_OK)
		return status;
	if (chain->verifier.places->count == 0) {
		link->at++;
	} else if (index + 1 < chain->count) {
		status = keep_ends(chain, link);
	} else {
		learn_good(link, chain->verifier.places->at[0]);
		*ret_answer = YES;
	}
	return status;
}

static enum status keep_ends(struct chain *chain, struct link *link)
{
	const struct places *places = chain->verifier.places;

	if (places->count > link->ends_max) {
		link->ends = arena_new_array(chain->arena, uint64_t, PLACES_MAX);
		if (!link->ends)
			return STATUS_NO_MEMORY;
		link->ends_max = PLACES_MAX;
	}
	memcpy(link->ends, places->at, places->count * sizeof(places->at[0]));
	link->end_count = places->count;
	return STATUS_OK;
}

static void learn_good(struct link *link, uint64_t end)
{
	link->start = link->at;
	link->end = end;
	if (link->is_before)
		return;
	link->good.to = link->at;
	link->good.found = true;
	link->good_end = end;
}

static void learn_none(struct link *link)
{
	if (link->is_before)
		return;
	link->good.to = link->last + 1;
	link->good.found = false;
}
