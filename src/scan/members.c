/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules about members of containers (cdb): asked of each member before it is opened,
 * so that they see encrypted and damaged ones, too. The finding is the container's: the
 * member may have no bytes that anybody could look at. Of many members the first one
 * that a rule matches is told.
 */
#include "match/entry.h"
#include "match/member.h"
#include "scan/level.h"

/* For all rules and one member; a name of 40 bytes takes some hundred of a rule. */
enum { STEPS_FOR_MEMBER = 1 << 24 };

struct members {
	struct scan *scan;
	struct level *level; /* the container */
	const struct child *child;
	struct member member;
	uint64_t steps;
};

static size_t count_rules(const struct database *database);
static void look(struct members *members, uint32_t segment, uint32_t index, size_t bit);
static void tell(struct members *members, uint32_t segment, uint32_t rule);

void members_begin(struct scan *scan, struct level *level)
{
	size_t count = count_rules(scan->setup->database);

	level->member_count = 0;
	level->members_told = NULL;
	if (count == 0)
		return;
	level->members_told = arena_alloc(scan->setup->arena, count / 8 + 1);
	if (!level->members_told)
		scan_incomplete(scan, level, REASON_MEMORY, 0,
				slice_of("rules about members"));
}

static size_t count_rules(const struct database *database)
{
	size_t count = 0;

	for (size_t s = 0; s < database->segment_count; s++) {
		struct entry_range range = table_entries(&database->segments[s],
							 RULE_CONTAINER);
		count += range.end - range.first;
	}
	return count;
}

void members_look(struct scan *scan, struct level *level, const struct child *child)
{
	const struct database *database = scan->setup->database;
	uint64_t place = level->member_count + 1;
	struct members members = {
		.scan = scan,
		.level = level,
		.child = child,
		.steps = STEPS_FOR_MEMBER,
		.member = {
			.container = level->types.primary,
			.opened_as = level->unpacker->type,
			.values = {
				[MEMBER_CONTAINER_SIZE] = level->source.size,
				[MEMBER_PACKED] = child->packed_bytes,
				[MEMBER_SIZE] = child->claimed_bytes,
				[MEMBER_PLACE] = place,
			},
			.name = child->name,
			.is_encrypted = child->is_encrypted,
			.has_crc = child->has_crc,
			.clamav_compat = scan->setup->clamav_compat,
			.crc = child->crc,
		},
	};
	size_t bit = 0;

	level->member_count = place;
	if (!level->members_told)
		return;
	for (uint32_t s = 0; s < database->segment_count; s++) {
		struct entry_range range = table_entries(&database->segments[s],
							 RULE_CONTAINER);

		for (uint32_t i = range.first; i < range.end; i++)
			look(&members, s, i, bit++);
	}
}

static void look(struct members *members, uint32_t segment, uint32_t index, size_t bit)
{
	const struct tables *tables = &members->scan->setup->database->segments[segment];
	uint8_t *told = &members->level->members_told[bit / 8];
	struct arena *arena = members->scan->setup->arena;
	struct arena_mark mark = arena_mark(arena);
	struct entry_record entry = table_entry(tables, index);
	bool matches = false;
	struct slice data;

	if (*told & 1 << bit % 8)
		return;
	enum status status = table_entry_data(tables, &entry, arena, &data);
	if (status == STATUS_OK)
		status = member_test(data, &members->member, arena, &members->steps,
				     &matches);
	arena_rewind(arena, mark);
	if (status != STATUS_OK)
		scan_incomplete(members->scan, members->level, REASON_RULE, 0,
				table_string(tables, entry.name));
	if (!matches)
		return;
	*told |= (uint8_t)(1 << bit % 8);
	tell(members, segment, table_entry_first_id(tables) + index);
}

static void tell(struct members *members, uint32_t segment, uint32_t rule)
{
	const struct child *child = members->child;
	const struct level *level = members->level;
	struct scan_hit hit = {
		.segment = segment,
		.rule = rule,
		.member = child->name,
	};

	/* Where its bytes stand in the container, if they lie there as they are. */
	if (child->source.start >= level->source.start) {
		hit.offset = child->source.start - level->source.start;
		hit.len = child->source.size;
	}
	object_hit(members->scan, members->level, &hit);
}
