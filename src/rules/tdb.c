/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/tdb.h"

#include "bytes/store.h"
#include "match/expr.h"
#include "match/icon_rule.h"
#include "rules/rule_target.h"
#include "rules/type_name.h"

enum { KEYS_MAX = 16, TYPES_MAX = 32, CONDITION_MAX = 32 * 1024, NEW_KEYS_LEVEL = 51 };

struct tdb {
	const struct rule_line *line;
	struct rule *rule;
	struct span value; /* of the key that is being read */
	uint8_t *condition;
	size_t len;
	size_t pair;    /* which one that is */
	uint64_t level; /* the lowest of Engine */
	bool has_target;
	bool is_of_program;              /* asks for what only programs have */
	struct span groups[ICON_GROUPS]; /* their names */
	unsigned which;                  /* of them stand there, a bit each */
};

static enum status read_pair(struct tdb *tdb, struct span pair);
static enum status read_engine(struct tdb *tdb);
static enum status read_target(struct tdb *tdb);
static enum status read_file_size(struct tdb *tdb);
static enum status read_entry_point(struct tdb *tdb);
static enum status read_sections(struct tdb *tdb);
static enum status read_container(struct tdb *tdb);
static enum status read_intermediates(struct tdb *tdb);
static enum status read_handler(struct tdb *tdb);
static enum status read_group1(struct tdb *tdb);
static enum status read_group2(struct tdb *tdb);
static void put_icons(struct tdb *tdb);

static const struct {
	const char *key;
	unsigned level; /* that Engine must ask for at least */
	enum status (*read)(struct tdb *tdb);
} keys[] = {
	{ "Engine", 0, read_engine },
	{ "Target", 0, read_target },
	{ "FileSize", NEW_KEYS_LEVEL, read_file_size },
	{ "EntryPoint", NEW_KEYS_LEVEL, read_entry_point },
	{ "NumberOfSections", NEW_KEYS_LEVEL, read_sections },
	{ "Container", NEW_KEYS_LEVEL, read_container },
	{ "Intermediates", NEW_KEYS_LEVEL, read_intermediates },
	{ "HandlerType", NEW_KEYS_LEVEL, read_handler },
	{ "IconGroup1", NEW_KEYS_LEVEL, read_group1 },
	{ "IconGroup2", NEW_KEYS_LEVEL, read_group2 },
};

enum status tdb_read(const struct rule_line *line, struct span span, struct rule *rule)
{
	struct tdb tdb = { .line = line, .rule = rule };
	struct span pairs[KEYS_MAX];
	size_t count = line_split(line, span, ',', pairs, KEYS_MAX);

	if (count > KEYS_MAX)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "too many conditions in the target description");
	tdb.condition = arena_alloc(line->arena, CONDITION_MAX);
	if (!tdb.condition)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		tdb.pair = i;
		enum status status = read_pair(&tdb, pairs[i]);
		if (status != STATUS_OK)
			return status;
	}
	if (!tdb.has_target)
		return line_refuse(line, span, STATUS_MALFORMED, "there is no Target");
	if (tdb.is_of_program && rule->target != 1 && rule->target != 6 &&
	    rule->target != 9)
		return line_refuse(
			line, span, STATUS_MALFORMED,
			"EntryPoint and NumberOfSections are for targets 1, 6 and 9");
	if (tdb.which != 0 && rule->target != 1)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "IconGroup1 and IconGroup2 are for target 1");
	put_icons(&tdb);
	rule->condition = (struct slice){ tdb.condition, tdb.len };
	return STATUS_OK;
}

static enum status read_pair(struct tdb *tdb, struct span pair)
{
	struct span key = { pair.start, line_find(tdb->line, pair, ':') };

	if (key.end == pair.end)
		return line_refuse(tdb->line, pair, STATUS_MALFORMED,
				   "a condition is a name, a colon and a value");
	tdb->value = (struct span){ key.end + 1, pair.end };
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (!line_is(tdb->line, key, keys[i].key))
			continue;
		if (tdb->level < keys[i].level)
			return line_refuse(tdb->line, key, STATUS_MALFORMED,
					   "this needs Engine:51-255 or more in front");
		return keys[i].read(tdb);
	}
	return line_skip(tdb->line, key, "an unknown condition");
}

/* `min-max` */
static enum status read_range(struct tdb *tdb, uint64_t max, uint64_t *ret_min,
			      uint64_t *ret_max)
{
	struct span ends[2];

	if (line_split(tdb->line, tdb->value, '-', ends, 2) != 2 ||
	    !line_number(tdb->line, ends[0], max, ret_min) ||
	    !line_number(tdb->line, ends[1], max, ret_max))
		return line_refuse(tdb->line, tdb->value, STATUS_MALFORMED,
				   "a range is two numbers with a - between them");
	return STATUS_OK;
}

static void put_range32(struct tdb *tdb, enum condition_key key, uint64_t min,
			uint64_t max)
{
	tdb->condition[tdb->len] = (uint8_t)key;
	store_u32le(&tdb->condition[tdb->len + 1], (uint32_t)min);
	store_u32le(&tdb->condition[tdb->len + 5], (uint32_t)max);
	tdb->len += 9;
}

static enum status read_engine(struct tdb *tdb)
{
	struct span ends[2];
	size_t count = line_split(tdb->line, tdb->value, '-', ends, 2);

	if (tdb->pair > 0)
		return line_refuse(tdb->line, tdb->value, STATUS_MALFORMED,
				   "Engine must be the first condition");
	if (count != 2 || !line_number(tdb->line, ends[0], INT32_MAX, &tdb->level))
		return line_refuse(tdb->line, tdb->value, STATUS_MALFORMED,
				   "Engine is a lowest and a highest feature level");
	return line_feature_levels(tdb->line, ends, count);
}

static enum status read_target(struct tdb *tdb)
{
	tdb->has_target = true;
	return target_read(tdb->line, tdb->value, &tdb->rule->target);
}

static enum status read_file_size(struct tdb *tdb)
{
	uint64_t min, max;
	enum status status = read_range(tdb, INT64_MAX, &min, &max);

	if (status != STATUS_OK)
		return status;
	tdb->condition[tdb->len] = COND_FILE_SIZE;
	store_u64le(&tdb->condition[tdb->len + 1], min);
	store_u64le(&tdb->condition[tdb->len + 9], max);
	tdb->len += 17;
	return STATUS_OK;
}

static enum status read_program_range(struct tdb *tdb, enum condition_key key)
{
	uint64_t min, max;
	enum status status = read_range(tdb, UINT32_MAX, &min, &max);

	if (status == STATUS_OK)
		put_range32(tdb, key, min, max);
	tdb->is_of_program = true;
	return status;
}

static enum status read_entry_point(struct tdb *tdb)
{
	return read_program_range(tdb, COND_ENTRY_POINT);
}

static enum status read_sections(struct tdb *tdb)
{
	return read_program_range(tdb, COND_SECTIONS);
}

/* CL_TYPE_X: the name X goes into the condition, as u8 length and bytes. */
static enum status put_type(struct tdb *tdb, struct span span)
{
	struct slice text;
	enum status status = type_name_read(tdb->line, span, &text);

	if (status != STATUS_OK)
		return status;
	tdb->condition[tdb->len] = (uint8_t)text.len;
	memcpy(&tdb->condition[tdb->len + 1], text.base, text.len);
	tdb->len += 1 + text.len;
	return STATUS_OK;
}

static enum status read_container(struct tdb *tdb)
{
	tdb->condition[tdb->len] = COND_CONTAINER;
	tdb->len++;
	return put_type(tdb, tdb->value);
}

static enum status read_intermediates(struct tdb *tdb)
{
	struct span types[TYPES_MAX];
	size_t count = line_split(tdb->line, tdb->value, '>', types, TYPES_MAX);

	if (count > TYPES_MAX)
		return line_refuse(tdb->line, tdb->value, STATUS_MALFORMED,
				   "Intermediates names 32 types at most");
	tdb->condition[tdb->len] = COND_INTERMEDIATES;
	tdb->condition[tdb->len + 1] = (uint8_t)count;
	tdb->len += 2;
	for (size_t i = 0; i < count; i++) {
		enum status status = put_type(tdb, types[i]);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

/* The rule finds nothing: what it matches is looked at as that type, too. */
static enum status read_handler(struct tdb *tdb)
{
	if (tdb->rule->flags & RULE_RETYPES)
		return line_refuse(tdb->line, tdb->value, STATUS_MALFORMED,
				   "HandlerType stands here a second time");
	tdb->rule->flags |= RULE_RETYPES | RULE_FINDS_NOTHING;
	tdb->condition[tdb->len] = COND_RETYPE;
	tdb->len++;
	return put_type(tdb, tdb->value);
}

static enum status read_group(struct tdb *tdb, size_t which)
{
	if (span_len(tdb->value) > ICON_GROUP_NAME_MAX)
		return line_refuse(tdb->line, tdb->value, STATUS_MALFORMED,
				   "a group's name has 255 letters at most");
	tdb->groups[which] = tdb->value;
	tdb->which |= 1U << which;
	return STATUS_OK;
}

static enum status read_group1(struct tdb *tdb)
{
	return read_group(tdb, 0);
}

static enum status read_group2(struct tdb *tdb)
{
	return read_group(tdb, 1);
}

/* Both are one test: the same icon has to be in both. */
static void put_icons(struct tdb *tdb)
{
	if (tdb->which == 0)
		return;
	tdb->condition[tdb->len++] = COND_ICONS;
	tdb->condition[tdb->len++] = (uint8_t)tdb->which;
	for (size_t i = 0; i < ICON_GROUPS; i++) {
		struct slice name = line_slice(tdb->line, tdb->groups[i]);

		if (!(tdb->which >> i & 1))
			continue;
		tdb->condition[tdb->len++] = (uint8_t)name.len;
		memcpy(&tdb->condition[tdb->len], name.base, name.len);
		tdb->len += name.len;
	}
}
