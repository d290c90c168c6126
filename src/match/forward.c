/* SPDX-License-Identifier: Apache-2.0 */
#include "match/forward.h"

#include <string.h>

#include "base/checked.h"

enum answer { YES, NO, OPEN };

static void place_stages(struct forward *forward, struct pattern_range range);
static enum status find_start(struct forward *forward, size_t index);
static uint64_t last_asked(const struct forward *forward, size_t index);
static uint64_t far_enough(const struct forward *forward, size_t index);
static enum answer is_reached(const struct forward *forward, size_t index);
static enum status reach(struct forward *forward, size_t index);
static enum status keep_end(struct forward *forward, struct ends *ends, uint64_t limit,
			    uint64_t end);
static enum status make_room(const struct forward *forward, struct ends *ends,
			     size_t count);
static size_t ends_up_to(const struct ends *ends, uint64_t limit);

enum status forward_open(struct forward *forward, const struct pattern_search *search,
			 struct slice program, struct pattern_range range)
{
	struct pattern_program loaded;
	struct forward opened = {
		.text = search->text,
		.budget = search->budget,
		.arena = search->arena,
	};
	enum status status = pattern_load(program, search->arena, &loaded);

	if (status == STATUS_OK)
		status = verifier_open(&opened.verifier, search->text, search->budget,
				       search->arena, loaded.alt_depth);
	if (status != STATUS_OK)
		return status;
	opened.stages = arena_new_array(search->arena, struct stage, loaded.count);
	if (!opened.stages)
		return STATUS_NO_MEMORY;
	opened.count = loaded.count;
	for (size_t i = 0; i < opened.count; i++) {
		struct stage *stage = &opened.stages[i];
		stage->part = &loaded.parts[i];
		stage->finder.needle = &stage->part->needle;
		stage->finder.text = search->text;
		stage->finder.budget = search->budget;
		stage->found.at = stage->found.few;
		stage->found.max = FORWARD_ENDS_FEW;
		stage->reached.at = stage->reached.few;
		stage->reached.max = FORWARD_ENDS_FEW;
	}
	place_stages(&opened, range);
	*forward = opened;
	return STATUS_OK;
}

/* Between which places each part can begin, by what must stand before it and behind. */
static void place_stages(struct forward *forward, struct pattern_range range)
{
	uint64_t first = range.first;
	uint64_t len = forward->text->len;
	bool is_room = true;

	for (size_t i = 0; i < forward->count; i++) {
		struct stage *stage = &forward->stages[i];
		const struct pattern_part *part = stage->part;

		is_room = is_room && first <= len && part->len_min <= len - first;
		stage->at = is_room ? first : 1;
		stage->last = is_room ? len - part->len_min : 0;
		first = add_u64_capped(add_u64_capped(first, part->len_min),
				       part->gap_min);
	}
	struct stage *start = &forward->stages[0];
	start->last = min_u64(start->last, range.last);
}

enum status forward_next(struct forward *forward, uint64_t *ret_start)
{
	const size_t last = forward->count - 1;
	size_t index = last;

	for (;;) {
		struct stage *stage = &forward->stages[index];
		enum status status = STATUS_OK;

		if (!stage->waits)
			status = find_start(forward, index);
		if (status != STATUS_OK)
			return status;
		if (!stage->waits && index == last)
			return STATUS_END;
		if (!stage->waits) {
			index++; /* There is no more for the part that asked. */
			continue;
		}
		enum answer answer = is_reached(forward, index);
		if (answer == OPEN) {
			index--;
			continue;
		}
		stage->waits = false;
		if (answer == YES && index == last) {
			*ret_start = stage->at++;
			return STATUS_OK;
		}
		stage->at++;
		if (answer == YES)
			status = reach(forward, index++);
		if (status != STATUS_OK)
			return status;
	}
}

/* The next place where the part matches, no further than it is asked for. */
static enum status find_start(struct forward *forward, size_t index)
{
	struct stage *stage = &forward->stages[index];
	const struct places *places = forward->verifier.places;
	uint64_t last = last_asked(forward, index);

	while (stage->at <= last) {
		enum status status = STATUS_OK;

		if (stage->part->needle.len > 0)
			status = part_skip(&stage->finder, last, &stage->at);
		if (status != STATUS_OK || stage->at > last)
			return status;
		status = verifier_run(&forward->verifier, stage->part->steps, stage->at);
		if (forward->text->status != STATUS_OK)
			return forward->text->status;
		if (status != STATUS_OK)
			return status;
		if (places->count == 0) {
			stage->at++;
			continue;
		}
		stage->waits = true;
		status = make_room(forward, &stage->found, places->count);
		if (status != STATUS_OK)
			return status;
		memcpy(stage->found.at, places->at,
		       places->count * sizeof(places->at[0]));
		stage->found.count = places->count;
		return STATUS_OK;
	}
	return STATUS_OK;
}

/* How far a part is asked for: to where it can end before the start that waits behind it. */
static uint64_t last_asked(const struct forward *forward, size_t index)
{
	const struct stage *stage = &forward->stages[index];
	uint64_t limit = stage->last;

	if (index + 1 < forward->count) {
		uint64_t end = far_enough(forward, index);

		limit = end < stage->part->len_min ?
				0 :
				min_u64(limit, end - stage->part->len_min);
	}
	return limit;
}

/* The last end of a part that leaves the gap room before the start that waits behind it. */
static uint64_t far_enough(const struct forward *forward, size_t index)
{
	uint64_t start = forward->stages[index + 1].at;
	uint64_t gap = forward->stages[index].part->gap_min;

	return start - min_u64(start, gap);
}

static enum answer is_reached(const struct forward *forward, size_t index)
{
	uint64_t start = forward->stages[index].at;
	uint64_t lowest = 0;

	if (index == 0)
		return YES;
	const struct stage *before = &forward->stages[index - 1];
	uint64_t limit = far_enough(forward, index - 1);
	if (before->part->gap_max != PATTERN_GAP_NO_END)
		lowest = start - min_u64(start, before->part->gap_max);
	size_t count = ends_up_to(&before->reached, limit);
	if (count > 0 && before->reached.at[count - 1] >= lowest)
		return YES;
	return before->at <= last_asked(forward, index - 1) ? OPEN : NO;
}

/* The ends of a start that is reached, for the part that asked. */
static enum status reach(struct forward *forward, size_t index)
{
	struct stage *stage = &forward->stages[index];
	struct ends *reached = &stage->reached;
	const struct ends *found = &stage->found;
	uint64_t limit = far_enough(forward, index);

	if (stage->part->gap_max == PATTERN_GAP_NO_END) {
		if (reached->count == 0 || found->at[0] < reached->at[0])
			reached->at[0] = found->at[0];
		reached->count = 1;
		return STATUS_OK;
	}
	for (size_t i = 0; i < found->count; i++) {
		if (!budget_take(forward->budget, 1 + reached->count / 8))
			return forward->budget->status;
		enum status status = keep_end(forward, reached, limit, found->at[i]);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

/* One more of the ends; of those up to `limit` the largest is enough from now on. */
static enum status keep_end(struct forward *forward, struct ends *ends, uint64_t limit,
			    uint64_t end)
{
	size_t old = ends_up_to(ends, limit);

	if (old > 1) {
		ends->count -= old - 1;
		memmove(ends->at, &ends->at[old - 1], ends->count * sizeof(ends->at[0]));
	}
	size_t at = ends_up_to(ends, end);
	if (at > 0 && ends->at[at - 1] == end)
		return STATUS_OK;
	enum status status = make_room(forward, ends, ends->count + 1);
	if (status != STATUS_OK)
		return status;
	memmove(&ends->at[at + 1], &ends->at[at],
		(ends->count - at) * sizeof(ends->at[0]));
	ends->at[at] = end;
	ends->count++;
	return STATUS_OK;
}

static enum status make_room(const struct forward *forward, struct ends *ends,
			     size_t count)
{
	uint64_t *more;

	if (count <= ends->max)
		return STATUS_OK;
	if (count > PLACES_MAX)
		return STATUS_LIMIT;
	more = arena_new_array(forward->arena, uint64_t, PLACES_MAX);
	if (!more)
		return STATUS_NO_MEMORY;
	memcpy(more, ends->at, ends->count * sizeof(ends->at[0]));
	ends->at = more;
	ends->max = PLACES_MAX;
	return STATUS_OK;
}

/* How many of them are not behind `limit`. */
static size_t ends_up_to(const struct ends *ends, uint64_t limit)
{
	size_t low = 0;
	size_t high = ends->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (ends->at[middle] <= limit)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
