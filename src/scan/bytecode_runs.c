/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program is run once for an object, over its own bytes, when its logical signature
 * matched in any of the object's views, or, if it has none and is meant for the object's
 * type, in any case. What it makes is put into the spool and looked at like the members
 * of a container.
 *
 * What was to be run and was not, or not to its end, makes the object `incomplete`.
 */
#include "scan/bytecode_runs.h"

#include "bytecode/bytecode.h"
#include "match/entry.h"

enum {
	STEPS_MAX = 1 << 28, /* some seconds */
	MEMORY_MAX = 64 << 20,
	CHILD_MAX = 64 << 20,
	KINDS_BEFORE_LOGICAL =
		2, /* of entries: generic, startup, then those from 256 on */
	DATABASE_OPTIONS =
		0x200a, /* phishing, their links, bytecode: as ClamAV's defaults */
};

struct bytecode_trigger {
	uint32_t segment, rule;
	struct match_counts counts;
};

/* One program over one object. */
struct run {
	struct scan *scan;
	struct level *level;
	uint32_t segment;
	uint32_t index; /* of the entry */
	struct entry_record entry;
};

static const struct tables *tables_of(const struct run *run)
{
	return &run->scan->setup->database->segments[run->segment];
}

static bool has_programs(const struct scan *scan)
{
	const struct database *database = scan->setup->database;

	for (size_t i = 0; i < database->segment_count; i++) {
		struct entry_range range = table_entries(&database->segments[i],
							 RULE_BYTECODE);
		if (range.first < range.end)
			return true;
	}
	return false;
}

void bytecode_triggered(struct scan *scan, struct level *level, uint32_t segment,
			uint32_t rule, const struct match_counts *counts)
{
	if (!level->bytecode.triggers)
		return;
	for (size_t i = 0; i < level->bytecode.trigger_count; i++)
		if (level->bytecode.triggers[i].segment == segment &&
		    level->bytecode.triggers[i].rule == rule)
			return;
	if (level->bytecode.trigger_count == BYTECODE_TRIGGERS_MAX) {
		scan_incomplete(scan, level, REASON_RULE, 0,
				slice_of("too many programs are to be run"));
		return;
	}
	level->bytecode.triggers[level->bytecode.trigger_count++] =
		(struct bytecode_trigger){ .segment = segment,
					   .rule = rule,
					   .counts = *counts };
}

bool bytecode_prepare(struct scan *scan, struct level *level)
{
	level->bytecode.trigger_count = 0;
	level->bytecode.triggers = NULL;
	if (!has_programs(scan))
		return true;
	level->bytecode.triggers = arena_new_array(
		scan->setup->arena, struct bytecode_trigger, BYTECODE_TRIGGERS_MAX);
	return level->bytecode.triggers != NULL;
}

/* The id of the name that the program gave: one of its own, or else that of the rule. */
static uint32_t rule_named(const struct run *run, struct slice name)
{
	const struct tables *tables = tables_of(run);
	struct entry_range range = table_entries(tables, RULE_BYTECODE);
	uint32_t first_id = table_entry_first_id(tables);

	for (uint32_t i = run->index + 1; i < range.end; i++) {
		struct entry_record entry = table_entry(tables, i);

		if (entry.data_len > 0)
			break;
		if (slice_equal(table_string(tables, entry.name), name))
			return first_id + i;
	}
	return first_id + run->index;
}

static void on_found(void *context, struct slice name)
{
	struct run *run = context;
	struct scan_hit hit = {
		.segment = run->segment,
		.rule = rule_named(run, name),
		.len = run->level->source.size,
	};

	object_hit(run->scan, run->level, &hit);
}

static bool on_child(void *context, struct slice bytes, uint32_t id)
{
	struct run *run = context;
	struct level *level = run->level;
	struct spool *spool = run->scan->setup->spool;
	struct extent made = { spool->used, bytes.len };

	(void)id;
	if (level->bytecode.made_count == BYTECODE_MADE_MAX)
		return false;
	enum status status = spool_append(spool, bytes.base, bytes.len);
	if (status != STATUS_OK) {
		scan_incomplete(run->scan, level,
				status == STATUS_LIMIT ? REASON_SIZE : REASON_UNREADABLE,
				0, slice_of("what a program made"));
		return true;
	}
	level->bytecode.made[level->bytecode.made_count++] = made;
	return true;
}

static void tell_cut(const struct run *run)
{
	const struct tables *tables = tables_of(run);

	scan_incomplete(run->scan, run->level, REASON_RULE, 0,
			table_string(tables, run->entry.name));
}

static enum status run_program(struct run *run, const struct bytecode_host *host)
{
	const struct scan_setup *setup = run->scan->setup;
	struct bytecode_limits limits = {
		.steps_max = STEPS_MAX,
		.memory_max = MEMORY_MAX,
		.child_max = CHILD_MAX,
		.clock = setup->clock,
		.deadline_ms = run->scan->deadline_ms,
	};
	struct bytecode_result result;
	struct program program;
	struct slice data;
	const char *why;
	enum status status = table_entry_data(tables_of(run), &run->entry, setup->arena,
					      &data);

	if (status == STATUS_OK)
		status = program_load(data, setup->arena, &program);
	if (status == STATUS_OK)
		status = program_check(&program, &why);
	if (status == STATUS_OK)
		status = bytecode_run(&program, host, &limits, setup->arena, &result);
	return status;
}

static void run_entry(struct run *run, const struct executable *executable,
		      const struct match_counts *counts)
{
	struct arena *arena = run->scan->setup->arena;
	struct arena_mark mark = arena_mark(arena);
	struct bytecode_host host = {
		.file = run->level->source,
		.type = run->level->types.primary,
		.executable = executable,
		.functionality_level = RULE_FEATURE_LEVEL,
		.database_options = DATABASE_OPTIONS,
		.found = on_found,
		.child = on_child,
		.context = run,
	};

	if (run->scan->setup->no_bytecode) {
		tell_cut(run);
		return;
	}
	if (counts) {
		memcpy(host.match_counts, counts->counts, sizeof(host.match_counts));
		memcpy(host.match_offsets, counts->offsets, sizeof(host.match_offsets));
	}
	enum status status = run_program(run, &host);
	if (status == STATUS_TIME)
		scan_stop(run->scan, run->level, REASON_TIME);
	else if (status == STATUS_CHANGED || status == STATUS_IO)
		scan_incomplete(run->scan, run->level, scan_reason(status), 0,
				(struct slice){ 0 });
	else if (status != STATUS_OK)
		tell_cut(run);
	arena_rewind(arena, mark);
}

/* Is a program of that kind meant for objects of this type? */
static bool kind_fits(uint32_t kind, const struct level *level,
		      const struct executable *executable)
{
	enum file_type type = level->types.primary;

	switch ((unsigned)kind) {
	case BYTECODE_LOGICAL:
		return true;
	case BYTECODE_PE_UNPACKER:
	case BYTECODE_PE_ALL:
		return executable && type == TYPE_MSEXE;
	case BYTECODE_ELF_UNPACKER:
		return executable && type == TYPE_ELF;
	case BYTECODE_MACHO_UNPACKER:
		return executable && (type == TYPE_MACHO || type == TYPE_MACHO_UNIBIN);
	default:
		/* Without a reader of documents or collected metadata: never. */
		return false;
	}
}

static const struct match_counts *counts_of(const struct run *run)
{
	const struct level *level = run->level;

	for (size_t i = 0; i < level->bytecode.trigger_count; i++)
		if (level->bytecode.triggers[i].segment == run->segment &&
		    level->bytecode.triggers[i].rule == run->entry.trigger)
			return &level->bytecode.triggers[i].counts;
	return NULL;
}

void bytecode_run_all(struct scan *scan, struct level *level,
		      const struct executable *executable)
{
	const struct database *database = scan->setup->database;
	struct run run = { .scan = scan, .level = level };

	for (; run.segment < database->segment_count; run.segment++) {
		struct entry_range range = table_entries(tables_of(&run), RULE_BYTECODE);

		for (run.index = range.first; run.index < range.end && !scan->stopped;
		     run.index++) {
			run.entry = table_entry(tables_of(&run), run.index);
			uint32_t kind = run.entry.kind - KINDS_BEFORE_LOGICAL +
					BYTECODE_LOGICAL;
			const struct match_counts *counts = counts_of(&run);

			if (run.entry.data_len == 0 ||
			    run.entry.kind < KINDS_BEFORE_LOGICAL ||
			    !kind_fits(kind, level, executable) ||
			    (run.entry.trigger != ENTRY_NO_TRIGGER && !counts))
				continue;
			run_entry(&run, executable, counts);
		}
	}
	level->bytecode.triggers = NULL;
	level->bytecode.trigger_count = 0;
}

bool bytecode_next_made(struct scan *scan, struct level *level, struct child *child)
{
	if (level->bytecode.made_told == level->bytecode.made_count)
		return false;
	struct extent made = level->bytecode.made[level->bytecode.made_told++];
	struct source all = spool_source(scan->setup->spool, level->spool_mark);

	*child = (struct child){
		.name = slice_of("made-by-bytecode"),
		.source = source_window(&all, made.offset - level->spool_mark, made.len),
		.packed_bytes = level->source.size,
		.claimed_bytes = made.len,
	};
	return true;
}
