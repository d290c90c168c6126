/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Types that rules give to an object beside the one that its bytes tell: entries of
 * ftm files, and rules with a HandlerType. The object is then matched and opened as that
 * type, too: what other rules find in it as what it is, they still find. Only with
 * --compat=clamav a type of an ftm file takes the place of ours, and even then all
 * containers that it is are opened.
 */
#include "scan/retype.h"

#include "match/entry.h"
#include "match/expr.h"
#include "type/as_clamscan.h"

static enum status test_entries(struct scan *scan, struct level *level,
				const struct tables *tables, struct reader head);
static void retype_add(struct level *level, struct slice name);
static void put_first(struct level *level, size_t index);
static bool gives_type_to_clamscan(const struct level *level, enum file_type as,
				   const struct rule_record *rule,
				   const struct scan_hit *hit);
static bool is_plain(unsigned target);
static bool is_embedded_type(struct slice name);
static void add_embedded(const struct scan *scan, struct level *level,
			 const struct scan_hit *hit);
static bool is_partition(const struct level *level);

/* A letter whose head goes on behind what decides is matched as one beside what it is. */
void retype_as_clamscan(struct level *level, struct reader head)
{
	level->types = type_as_clamscan(head, level->types);
	if (level->types.primary == TYPE_TEXT_ASCII && type_reads_as_mail(head))
		retype_add(level, slice_of("MAIL"));
}

enum status retype_by_magic(struct scan *scan, struct level *level, struct reader head)
{
	const struct database *database = scan->setup->database;
	enum status status = STATUS_OK;
	size_t before = level->retype_count;

	for (size_t s = 0; s < database->segment_count && status == STATUS_OK; s++)
		status = test_entries(scan, level, &database->segments[s], head);
	if (status == STATUS_OK && scan->setup->clamav_compat &&
	    level->retype_count > before)
		put_first(level, before);
	return status;
}

static enum status test_entries(struct scan *scan, struct level *level,
				const struct tables *tables, struct reader head)
{
	struct entry_range range = table_entries(tables, RULE_FILE_TYPE);
	struct arena *arena = scan->setup->arena;

	for (uint32_t i = range.first; i < range.end; i++) {
		struct arena_mark mark = arena_mark(arena);
		struct entry_record entry = table_entry(tables, i);
		struct slice bytes;

		if (entry.kind == FILE_TYPE_PATTERN ||
		    (entry.kind == FILE_TYPE_PARTITION && !is_partition(level)))
			continue;
		enum status status = table_entry_data(tables, &entry, arena, &bytes);
		if (status != STATUS_OK)
			return status;
		struct reader data = reader_of_slice(bytes);
		uint32_t offset = reader_u32le(&data);
		struct slice type = reader_slice(&data, reader_u8(&data));
		struct slice magic = reader_rest(&data);
		if (magic.len > 0 && reader_has(&head, offset, magic))
			retype_add(level, type);
		arena_rewind(arena, mark);
	}
	return STATUS_OK;
}

static bool is_partition(const struct level *level)
{
	const struct scan_object *parent = level->object.parent;

	return parent && (parent->type == TYPE_MBR || parent->type == TYPE_GPT ||
			  parent->type == TYPE_APM);
}

/* IGNORED is no type to look at something as: nothing is exempt here. */
static void retype_add(struct level *level, struct slice name)
{
	enum file_type type;

	if (!type_parse(name, &type) || type == level->types.primary ||
	    type == TYPE_ANY || type == TYPE_IGNORED)
		return;
	if (retype_has(level, type))
		return;
	if (level->retype_count < RETYPES_MAX)
		level->retypes[level->retype_count++] = type;
	else
		level->has_more_retypes = true;
}

bool retype_has(const struct level *level, enum file_type type)
{
	for (size_t i = 0; i < level->retype_count; i++)
		if (level->retypes[i] == type)
			return true;
	return false;
}

bool retype_leaves_hit(struct scan *scan, struct level *level, enum file_type as,
		       const struct scan_hit *hit)
{
	const struct tables *tables = &scan->setup->database->segments[hit->segment];
	uint32_t rule = hit->rule;
	bool is_pattern = rule < table_count(tables, SECTION_RULES, RULE_RECORD_LEN);
	struct rule_record record = table_rule(tables, rule);
	bool retypes = is_pattern && record.flags & RULE_RETYPES;
	bool again = as != level->types.primary;
	bool by_clamscan = scan->setup->clamav_compat && record.language == RULE_LDB;

	if (retypes && by_clamscan && !gives_type_to_clamscan(level, as, &record, hit))
		return true;
	if (again && (!is_pattern || record.target == TARGET_ANY))
		return false;
	if (!retypes)
		return true;
	struct slice name = condition_retype(table_bytes(
		tables, SECTION_CONDITIONS, record.condition, record.condition_len));
	if (is_embedded_type(name))
		add_embedded(scan, level, hit);
	else
		retype_add(level, name);
	return by_clamscan && type_target(as) == TARGET_DATA;
}

/*
 * clamscan is content with one such rescan, and tells the rule of the second. Data, and
 * what is made of texts and pages, it matches a last time without any: rules for one of
 * these targets are findings at once, and those for any file in those bytes.
 */
static bool gives_type_to_clamscan(const struct level *level, enum file_type as,
				   const struct rule_record *rule,
				   const struct scan_hit *hit)
{
	return as == level->types.primary && hit->view == VIEW_RAW &&
	       !is_plain(rule->target);
}

static bool is_plain(unsigned target)
{
	return target == TARGET_HTML || target == TARGET_TEXT || target == TARGET_DATA;
}

/* Types that clamscan has for what begins inside of another file. */
static bool is_embedded_type(struct slice name)
{
	enum file_type type;

	return type_parse(name, &type) && type >= TYPE_ZIPSFX && type <= TYPE_ISHIELD_MSI;
}

/*
 * Only of what is no such thing itself: else each would hold all that follow it. A place
 * in a text that was made of the object is none in the object.
 */
static void add_embedded(const struct scan *scan, struct level *level,
			 const struct scan_hit *hit)
{
	unsigned depth = level->object.depth;

	if (hit->offset == 0 || hit->view != VIEW_RAW ||
	    (depth > 0 && scan->levels[depth - 1].embedded_told > 0))
		return;
	if (level->embedded_count < EMBEDDED_MAX)
		level->embedded[level->embedded_count++] = hit->offset;
	else
		level->has_more_retypes = true;
}

bool retype_next_embedded(struct level *level, struct child *child)
{
	if (level->embedded_told == level->embedded_count)
		return false;
	uint64_t offset = level->embedded[level->embedded_told++];

	child->source = source_window(&level->source, offset, UINT64_MAX);
	child->packed_bytes = child->source.size;
	child->claimed_bytes = child->source.size;
	return true;
}

/* What was the first type is one more to be opened as, if it is a container. */
static void put_first(struct level *level, size_t index)
{
	enum file_type type = level->retypes[index];

	for (size_t i = index; i > 0; i--)
		level->retypes[i] = level->retypes[i - 1];
	level->retypes[0] = level->types.primary;
	level->types.primary = type;
	level->retypes_matched = 1;
}
