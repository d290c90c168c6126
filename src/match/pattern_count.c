/* SPDX-License-Identifier: Apache-2.0 */
/* The places of several programs are counted together: one that two have counts once. */
#include "base/checked.h"
#include "bytes/reader.h"
#include "match/forward.h"
#include "match/pattern_find.h"
#include "match/pattern_program.h"

/* A program and its next place. */
struct counted {
	struct forward forward;
	bool is_done, has_next;
	uint64_t next;
};

struct counted_list {
	struct counted *programs;
	size_t count;
};

static bool has_gap(struct slice program);
static enum status open_all(struct counted_list *list,
			    const struct pattern_search *search, struct slice programs,
			    struct pattern_range range);
static enum status count_places(const struct counted_list *list, uint64_t want,
				uint64_t *ret_count);

bool pattern_has_gap(struct slice programs)
{
	struct reader in = reader_of_slice(programs);
	size_t count = reader_u16le(&in);
	bool found = false;

	while (!found && count-- > 0 && reader_ok(&in)) {
		struct slice program = reader_slice(&in, reader_u32le(&in));
		found = reader_ok(&in) && has_gap(program);
	}
	return found;
}

static bool has_gap(struct slice program)
{
	struct reader steps = reader_of_slice(program);
	struct pattern_step step;

	while (pattern_next_step(&steps, &step))
		if (step.op == PATTERN_GAP)
			return true;
	return false;
}

enum status pattern_count(const struct pattern_search *search, struct slice programs,
			  struct pattern_range range, uint64_t want, uint64_t *ret_count)
{
	struct arena_mark mark = arena_mark(search->arena);
	struct counted_list list;
	uint64_t count = 0;
	enum status status = open_all(&list, search, programs, range);

	if (status == STATUS_OK)
		status = count_places(&list, want, &count);
	arena_rewind(search->arena, mark);
	if (search->text->status != STATUS_OK)
		return search->text->status;
	if (status == STATUS_OK)
		*ret_count = count;
	return status;
}

static enum status open_all(struct counted_list *list,
			    const struct pattern_search *search, struct slice programs,
			    struct pattern_range range)
{
	struct reader in = reader_of_slice(programs);
	size_t count = reader_u16le(&in);

	/* No more than could be there. */
	count = min_size(count, reader_left(&in) / sizeof(uint32_t));
	list->count = 0;
	list->programs = arena_new_array(search->arena, struct counted, count);
	if (!list->programs)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		struct slice program = reader_slice(&in, reader_u32le(&in));
		struct counted *counted = &list->programs[list->count];

		if (!reader_ok(&in))
			break;
		enum status status = pattern_ready(search, &program);
		if (status == STATUS_OK)
			status = forward_open(&counted->forward, search, program, range);
		if (status == STATUS_OK)
			list->count++;
		else if (status != STATUS_MALFORMED)
			return status;
	}
	return STATUS_OK;
}

static enum status advance(struct counted *counted)
{
	if (counted->is_done || counted->has_next)
		return STATUS_OK;
	enum status status = forward_next(&counted->forward, &counted->next);
	counted->has_next = status == STATUS_OK;
	counted->is_done = status == STATUS_END;
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status count_places(const struct counted_list *list, uint64_t want,
				uint64_t *ret_count)
{
	while (*ret_count < want) {
		uint64_t next = UINT64_MAX;
		bool is_any = false;

		for (size_t i = 0; i < list->count; i++) {
			struct counted *counted = &list->programs[i];
			enum status status = advance(counted);
			if (status != STATUS_OK)
				return status;
			is_any = is_any || counted->has_next;
			if (counted->has_next)
				next = min_u64(next, counted->next);
		}
		if (!is_any)
			break;
		for (size_t i = 0; i < list->count; i++)
			if (list->programs[i].next == next)
				list->programs[i].has_next = false;
		++*ret_count;
	}
	return STATUS_OK;
}
