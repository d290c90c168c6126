/* SPDX-License-Identifier: Apache-2.0 */
#include "match/part_find.h"

#include "base/checked.h"

/* How much is searched between two looks at the budget. */
enum { SEARCH_LEN = 256 * 1024 };

static enum status search_needle(struct part_finder *finder, uint64_t last);
static uint64_t skip_hole(const struct text *text, const struct needle *needle,
			  uint64_t at);

enum status part_skip(struct part_finder *finder, uint64_t last, uint64_t *at)
{
	const struct needle *needle = finder->needle;
	struct stretch *known = &finder->known;
	uint64_t first_place = add_u64_capped(*at, needle->near);
	uint64_t last_place = add_u64_capped(last, needle->far);

	if (first_place < known->from || first_place > known->to)
		*known = (struct stretch){ first_place, first_place, false };
	if (!known->found && known->to <= last_place) {
		enum status status = search_needle(finder, last_place);
		if (status != STATUS_OK)
			return status;
	}
	if (!known->found)
		*at = last + 1;
	else if (known->to > add_u64_capped(*at, needle->far))
		*at = known->to - needle->far;
	return STATUS_OK;
}

/* Makes the stretch longer: to the next place of the needle, or to `last`. */
static enum status search_needle(struct part_finder *finder, uint64_t last)
{
	const struct needle *needle = finder->needle;
	struct stretch *known = &finder->known;
	struct text *text = finder->text;
	uint64_t at = known->to;

	last = min_u64(last, text->len);
	while (at <= last) {
		at = skip_hole(text, needle, at);
		struct slice run = text_run(text, at);
		if (text->status != STATUS_OK)
			return text->status;
		if (at > last || run.len < needle->len)
			break;
		run.len = min_size(run.len, SEARCH_LEN);
		run.len = (size_t)min_u64(run.len, last - at + needle->len);
		size_t found = needle_find(needle, run);
		if (!budget_take(finder->budget,
				 min_size(found, run.len) / BUDGET_SEARCHED_PER_STEP))
			return finder->budget->status;
		if (found != SIZE_MAX) {
			known->to = at + found;
			known->found = true;
			return STATUS_OK;
		}
		at += run.len - needle->len + 1;
	}
	known->to = max_u64(at, last + 1);
	return STATUS_OK;
}

/* In a hole there are only zeros: a needle that is not all zeros ends behind it. */
static uint64_t skip_hole(const struct text *text, const struct needle *needle,
			  uint64_t at)
{
	uint64_t data = text_next_data(text, at);

	if (needle->value == 0 || data - at < needle->len)
		return at;
	return data - needle->len + 1;
}
