/* SPDX-License-Identifier: Apache-2.0 */
#include "match/macro.h"

#include "base/checked.h"
#include "bytes/reader.h"
#include "bytes/store.h"

enum { LIST_HEAD = 2, STEPS_PER_RECORD = 8 };

struct macro_walk {
	const struct macro *macro;
	struct pattern_cursor before;
	struct pattern_cursor members;
	struct pattern_range range; /* of what is before */
};

struct place {
	uint64_t start, len;
};

static enum status list_members(const struct pattern_search *search,
				const struct macro *macro,
				const struct macro_search *members, struct slice *out);
static enum status count_pairs(struct macro_walk *walk, uint64_t want,
			       struct pattern_matches *out);
static enum status count_returns(struct macro_walk *walk, uint64_t want,
				 struct pattern_matches *out);
static void add(struct pattern_matches *matches, struct place place);

bool macro_load(struct slice data, struct macro *out)
{
	struct reader in = reader_of_slice(data);
	struct macro macro;

	macro.min = reader_u32le(&in);
	macro.max = reader_u32le(&in);
	macro.group = reader_u8(&in);
	if (!reader_ok(&in))
		return false;
	*out = macro;
	return true;
}

enum status macro_find(const struct pattern_search *search, const struct macro *macro,
		       const struct macro_search *members, uint64_t want,
		       struct pattern_matches *out)
{
	struct arena_mark mark = arena_mark(search->arena);
	struct macro_walk walk = { .macro = macro, .range = members->range };
	struct pattern_matches matches = { 0 };
	struct slice programs;
	enum status status = list_members(search, macro, members, &programs);

	if (status == STATUS_OK)
		status = pattern_cursor_open(&walk.before, search, members->before);
	if (status == STATUS_OK)
		status = pattern_cursor_open(&walk.members, search, programs);
	if (status == STATUS_OK)
		status = members->compat ? count_returns(&walk, want, &matches) :
					   count_pairs(&walk, want, &matches);
	arena_rewind(search->arena, mark);
	if (search->text->status != STATUS_OK)
		return search->text->status;
	if (status == STATUS_OK)
		*out = matches;
	return status;
}

/* The programs of one more member, behind those in `list`. */
static enum status append_member(const struct pattern_search *search,
				 const struct tables *tables, uint32_t index,
				 struct slice *list)
{
	struct sub_record sub = table_sub(tables, index);
	struct slice data;

	if (sub.kind != SUB_PATTERN)
		return STATUS_OK;
	enum status status = table_sub_data(tables, &sub, search->arena, &data);
	if (status != STATUS_OK || data.len < LIST_HEAD)
		return status;
	uint8_t *bytes = arena_alloc(search->arena, list->len + data.len);
	if (!bytes)
		return STATUS_NO_MEMORY;
	struct reader old = reader_of_slice(*list);
	struct reader more = reader_of_slice(data);
	uint32_t count = (uint32_t)reader_u16le(&old) + reader_u16le(&more);
	size_t len = list->len - LIST_HEAD;

	if (count > UINT16_MAX)
		return STATUS_LIMIT;
	store_u16le(bytes, (uint16_t)count);
	reader_bytes(&old, &bytes[LIST_HEAD], len);
	reader_bytes(&more, &bytes[LIST_HEAD + len], data.len - LIST_HEAD);
	*list = (struct slice){ bytes, list->len + data.len - LIST_HEAD };
	return STATUS_OK;
}

/* The members' lists of programs as one list. */
static enum status list_members(const struct pattern_search *search,
				const struct macro *macro,
				const struct macro_search *members, struct slice *out)
{
	static const uint8_t none[LIST_HEAD];
	const struct tables *tables = members->tables;
	size_t count = table_count(tables, SECTION_MACROS, MACRO_RECORD_LEN);
	enum status status = STATUS_OK;

	*out = (struct slice){ none, LIST_HEAD };
	for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
		struct macro_record record = table_macro(tables, i);

		if (!budget_take(search->budget, STEPS_PER_RECORD))
			return search->budget->status;
		if (record.source == members->source && record.group == macro->group &&
		    record.target == members->target)
			status = append_member(search, tables, record.sub, out);
	}
	return status;
}

/* What is documented: each start of what is before, and a member in its reach. */
static enum status count_pairs(struct macro_walk *walk, uint64_t want,
			       struct pattern_matches *out)
{
	struct pattern_range range = walk->range;
	struct place before, member;
	enum status status = STATUS_OK;

	while (out->count < want) {
		status = pattern_cursor_next(&walk->before, range, &before.start,
					     &before.len);
		if (status != STATUS_OK)
			break;
		struct pattern_range reach = {
			add_u64_capped(before.start, walk->macro->min),
			add_u64_capped(before.start, walk->macro->max),
		};
		status = pattern_cursor_next(&walk->members, reach, &member.start,
					     &member.len);
		if (status == STATUS_OK)
			add(out, member);
		else if (status != STATUS_END)
			break;
		range.first = before.start + 1;
	}
	return status == STATUS_END ? STATUS_OK : status;
}

/* The last member in the range; END: none. */
static enum status last_member(struct macro_walk *walk, struct pattern_range range,
			       struct place *out)
{
	enum status status;
	bool is_some = false;
	struct place place;

	while (status = pattern_cursor_next(&walk->members, range, &place.start,
					    &place.len),
	       status == STATUS_OK) {
		*out = place;
		is_some = true;
		range.first = place.start + 1;
	}
	if (status == STATUS_END && is_some)
		return STATUS_OK;
	return status;
}

/* What clamscan does: when what is before returns, the last member since it was there. */
static enum status count_returns(struct macro_walk *walk, uint64_t want,
				 struct pattern_matches *out)
{
	struct pattern_range range = walk->range;
	struct place before, again;
	struct place member = { 0 };
	enum status status = pattern_cursor_next(&walk->before, range, &before.start,
						 &before.len);

	while (status == STATUS_OK && out->count < want) {
		range.first = before.start + 1;
		status = pattern_cursor_next(&walk->before, range, &again.start,
					     &again.len);
		if (status != STATUS_OK)
			break;
		struct pattern_range between = { before.start, again.start - 1 };
		status = last_member(walk, between, &member);
		if (status == STATUS_OK &&
		    member.start - before.start >= walk->macro->min &&
		    member.start - before.start <= walk->macro->max)
			add(out, member);
		if (status == STATUS_END)
			status = STATUS_OK;
		before = again;
	}
	return status == STATUS_END ? STATUS_OK : status;
}

static void add(struct pattern_matches *matches, struct place place)
{
	if (matches->count++ == 0) {
		matches->offset = place.start;
		matches->len = place.len;
	}
	matches->last = place.start;
}
