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
 * it) is opened as each of them, one after the other; but not as the archive that ends
 * where it ends because it is its last member.
 */
#include "scan/scan.h"

#include <assert.h>

#include "base/checked.h"
#include "match/matcher.h"
#include "scan/bytecode_runs.h"
#include "scan/level.h"
#include "scan/retype.h"

enum { KEPT_BYTES_MAX = 256 * 1024 };

static struct source keep_small(struct arena *arena, struct source root);
static void enter(struct scan *scan, struct level *level);
static void enter_child(struct scan *scan, const struct child *child);
static void advance(struct scan *scan);
static bool next_of_rules(struct scan *scan, struct level *level, struct child *child);
static bool open_next_type(struct scan *scan, struct level *level);
static bool is_inside(const struct level *level, const struct unpacker *unpacker);
static void leave(struct scan *scan);
static void remember(struct level *parent, const struct level *child);
static bool was_opened_by(const struct level *level, const struct unpacker *unpacker);
static struct level *push(struct scan *scan, struct slice name);
static void note(void *context, enum status status, uint64_t offset);

enum status scan_run(const struct scan_setup *setup, struct source root,
		     struct outcome *out)
{
	struct arena *arena = setup->arena;
	struct arena_mark mark = arena_mark(arena);
	struct scan scan = { .setup = setup };
	uint64_t time_ms = scan_limits_time_ms(&setup->limits, root.size);
	size_t len;

	scan.deadline_ms = add_u64_capped(clock_now_ms(&setup->clock), time_ms);
	if (!mul_size((size_t)setup->limits.depth_max + 1, sizeof(*scan.levels), &len))
		return STATUS_NO_MEMORY;
	/* Each is set when it is entered; few ever are. */
	scan.levels = arena_alloc_unset(arena, len);
	if (!scan.levels)
		return STATUS_NO_MEMORY;

	struct level *level = push(&scan, (struct slice){ 0 });
	level->source = keep_small(arena, root);
	if (setup->digests)
		memcpy(level->digests, setup->digests, sizeof(level->digests));
	enter(&scan, level);
	while (scan.depth > 0)
		advance(&scan);

	/* leave() keeps the values of the level that it takes off the stack. */
	*out = scan.levels[0].outcome;
	arena_rewind(arena, mark);
	return STATUS_OK;
}

unsigned scan_digest_kinds(const struct database *database, uint64_t size_bytes)
{
	unsigned kinds = 0;

	for (size_t i = 0; i < database->segment_count; i++)
		kinds |= match_hash_kinds(&database->segments[i], HASH_OF_OBJECT,
					  size_bytes);
	return kinds;
}

/*
 * A small file is read once for all who look at it. One that cannot be read is left to
 * them, who tell why.
 */
static struct source keep_small(struct arena *arena, struct source root)
{
	struct arena_mark mark = arena_mark(arena);
	size_t len = (size_t)root.size;

	if (root.kind != SOURCE_FD || root.extents || root.start != 0 ||
	    root.size > KEPT_BYTES_MAX)
		return root;
	uint8_t *bytes = arena_alloc_unset(arena, len);
	if (bytes && source_read_all(&root, 0, bytes, len) == STATUS_OK)
		return source_of_memory(bytes, len);
	arena_rewind(arena, mark);
	return root;
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
		if (!scan->stopped && next_of_rules(scan, level, &child))
			enter_child(scan, &child);
		else
			leave(scan);
		return;
	}

	enum status status = level->unpacker->next(level->unpacker_state, &child);
	if (status == STATUS_OK) {
		members_look(scan, level, &child);
		if (!child.is_folder)
			enter_child(scan, &child);
		return;
	}
	if (status != STATUS_END)
		note(level, status, 0);
	level->unpacker = NULL;
}

/* What rules say is in the object, though it may be no container. */
static bool next_of_rules(struct scan *scan, struct level *level, struct child *child)
{
	if (!retype_next_embedded(level, child) &&
	    !bytecode_next_made(scan, level, child))
		return false;
	if (scan->depth <= scan->setup->limits.depth_max)
		return true;
	scan_incomplete(scan, level, REASON_DEPTH, 0, (struct slice){ 0 });
	return false;
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
		level->is_window = true;
		scan->bytes = add_u64_capped(scan->bytes, child->source.size);
		if (scan->bytes > limits->bytes_max)
			scan_stop(scan, level, REASON_BYTES);
	}
	/* What is here is looked at, even when this child was one too many bytes. */
	enter(scan, level);
}

/* The formats that the object is: by its bytes, then by what rules say. */
static enum file_type type_at(struct level *level, size_t index)
{
	size_t also_count = level->types.also_count;
	enum file_type type = level->types.primary;

	level->opened_as_retype = index > also_count;
	if (index > also_count)
		type = level->retypes[index - also_count - 1];
	else if (index > 0)
		type = level->types.also[index - 1];
	level->opened_as = type;
	return type;
}

/* Has a rule given a type that the bytes tell as well? */
static bool was_tried(const struct level *level, enum file_type type)
{
	for (size_t i = 0; i < level->types.also_count && level->opened_as_retype; i++)
		if (level->types.also[i] == type)
			return true;
	return false;
}

/* Opens the next of the formats that the object is. False when there is none left. */
static bool open_next_type(struct scan *scan, struct level *level)
{
	static const struct slice nothing = { 0 };

	while (level->types_tried <= level->types.also_count + level->retype_count) {
		size_t index = level->types_tried++;
		enum file_type type = type_at(level, index);
		if (type_kind(type) != TYPE_CONTAINER || was_tried(level, type))
			continue;

		const struct unpacker *unpacker = unpacker_of(type);
		if (!unpacker) {
			scan_incomplete(scan, level, REASON_UNSUPPORTED, 0,
					slice_of(type_name(type)));
			continue;
		}
		if (!switches_let_open(scan, unpacker->type)) {
			scan_incomplete(scan, level, REASON_UNSUPPORTED, 0,
					slice_of("switched off by a cfg rule"));
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
			.clamav_compat = scan->setup->clamav_compat,
			.note = note,
			.note_context = level,
		};
		members_begin(scan, level);
		enum status found = passwords_find(scan, unpacker->type, &level->unpack);
		if (found != STATUS_OK)
			scan_incomplete(scan, level, scan_reason(found), 0,
					slice_of("passwords of rules"));
		enum status status = unpacker->open(&level->unpack,
						    &level->unpacker_state);
		if (status == STATUS_OK)
			level->types_opened |= 1U << index;
		if (status == STATUS_OK && index > 0 && is_inside(level, unpacker))
			continue;
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

/*
 * Is the archive just opened the one that was looked at already, as a child? A zip in a
 * tar has its end near the end of the tar. One that begins before the child is another.
 */
static bool is_inside(const struct level *level, const struct unpacker *unpacker)
{
	const struct inner *inner = &level->inner;
	const struct extent *archive = &level->unpack.archive;

	return inner->unpacker == unpacker && archive->len > 0 &&
	       archive->offset >= inner->place.offset &&
	       range_fits(archive->offset - inner->place.offset, archive->len,
			  inner->place.len);
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
	if (scan->depth > 0) {
		outcome_merge(&scan_top(scan)->outcome, &level->outcome);
		remember(scan_top(scan), level);
	}
}

/*
 * The child, if it is what its container has the signs of, too. Of what was damaged, or
 * cut off, a second reading may find more.
 */
static void remember(struct level *parent, const struct level *child)
{
	const struct source *inside = &child->source;
	const struct source *outside = &parent->source;
	uint32_t harmless = UINT32_C(1) << REASON_PASSWORD |
			    UINT32_C(1) << REASON_UNSUPPORTED;

	if (!child->is_window || (child->outcome.reasons & ~harmless) != 0 ||
	    child->scan->stopped || inside->kind != outside->kind ||
	    inside->memory != outside->memory || inside->start < outside->start)
		return;
	for (size_t i = 0; i < parent->types.also_count; i++) {
		const struct unpacker *unpacker = unpacker_of(parent->types.also[i]);

		if (unpacker && was_opened_by(child, unpacker))
			parent->inner = (struct inner){
				.place = { inside->start - outside->start, inside->size },
				.unpacker = unpacker,
			};
	}
}

static bool was_opened_by(const struct level *level, const struct unpacker *unpacker)
{
	const struct types *types = &level->types;

	if ((level->types_opened & 1) && unpacker_of(types->primary) == unpacker)
		return true;
	for (size_t i = 0; i < types->also_count; i++)
		if ((level->types_opened >> (i + 1) & 1) &&
		    unpacker_of(types->also[i]) == unpacker)
			return true;
	return false;
}

static struct level *push(struct scan *scan, struct slice name)
{
	struct level *level = &scan->levels[scan->depth];

	assert(scan->depth <= scan->setup->limits.depth_max);
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
