/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is done with every object, whatever it is in: tell its type, read the
 * facts that rules refer to, and match it.
 */
#include "match/budget.h"
#include "match/matcher.h"
#include "scan/bytecode_runs.h"
#include "scan/program_look.h"
#include "scan/reading.h"
#include "scan/retype.h"
#include "type/as_clamscan.h"

enum { DATA_PIECE_LEN = 32 * 1024 };

struct hit_context {
	struct scan *scan;
	struct level *level;
	enum file_type as;
	enum view view;
};

static bool is_matched(const struct scan *scan, const struct level *level);
static void look(struct scan *scan, struct level *level);
static bool is_letter_to_clamscan(const struct scan *scan, const struct level *level);
static enum status detect(struct scan *scan, struct level *level);
static void tell_data(struct scan *scan, struct level *level);
static void match(struct scan *scan, struct level *level, enum file_type as,
		  const struct executable *executable);
static void match_as_others(struct scan *scan, struct level *level);
static unsigned raw_target(enum file_type type);
static const struct executable *parse_program(struct scan *scan,
					      const struct level *level,
					      enum file_type as,
					      struct executable *layout);
static bool has_no_end(const struct scan *scan, const struct reading *reading);
static unsigned raw_flags(const struct scan *scan, enum file_type as);
static size_t list_containers(const struct scan *scan, const struct level *level,
			      enum file_type *out);
static void on_hit(void *context, uint32_t segment, uint32_t rule, uint64_t offset,
		   uint64_t len);
static void on_cut(void *context, uint32_t segment, uint32_t rule);
static void on_trigger(void *context, uint32_t segment, uint32_t rule,
		       const struct match_counts *counts);

void object_look(struct scan *scan, struct level *level)
{
	struct arena_mark mark = arena_mark(scan->setup->arena);
	enum status status = detect(scan, level);

	level->object.type = level->types.primary;
	scan_announce(scan, level);
	tell_data(scan, level);
	if (status != STATUS_OK)
		scan_incomplete(scan, level, scan_reason(status), 0, (struct slice){ 0 });
	else if (is_matched(scan, level))
		look(scan, level);
	arena_rewind(scan->setup->arena, mark);
}

/*
 * To clamscan an archive behind a program is no object, though what is in it is; and a
 * file of a few bytes is none either.
 */
static bool is_matched(const struct scan *scan, const struct level *level)
{
	unsigned depth = level->object.depth;
	const struct unpacker *around = NULL;

	if (!scan->setup->clamav_compat)
		return true;
	if (depth > 0)
		around = scan->levels[depth - 1].unpacker;
	if (around && around->type == TYPE_SFX && level->types.primary != TYPE_MSEXE)
		return false;
	return level->source.size > AS_CLAMSCAN_PASSED_OVER;
}

static void look(struct scan *scan, struct level *level)
{
	struct executable layout;
	const struct executable *executable;

	executable = parse_program(scan, level, level->types.primary, &layout);
	object_tell_prints(scan, level, executable);
	object_explain_digest(scan, level, executable);
	if (executable)
		object_check_signature(scan, level, executable);
	level->told = arena_new_array(scan->setup->arena, uint64_t, LEVEL_TOLD_MAX);
	if (!bytecode_prepare(scan, level))
		scan_incomplete(scan, level, REASON_MEMORY, 0, (struct slice){ 0 });
	match(scan, level, level->types.primary, executable);
	if (executable && !scan->stopped)
		object_match_sections(scan, level, executable);
	if (executable && !scan->stopped)
		object_match_imports(scan, level, executable);
	if (!scan->stopped && is_letter_to_clamscan(scan, level))
		match(scan, level, TYPE_MAIL, NULL);
	match_as_others(scan, level);
	bytecode_run_all(scan, level, executable);
	level->told = NULL;
}

/*
 * Rules for mail are written for what clamscan takes for it, which is one line in many a
 * text or data. Nothing is opened as a letter for that.
 */
static bool is_letter_to_clamscan(const struct scan *scan, const struct level *level)
{
	struct arena_mark mark = arena_mark(scan->setup->arena);
	enum file_type type = level->types.primary;
	unsigned target = type_target(type);
	struct reader head;

	if (scan->setup->clamav_compat || target == TARGET_MAIL ||
	    !(scan->setup->database->targets >> TARGET_MAIL & 1) ||
	    (target != TARGET_HTML && target != TARGET_TEXT && type != TYPE_BINARY_DATA))
		return false;
	bool is_letter = source_view(&level->source, scan->setup->arena, 0,
				     AS_CLAMSCAN_OVERLAP, &head) == STATUS_OK &&
			 (type_as_clamscan(head, level->types).primary == TYPE_MAIL ||
			  type_reads_as_mail(head));
	arena_rewind(scan->setup->arena, mark);
	return is_letter;
}

static enum status detect(struct scan *scan, struct level *level)
{
	const struct source *source = &level->source;
	struct reader head;
	struct reader tail;
	uint64_t tail_at = 0;

	if (source->size > TYPE_TAIL_LEN)
		tail_at = source->size - TYPE_TAIL_LEN;
	enum status status = source_view(source, scan->setup->arena, 0, TYPE_HEAD_LEN,
					 &head);
	if (status == STATUS_OK)
		status = source_view(source, scan->setup->arena, tail_at, TYPE_TAIL_LEN,
				     &tail);
	if (status == STATUS_OK)
		level->types = type_detect(head, tail, source->size);
	if (status == STATUS_OK && scan->setup->clamav_compat)
		retype_as_clamscan(level, head);
	if (status == STATUS_OK)
		status = retype_by_magic(scan, level, head);
	return status;
}

/* The caller has the root's bytes; those of what is inside come from nowhere else. */
static void tell_data(struct scan *scan, struct level *level)
{
	if (scan->setup->events.data && level->object.depth > 0)
		object_tell_data(scan, level, VIEW_RAW, &level->source);
}

void object_tell_data(struct scan *scan, struct level *level, enum view view,
		      const struct source *source)
{
	const struct scan_events *events = &scan->setup->events;
	struct arena *arena = scan->setup->arena;
	struct arena_mark mark = arena_mark(arena);
	enum status status = STATUS_OK;
	uint64_t offset = 0;

	uint8_t *piece = arena_alloc_unset(arena, DATA_PIECE_LEN);
	if (!piece)
		status = STATUS_NO_MEMORY;
	while (status == STATUS_OK && offset < source->size) {
		size_t got;

		if (scan_time_is_up(scan)) {
			status = STATUS_TIME;
			break;
		}
		status = source_read(source, offset, piece, DATA_PIECE_LEN, &got);
		if (status == STATUS_OK) {
			const struct view_data data = { view, offset, { piece, got } };

			events->data(events->context, &level->object, &data);
			offset += got;
		}
	}
	if (status != STATUS_OK)
		scan_incomplete(scan, level, scan_reason(status), offset,
				(struct slice){ 0 });
	arena_rewind(arena, mark);
}

/* As the types that rules have given it, which may be more with each. */
static void match_as_others(struct scan *scan, struct level *level)
{
	while (level->retypes_matched < level->retype_count && !scan->stopped) {
		enum file_type as = level->retypes[level->retypes_matched++];
		struct executable layout;

		match(scan, level, as, parse_program(scan, level, as, &layout));
	}
	if (level->has_more_retypes)
		scan_incomplete(scan, level, REASON_RULE, 0,
				slice_of("too many types are given by rules"));
}

/* NULL: a header that no loader would take is no fact, and no trouble of ours. */
static const struct executable *parse_program(struct scan *scan,
					      const struct level *level,
					      enum file_type as,
					      struct executable *layout)
{
	if (executable_parse(&level->source, as, scan->setup->arena, layout) != STATUS_OK)
		return NULL;
	if (scan->setup->clamav_compat && layout->is_refused_by_clamscan)
		return NULL;
	if (scan->setup->clamav_compat && layout->is_entry_unknown_to_clamscan)
		layout->entry_offset = 0;
	return layout;
}

/* Where clamscan does not understand a program it takes no offset from the end either. */
static bool has_no_end(const struct scan *scan, const struct reading *reading)
{
	enum file_type as = reading->as;
	bool is_program = as == TYPE_MSEXE || as == TYPE_ELF || as == TYPE_MACHO ||
			  as == TYPE_MACHO_UNIBIN;

	return scan->setup->clamav_compat && reading->view == VIEW_RAW &&
	       !reading->executable && is_program;
}

/* As one type: the bytes, and then what is made of them. */
static void match(struct scan *scan, struct level *level, enum file_type as,
		  const struct executable *executable)
{
	object_match(scan, level,
		     &(struct reading){
			     .as = as,
			     .source = level->source,
			     .target = raw_target(as),
			     .executable = executable,
			     .flags = raw_flags(scan, as),
		     });
	if (!scan->stopped && object_has_views(scan, as))
		object_match_views(scan, level, as);
}

/* Others have the root's bytes alone. */
static const struct match_help *help_with(const struct scan *scan,
					  const struct level *level,
					  const struct reading *reading)
{
	if (level->object.depth > 0 || reading->view != VIEW_RAW)
		return NULL;
	return scan->setup->help;
}

void object_match(struct scan *scan, struct level *level, const struct reading *reading)
{
	const struct scan_setup *setup = scan->setup;
	struct hit_context context = { scan, level, reading->as, reading->view };
	enum file_type *containers = arena_new_array(setup->arena, enum file_type,
						     scan->depth);
	struct matcher matcher = {
		.segments = setup->database->segments,
		.segment_count = setup->database->segment_count,
		.digest_state = setup->digest_state,
		.arena = setup->arena,
		.regexes = setup->regexes,
		.clock = setup->clock,
		.limits = {
			.deadline_ms = scan->deadline_ms,
			.steps_max = budget_steps_of(reading->source.size),
			.hole_hash_bytes = setup->limits.hole_hash_bytes,
		},
		.flags = reading->flags,
		.cpu_path = setup->cpu_path,
		.events = { .hit = on_hit,
			    .trigger = on_trigger,
			    .cut = on_cut,
			    .context = &context },
		.watch = setup->watch,
		.help = help_with(scan, level, reading),
	};
	struct match_object object = {
		.source = reading->source,
		.view = reading->view,
		.type = reading->as,
		.target = reading->target,
		.executable = reading->executable,
		.has_no_end = has_no_end(scan, reading),
		.containers = containers,
	};
	struct match_result result = { 0 };
	bool is_whole = reading->view == VIEW_RAW && !(reading->flags & MATCH_NO_HASHES);

	if (is_whole)
		object.digests = level->digests;
	if (setup->clamav_compat)
		matcher.flags |= MATCH_CLAMAV_COMPAT;
	if (!containers) {
		scan_incomplete(scan, level, REASON_MEMORY, 0, (struct slice){ 0 });
		return;
	}
	object.container_count = list_containers(scan, level, containers);
	enum status status = matcher_run(&matcher, &object, &result);
	if (status == STATUS_TIME)
		scan_stop(scan, level, REASON_TIME);
	else if (status != STATUS_OK)
		scan_incomplete(scan, level, scan_reason(status), 0, (struct slice){ 0 });
	for (unsigned kind = 0; is_whole && kind < DIGEST_KINDS; kind++)
		if (result.digest_mask >> kind & 1)
			level->digests[kind] = result.digests[kind];
	if (result.hashes_missed)
		scan_incomplete(scan, level, REASON_SIZE, 0,
				slice_of("digest of a sparse file"));
}

/* The rules of these targets are matched on what is made of the bytes: views.c. */
static unsigned raw_target(enum file_type type)
{
	unsigned target = type_target(type);

	return target == TARGET_HTML || target == TARGET_TEXT ? TARGET_ANY : target;
}

/* clamscan looks at the views of a page alone. */
static unsigned raw_flags(const struct scan *scan, enum file_type as)
{
	if (!scan->setup->clamav_compat || type_target(as) != TARGET_HTML)
		return 0;
	return MATCH_NO_PATTERNS | MATCH_NO_HASHES;
}

/* The types of the objects around this one, the outermost first. */
static size_t list_containers(const struct scan *scan, const struct level *level,
			      enum file_type *out)
{
	size_t count = level->object.depth;

	for (size_t i = 0; i < count; i++) {
		const struct level *around = &scan->levels[i];

		out[i] = around->object.type;
		if (around->opened_as_retype)
			out[i] = around->opened_as;
	}
	return count;
}

static void on_hit(void *context, uint32_t segment, uint32_t rule, uint64_t offset,
		   uint64_t len)
{
	const struct hit_context *where = context;
	struct scan_hit hit = {
		.segment = segment,
		.rule = rule,
		.view = where->view,
		.offset = offset,
		.len = len,
	};

	if (retype_leaves_hit(where->scan, where->level, where->as, &hit))
		object_hit(where->scan, where->level, &hit);
}

static void on_cut(void *context, uint32_t segment, uint32_t rule)
{
	const struct hit_context *where = context;
	struct rule_info info = { 0 };

	if (!database_rule(where->scan->setup->database, segment, rule, &info))
		info.name = (struct slice){ 0 };
	scan_incomplete(where->scan, where->level, REASON_RULE, 0, info.name);
}

static void on_trigger(void *context, uint32_t segment, uint32_t rule,
		       const struct match_counts *counts)
{
	const struct hit_context *where = context;

	bytecode_triggered(where->scan, where->level, segment, rule, counts);
}
