/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only loop that goes deeper. Its stack holds the open objects, one for
 * each level: a child is finished, and its memory and spool are released,
 * before the next one is asked for. Memory grows with depth, never with count;
 * the C stack stays flat however deep the nesting.
 *
 *	enter(root)
 *	while there are levels:
 *		next child of the innermost container -> enter(child)
 *		no more                               -> leave
 *
 * An object that is several containers at once (a program with a zip behind
 * it) is opened as each of them, one after the other.
 */
#include "scan/scan.h"

#include "base/checked.h"
#include "scan/level.h"

static void enter(struct scan *scan, struct level *level);
static void enter_child(struct scan *scan, const struct child *child);
static void advance(struct scan *scan);
static bool open_next_type(struct scan *scan, struct level *level);
static void leave(struct scan *scan);
static struct level *push(struct scan *scan, struct slice name);
static void note(void *context, enum status status, uint64_t offset);

enum status scan_run(const struct scan_setup *setup, struct source root,
		     struct outcome *out)
{
	struct arena *arena = setup->arena;
	struct arena_mark mark = arena_mark(arena);
	struct scan scan = { .setup = setup };
	uint64_t time_ms = scan_limits_time_ms(&setup->limits, root.size);

	scan.deadline_ms = add_u64_capped(clock_now_ms(&setup->clock), time_ms);
	scan.levels = arena_new_array(arena, struct level,
				      (size_t)setup->limits.depth_max + 1);
	if (!scan.levels)
		return STATUS_NO_MEMORY;

	struct level *level = push(&scan, (struct slice){ 0 });
	level->source = root;
	enter(&scan, level);
	while (scan.depth > 0)
		advance(&scan);

	/* leave() keeps the values of the level that it takes off the stack. */
	*out = scan.levels[0].outcome;
	arena_rewind(arena, mark);
	return STATUS_OK;
}

/*
 * The level's source is set; the object is announced, matched, and made ready for its
 * children.
 */
static void enter(struct scan *scan, struct level *level)
{
	level->object.size_bytes = level->source.size;
	level->object.offset = level->source.start;
	object_look(scan, level);
	level->entered_mark = arena_mark(scan->setup->arena);
	level->child_mark = level->entered_mark;
}

/* One step: the next child of the innermost object, or, if it has none, away from it. */
static void advance(struct scan *scan)
{
	struct level *level = scan_top(scan);
	struct child child = { 0 };

	arena_rewind(scan->setup->arena, level->child_mark);
	if (!scan->stopped && scan_time_is_up(scan))
		scan_stop(scan, level, REASON_TIME);
	if (scan->stopped || (!level->unpacker && !open_next_type(scan, level))) {
		leave(scan);
		return;
	}

	enum status status = level->unpacker->next(level->unpacker_state, &child);
	if (status == STATUS_OK) {
		enter_child(scan, &child);
		return;
	}
	if (status != STATUS_END)
		note(level, status, 0);
	level->unpacker = NULL;
}

static void enter_child(struct scan *scan, const struct child *child)
{
	const struct scan_limits *limits = &scan->setup->limits;
	struct level *parent = scan_top(scan);

	if (scan->files >= limits->files_max) {
		scan_stop(scan, parent, REASON_FILES);
		return;
	}
	struct level *level = push(scan, child->name);
	if (child->problem != STATUS_OK) {
		level->object.size_bytes = child->claimed_bytes;
		scan_announce(scan, level);
		scan_incomplete(scan, level, scan_reason(child->problem), 0,
				(struct slice){ 0 });
		leave(scan);
		return;
	}
	if (child->is_stream) {
		child_materialise(scan, level, child);
	} else {
		level->source = child->source;
		scan->bytes = add_u64_capped(scan->bytes, child->source.size);
		if (scan->bytes > limits->bytes_max)
			scan_stop(scan, level, REASON_BYTES);
	}
	/* What is here is looked at, even when this child was one too many bytes. */
	enter(scan, level);
}

/* Opens the next of the formats that the object is. False when there is none left. */
static bool open_next_type(struct scan *scan, struct level *level)
{
	static const struct slice nothing = { 0 };

	while (level->types_tried <= level->types.also_count) {
		size_t index = level->types_tried++;
		enum file_type type = level->types.primary;
		if (index > 0)
			type = level->types.also[index - 1];
		if (type_kind(type) != TYPE_CONTAINER)
			continue;

		const struct unpacker *unpacker = unpacker_of(type);
		if (!unpacker) {
			scan_incomplete(scan, level, REASON_UNSUPPORTED, 0,
					slice_of(type_name(type)));
			continue;
		}
		if (scan->depth > scan->setup->limits.depth_max) {
			scan_incomplete(scan, level, REASON_DEPTH, 0, nothing);
			return false;
		}
		arena_rewind(scan->setup->arena, level->entered_mark);
		level->unpack = (struct unpack){
			.source = level->source,
			.arena = scan->setup->arena,
			.note = note,
			.note_context = level,
		};
		enum status status = unpacker->open(&level->unpack,
						    &level->unpacker_state);
		if (status == STATUS_OK) {
			level->unpacker = unpacker;
			level->child_mark = arena_mark(scan->setup->arena);
			return true;
		}
		/* Only a second guess may be wrong without a word. */
		if (index == 0 || status != STATUS_MALFORMED)
			note(level, status, 0);
	}
	return false;
}

static void leave(struct scan *scan)
{
	struct level *level = scan_top(scan);
	const struct scan_events *events = &scan->setup->events;
	struct digest sha256;

	scan_announce(scan, level);
	if (scan->setup->tell_digests && level->outcome.findings > 0 &&
	    object_digest(scan, level, DIGEST_SHA256, &sha256) == STATUS_OK)
		level->object.sha256 = sha256.bytes;
	if (events->leave)
		events->leave(events->context, &level->object, &level->outcome);
	arena_rewind(scan->setup->arena, level->mark);
	spool_rewind(scan->setup->spool, level->spool_mark);
	scan->depth--;
	if (scan->depth > 0)
		outcome_merge(&scan_top(scan)->outcome, &level->outcome);
}

static struct level *push(struct scan *scan, struct slice name)
{
	struct level *level = &scan->levels[scan->depth];

	*level = (struct level){
		.scan = scan,
		.object.name = name,
		.object.depth = (unsigned)scan->depth,
		.mark = arena_mark(scan->setup->arena),
		.spool_mark = scan->setup->spool->used,
	};
	if (scan->depth > 0)
		level->object.parent = &scan_top(scan)->object;
	scan->depth++;
	scan->files++;
	return level;
}

/* What an unpacker says of its container. */
static void note(void *context, enum status status, uint64_t offset)
{
	struct level *level = context;

	scan_incomplete(level->scan, level, scan_reason(status), offset,
			(struct slice){ 0 });
}
