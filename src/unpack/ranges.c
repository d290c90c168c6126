/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/ranges.h"

#include "base/checked.h"

static void sort(struct range *items, size_t count);
static void sift_down(struct range *items, size_t root, size_t count);
static bool is_less(struct range a, struct range b);

enum status ranges_init(struct ranges *ranges, struct arena *arena, size_t size)
{
	*ranges = (struct ranges){ .size = size };
	ranges->items = arena_new_array(arena, struct range, size);
	return ranges->items ? STATUS_OK : STATUS_NO_MEMORY;
}

bool ranges_add(struct ranges *ranges, uint64_t start, uint64_t end)
{
	if (start >= end)
		return true;
	if (ranges->count > 0 && ranges->items[ranges->count - 1].end == start) {
		ranges->items[ranges->count - 1].end = end;
		return true;
	}
	if (ranges->count == ranges->size)
		ranges_settle(ranges);
	if (ranges->count == ranges->size)
		return false;
	ranges->items[ranges->count++] = (struct range){ start, end };
	return true;
}

void ranges_settle(struct ranges *ranges)
{
	struct range *items = ranges->items;
	size_t kept = 0;

	sort(items, ranges->count);
	for (size_t i = 0; i < ranges->count; i++) {
		struct range *last = &items[kept > 0 ? kept - 1 : 0];

		if (kept == 0 || items[i].start > last->end) {
			items[kept++] = items[i];
			continue;
		}
		if (items[i].start < last->end && !ranges->overlap) {
			ranges->overlap = true;
			ranges->overlap_at = items[i].start;
		}
		last->end = max_u64(last->end, items[i].end);
	}
	ranges->count = kept;
}

bool ranges_next_gap(const struct ranges *ranges, uint64_t from, uint64_t end,
		     struct range *out)
{
	size_t low = 0, high = ranges->count;

	/* The first range that ends behind `from`. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (ranges->items[middle].end <= from)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < ranges->count && ranges->items[low].start <= from)
		from = ranges->items[low++].end;
	if (from >= end)
		return false;
	*out = (struct range){ from, end };
	if (low < ranges->count)
		out->end = min_u64(end, ranges->items[low].start);
	return true;
}

/* Heap sort: no memory, and no order of the input is worse than another. */
static void sort(struct range *items, size_t count)
{
	for (size_t i = count / 2; i > 0; i--)
		sift_down(items, i - 1, count);
	for (size_t end = count; end > 1; end--) {
		struct range largest = items[0];
		items[0] = items[end - 1];
		items[end - 1] = largest;
		sift_down(items, 0, end - 1);
	}
}

static void sift_down(struct range *items, size_t root, size_t count)
{
	struct range item = items[root];

	for (;;) {
		size_t child = 2 * root + 1;

		if (child + 1 < count && is_less(items[child], items[child + 1]))
			child++;
		if (child >= count || !is_less(item, items[child]))
			break;
		items[root] = items[child];
		root = child;
	}
	items[root] = item;
}

static bool is_less(struct range a, struct range b)
{
	return a.start < b.start || (a.start == b.start && a.end < b.end);
}
