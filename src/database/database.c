/* SPDX-License-Identifier: Apache-2.0 */
#include "database/database.h"

#include <stdio.h>

#include "base/digest.h"
#include "database/segment.h"
#include "match/entry.h"
#include "rules/rule.h"

enum { HASH_SECTIONS = HASH_SCOPES * DIGEST_KINDS };

/* Which hash section a rule is in, and where. */
struct hash_place {
	unsigned section; /* scope * DIGEST_KINDS + kind */
	uint32_t index;
};

static const struct tables *segment_at(const struct database *database, uint32_t segment);
static bool find_hash(const struct tables *tables, uint32_t rule, struct hash_place *out);
static bool read_hash(const struct tables *tables, struct hash_place place,
		      struct rule_hash *out);
static bool set_entry(const struct tables *tables, uint32_t rule, struct rule_info *out);
static size_t entry_text(const struct tables *tables, uint32_t rule, char *buffer,
			 size_t size);
static void set_file(const struct tables *tables, uint32_t file, struct rule_info *out);
static uint16_t weak_flag(struct slice name);
static bool has_entries(const struct tables *tables, enum rule_language language);
static bool has_retypes(const struct tables *tables);

enum status database_add(struct database *database, const void *base, size_t len)
{
	struct tables tables;

	if (database->segment_count == DATABASE_SEGMENTS_MAX)
		return STATUS_LIMIT;
	enum status status = segment_open((struct slice){ base, len }, &tables);
	if (status != STATUS_OK)
		return status;
	database->segments[database->segment_count++] = tables;
	database->targets |= table_u32(&tables, SECTION_INFO, INFO_TARGETS_AT);
	return STATUS_OK;
}

void database_drop(struct database *database)
{
	if (database->segment_count > 0)
		database->segment_count--;
	/* The targets are counted anew. */
	database_quieten(database, 0);
}

void database_quieten(struct database *database, uint32_t segments)
{
	database->targets = 0;
	for (size_t i = 0; i < database->segment_count; i++) {
		struct tables *tables = &database->segments[i];

		tables->is_quiet = segments >> i & 1;
		if (!tables->is_quiet)
			database->targets |= table_u32(tables, SECTION_INFO,
						       INFO_TARGETS_AT);
	}
}

bool database_is_separable(const struct database *database, uint32_t known)
{
	for (size_t i = 0; i < database->segment_count; i++) {
		const struct tables *tables = &database->segments[i];

		if (has_entries(tables, RULE_BYTECODE) || has_retypes(tables))
			return false;
		if (!(known >> i & 1) && (has_entries(tables, RULE_FILE_TYPE) ||
					  has_entries(tables, RULE_ICON) ||
					  has_entries(tables, RULE_PASSWORD) ||
					  has_entries(tables, RULE_CONFIG)))
			return false;
	}
	return true;
}

static bool has_entries(const struct tables *tables, enum rule_language language)
{
	struct entry_range range = table_entries(tables, language);

	return range.first < range.end;
}

static bool has_retypes(const struct tables *tables)
{
	size_t count = table_count(tables, SECTION_RULES, RULE_RECORD_LEN);

	for (size_t i = 0; i < count; i++)
		if (table_rule(tables, (uint32_t)i).flags & RULE_RETYPES)
			return true;
	return false;
}

struct slice database_delta_base(const struct database *database, uint32_t segment)
{
	const struct tables *tables = segment_at(database, segment);

	if (!tables)
		return (struct slice){ 0 };
	return table_bytes(tables, SECTION_TOMBSTONES, 0, TOMBSTONES_BASE_LEN);
}

bool database_is_removed(const struct database *database, uint32_t segment, uint32_t rule)
{
	const struct tables *tables = segment_at(database, segment + 1);
	size_t low = 0, high;

	if (!tables || tables->section[SECTION_TOMBSTONES].len < TOMBSTONES_BASE_LEN)
		return false;
	high = (tables->section[SECTION_TOMBSTONES].len - TOMBSTONES_BASE_LEN) /
	       TOMBSTONE_LEN;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		uint32_t id = table_u32(tables, SECTION_TOMBSTONES,
					TOMBSTONES_BASE_LEN + middle * TOMBSTONE_LEN);

		if (id == rule)
			return true;
		if (id < rule)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

bool database_rule(const struct database *database, uint32_t segment, uint32_t rule,
		   struct rule_info *out)
{
	const struct tables *tables = segment_at(database, segment);
	struct rule_info info = { .source_id = 0 };
	struct hash_place place;

	if (!tables)
		return false;
	if (rule < table_count(tables, SECTION_RULES, RULE_RECORD_LEN)) {
		struct rule_record record = table_rule(tables, rule);

		info.name = table_string(tables, record.name);
		info.line = record.line;
		info.flags = record.flags;
		info.language = (enum rule_language)record.language;
		set_file(tables, record.file, &info);
	} else if (find_hash(tables, rule, &place)) {
		struct hash_record record = table_hash(
			tables, (enum section_id)(SECTION_HASHES + place.section),
			place.index);

		info.name = table_string(tables, record.name);
		info.line = record.line;
		info.is_hash = true;
		info.is_allow = place.section / DIGEST_KINDS == HASH_ALLOWED;
		info.language = info.is_allow ? RULE_ALLOW : RULE_HASH;
		info.flags = weak_flag(info.name);
		set_file(tables, record.file, &info);
	} else if (!set_entry(tables, rule, &info)) {
		return false;
	}
	*out = info;
	return true;
}

uint32_t database_rule_count(const struct database *database, uint32_t segment)
{
	const struct tables *tables = segment_at(database, segment);
	size_t count;

	if (!tables)
		return 0;
	count = table_entry_first_id(tables);
	count += table_count(tables, SECTION_ENTRIES, ENTRY_RECORD_LEN);
	return count <= UINT32_MAX ? (uint32_t)count : UINT32_MAX;
}

bool database_info(const struct database *database, uint32_t segment,
		   struct segment_info *out)
{
	const struct tables *tables = segment_at(database, segment);

	if (!tables)
		return false;
	struct reader info = table_record(tables, SECTION_INFO, 0, INFO_RECORD_LEN);
	*out = (struct segment_info){ .format_version = SEGMENT_VERSION };
	out->build_id = table_string(tables, reader_u32le(&info));
	out->sources = reader_u32le(&info);
	out->pattern_rules = reader_u32le(&info);
	out->hash_rules = reader_u32le(&info);
	out->allow_entries = reader_u32le(&info);
	out->always_rules = reader_u32le(&info);
	out->refused_rules = reader_u32le(&info);
	reader_skip(&info, 4);
	out->entries = reader_u32le(&info);
	return true;
}

bool database_source(const struct database *database, uint32_t segment,
		     uint32_t source_id, struct source_info *out)
{
	const struct tables *tables = segment_at(database, segment);

	if (!tables ||
	    source_id >= table_count(tables, SECTION_SOURCES, SOURCE_RECORD_LEN))
		return false;
	struct reader record = table_record(tables, SECTION_SOURCES, source_id,
					    SOURCE_RECORD_LEN);
	out->name = table_string(tables, reader_u32le(&record));
	out->coverage = table_string(tables, reader_u32le(&record));
	out->licence = table_string(tables, reader_u32le(&record));
	out->rules = reader_u32le(&record);
	return true;
}

size_t database_rule_text(const struct database *database, uint32_t segment,
			  uint32_t rule, char *buffer, size_t size)
{
	const struct tables *tables = segment_at(database, segment);
	struct hash_place place;
	struct rule_hash hash;
	char hex[DIGEST_HEX_MAX];
	int len;

	if (!tables)
		return 0;
	if (rule < table_count(tables, SECTION_RULES, RULE_RECORD_LEN))
		return table_veiled_string(tables, table_rule(tables, rule).text, buffer,
					   size);
	if (!find_hash(tables, rule, &place))
		return entry_text(tables, rule, buffer, size);
	if (!read_hash(tables, place, &hash))
		return 0;
	digest_hex(&hash.digest, hex);
	if (hash.size == HASH_ANY_SIZE)
		len = snprintf(buffer, size, "%s:*:%.*s:73", hex, (int)hash.name.len,
			       (const char *)hash.name.base);
	else
		len = snprintf(buffer, size, "%s:%u:%.*s", hex, hash.size,
			       (int)hash.name.len, (const char *)hash.name.base);
	return len > 0 ? (size_t)len : 0;
}

bool database_rule_hash(const struct database *database, uint32_t segment, uint32_t rule,
			struct rule_hash *out)
{
	const struct tables *tables = segment_at(database, segment);
	struct hash_place place;

	return tables && rule >= table_count(tables, SECTION_RULES, RULE_RECORD_LEN) &&
	       find_hash(tables, rule, &place) && read_hash(tables, place, out);
}

static bool read_hash(const struct tables *tables, struct hash_place place,
		      struct rule_hash *out)
{
	enum section_id hashes = (enum section_id)(SECTION_HASHES + place.section);
	enum section_id digests = (enum section_id)(SECTION_DIGESTS + place.section);
	struct hash_record record = table_hash(tables, hashes, place.index);
	struct rule_hash hash = {
		.scope = (enum hash_scope)(place.section / DIGEST_KINDS),
		.kind = (enum digest_kind)(place.section % DIGEST_KINDS),
		.size = record.size,
		.name = table_string(tables, record.name),
	};

	hash.digest.len = digest_len(hash.kind);
	struct slice bytes = table_bytes(tables, digests, place.index * hash.digest.len,
					 hash.digest.len);
	if (bytes.len == 0)
		return false;
	memcpy(hash.digest.bytes, bytes.base, bytes.len);
	*out = hash;
	return true;
}

bool database_file(const struct database *database, uint32_t segment, uint32_t file,
		   struct file_info *out)
{
	const struct tables *tables = segment_at(database, segment);

	if (!tables || file >= table_count(tables, SECTION_FILES, FILE_RECORD_LEN))
		return false;
	struct reader record = table_record(tables, SECTION_FILES, file, FILE_RECORD_LEN);
	out->name = table_string(tables, reader_u32le(&record));
	out->source_id = reader_u32le(&record);
	out->taken = reader_u32le(&record);
	out->refused = reader_u32le(&record);
	out->skipped = reader_u32le(&record);
	out->flags = reader_u32le(&record);
	out->version = reader_u32le(&record);
	out->built_at = reader_u64le(&record);
	return true;
}

static const struct tables *segment_at(const struct database *database, uint32_t segment)
{
	return segment < database->segment_count ? &database->segments[segment] : NULL;
}

static bool find_hash(const struct tables *tables, uint32_t rule, struct hash_place *out)
{
	size_t left = rule - table_count(tables, SECTION_RULES, RULE_RECORD_LEN);

	for (unsigned i = 0; i < HASH_SECTIONS; i++) {
		size_t count = table_count(tables, (enum section_id)(SECTION_HASHES + i),
					   HASH_RECORD_LEN);

		if (left < count) {
			*out = (struct hash_place){ i, (uint32_t)left };
			return true;
		}
		left -= count;
	}
	return false;
}

static bool set_entry(const struct tables *tables, uint32_t rule, struct rule_info *out)
{
	uint32_t index = rule - table_entry_first_id(tables);

	if (index >= table_count(tables, SECTION_ENTRIES, ENTRY_RECORD_LEN))
		return false;
	struct entry_record record = table_entry(tables, index);
	out->name = table_string(tables, record.name);
	out->line = record.line;
	out->flags = record.flags;
	out->language = (enum rule_language)record.language;
	out->kind = record.kind;
	set_file(tables, record.file, out);
	return true;
}

static size_t entry_text(const struct tables *tables, uint32_t rule, char *buffer,
			 size_t size)
{
	uint32_t index = rule - table_entry_first_id(tables);

	return table_veiled_string(tables, table_entry(tables, index).text, buffer, size);
}

static void set_file(const struct tables *tables, uint32_t file, struct rule_info *out)
{
	struct reader record = table_record(tables, SECTION_FILES, file, FILE_RECORD_LEN);

	out->file = table_string(tables, reader_u32le(&record));
	out->source_id = reader_u32le(&record);
	reader_skip(&record, 12);
	out->is_official = (reader_u32le(&record) & FILE_VERIFIED) != 0;
	struct reader source = table_record(tables, SECTION_SOURCES, out->source_id,
					    SOURCE_RECORD_LEN);
	out->source = table_string(tables, reader_u32le(&source));
}

static uint16_t weak_flag(struct slice name)
{
	return rule_name_is_weak(name) ? RULE_WEAK : 0;
}
