/* SPDX-License-Identifier: Apache-2.0 */
#include "match/entry.h"

#include "bytes/store.h"
#include "guard.h"
#include "match/veil.h"
#include "test.h"

/* Entries of these languages, one for each letter ('a': language 0), and data 0, 1, 2 … */
static struct guard entries(struct tables *tables, const char *languages)
{
	struct guard guard = guard_new(strlen(languages) * ENTRY_RECORD_LEN);

	memset(guard.bytes, 0, guard.len);
	for (size_t i = 0; languages[i]; i++) {
		uint8_t *record = &guard.bytes[i * ENTRY_RECORD_LEN];

		store_u32le(&record[8], (uint32_t)i);
		store_u32le(&record[12], 1);
		record[28] = (uint8_t)(languages[i] - 'a');
		record[29] = 0xff; /* the kind is no part of the language */
	}
	tables->section[SECTION_ENTRIES] = (struct table){ guard.bytes, guard.len };
	return guard;
}

TEST("an entry is decoded field by field")
{
	struct tables tables = { 0 };
	struct guard guard = guard_new(ENTRY_RECORD_LEN);

	for (size_t i = 0; i < guard.len; i++)
		guard.bytes[i] = (uint8_t)(i + 1);
	tables.section[SECTION_ENTRIES] = (struct table){ guard.bytes, guard.len };
	struct entry_record entry = table_entry(&tables, 0);
	CHECK_EQ(entry.name, 0x04030201);
	CHECK_EQ(entry.text, 0x08070605);
	CHECK_EQ(entry.data, 0x0c0b0a09);
	CHECK_EQ(entry.data_len, 0x100f0e0d);
	CHECK_EQ(entry.trigger, 0x14131211);
	CHECK_EQ(entry.line, 0x18171615);
	CHECK_EQ(entry.file, 0x1a19);
	CHECK_EQ(entry.flags, 0x1c1b);
	CHECK_EQ(entry.language, 0x1d);
	CHECK_EQ(entry.kind, 0x1e);
	CHECK_EQ(table_entry(&tables, 1).name, 0);
	CHECK_EQ(table_entry(&tables, UINT32_MAX).name, 0);
	guard_free(&guard);
}

TEST("the entries of a language are a run")
{
	struct tables tables = { 0 };
	struct guard guard = entries(&tables, "bbdddf");
	static const unsigned first[] = { 0, 0, 2, 2, 5, 5, 6 };

	for (unsigned language = 0; language < 6; language++) {
		struct entry_range range = table_entries(&tables,
							 (enum rule_language)language);

		CHECK_EQ(range.first, first[language]);
		CHECK_EQ(range.end, first[language + 1]);
	}
	guard_free(&guard);
}

TEST("without entries there are none")
{
	struct tables tables = { 0 };
	struct entry_range range = table_entries(&tables, RULE_BYTECODE);

	CHECK_EQ(range.first, 0);
	CHECK_EQ(range.end, 0);
	CHECK_EQ(table_entry(&tables, 0).data_len, 0);
}

TEST("languages out of order give a run of entries that are there")
{
	struct tables tables = { 0 };
	struct guard guard = entries(&tables, "fabzcdaefb");

	for (unsigned language = 0; language < 256; language++) {
		struct entry_range range = table_entries(&tables,
							 (enum rule_language)language);

		CHECK(range.first <= range.end && range.end <= 10);
	}
	guard_free(&guard);
}

TEST("data comes unveiled, and that which is not all there is empty")
{
	struct tables tables = { 0 };
	struct guard data = guard_copy("abc", 3);
	struct entry_record entry = { .data = 1, .data_len = 2 };
	struct arena arena;
	struct slice out;

	arena_init(&arena, 1 << 20);
	veil_apply(data.bytes, data.bytes, 3, 0);
	tables.section[SECTION_ENTRY_DATA] = (struct table){ data.bytes, data.len };
	CHECK_EQ(table_entry_data(&tables, &entry, &arena, &out), STATUS_OK);
	CHECK(slice_is(out, "bc"));
	entry.data_len = 3;
	CHECK_EQ(table_entry_data(&tables, &entry, &arena, &out), STATUS_OK);
	CHECK_EQ(out.len, 0);
	entry = (struct entry_record){ .data = UINT32_MAX, .data_len = UINT32_MAX };
	CHECK_EQ(table_entry_data(&tables, &entry, &arena, &out), STATUS_OK);
	CHECK_EQ(out.len, 0);
	arena_clear(&arena);
	guard_free(&data);
}

TEST("ids of entries follow those of patterns and hashes")
{
	struct tables tables = { 0 };

	tables.section[SECTION_RULES].len = 3 * RULE_RECORD_LEN;
	tables.section[SECTION_HASHES].len = 2 * HASH_RECORD_LEN;
	tables.section[SECTION_TOMBSTONES - 1].len = HASH_RECORD_LEN;
	CHECK_EQ(table_entry_first_id(&tables), 6);
}

TEST_MAIN()
