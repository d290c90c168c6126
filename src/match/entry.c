/* SPDX-License-Identifier: Apache-2.0 */
#include "match/entry.h"

#include "match/veil.h"

enum { LANGUAGE_AT = 28 };

static uint32_t first_not_below(const struct tables *tables, unsigned language);

struct entry_record table_entry(const struct tables *tables, uint32_t index)
{
	struct reader in = table_record(tables, SECTION_ENTRIES, index, ENTRY_RECORD_LEN);
	struct entry_record entry;

	entry.name = reader_u32le(&in);
	entry.text = reader_u32le(&in);
	entry.data = reader_u32le(&in);
	entry.data_len = reader_u32le(&in);
	entry.trigger = reader_u32le(&in);
	entry.line = reader_u32le(&in);
	entry.file = reader_u16le(&in);
	entry.flags = reader_u16le(&in);
	entry.language = reader_u8(&in);
	entry.kind = reader_u8(&in);
	entry.reserved = reader_u16le(&in);
	return entry;
}

struct entry_range table_entries(const struct tables *tables, enum rule_language language)
{
	struct entry_range range = { first_not_below(tables, language), 0 };

	range.end = first_not_below(tables, (unsigned)language + 1);
	if (range.end < range.first)
		range.end = range.first;
	return range;
}

/* The first entry of that language or of one behind it. */
static uint32_t first_not_below(const struct tables *tables, unsigned language)
{
	size_t low = 0;
	size_t high = table_count(tables, SECTION_ENTRIES, ENTRY_RECORD_LEN);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		uint16_t found = table_u16(tables, SECTION_ENTRIES,
					   middle * ENTRY_RECORD_LEN + LANGUAGE_AT);

		if ((found & 0xff) < language)
			low = middle + 1;
		else
			high = middle;
	}
	return (uint32_t)low;
}

enum status table_entry_data(const struct tables *tables,
			     const struct entry_record *entry, struct arena *arena,
			     struct slice *out)
{
	struct slice veiled = table_bytes(tables, SECTION_ENTRY_DATA, entry->data,
					  entry->data_len);
	uint8_t *bytes = arena_alloc(arena, veiled.len);

	if (!bytes)
		return STATUS_NO_MEMORY;
	veil_apply(bytes, veiled.base, veiled.len, entry->data);
	*out = (struct slice){ bytes, veiled.len };
	return STATUS_OK;
}

uint32_t table_entry_first_id(const struct tables *tables)
{
	size_t id = table_count(tables, SECTION_RULES, RULE_RECORD_LEN);

	for (unsigned i = 0; i < HASH_SCOPES * DIGEST_KINDS; i++)
		id += table_count(tables, (enum section_id)(SECTION_HASHES + i),
				  HASH_RECORD_LEN);
	return (uint32_t)id;
}
