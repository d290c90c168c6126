/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every access makes a reader over the one table and reads from it: what is not
 * there is zero. Records are decoded field by field, which compilers turn into
 * plain loads.
 */
#include "match/tables.h"

#include "base/checked.h"
#include "match/veil.h"

static struct reader table_reader(const struct tables *tables, enum section_id id);

struct rule_record table_rule(const struct tables *tables, uint32_t index)
{
	struct reader in = table_record(tables, SECTION_RULES, index, RULE_RECORD_LEN);
	struct rule_record rule;

	rule.name = reader_u32le(&in);
	rule.text = reader_u32le(&in);
	rule.condition = reader_u32le(&in);
	rule.condition_len = reader_u32le(&in);
	rule.expression = reader_u32le(&in);
	rule.expression_len = reader_u32le(&in);
	rule.sub_first = reader_u32le(&in);
	rule.sub_count = reader_u16le(&in);
	rule.file = reader_u16le(&in);
	rule.line = reader_u32le(&in);
	rule.target = reader_u8(&in);
	rule.language = reader_u8(&in);
	rule.flags = reader_u16le(&in);
	return rule;
}

struct sub_record table_sub(const struct tables *tables, uint32_t index)
{
	struct reader in = table_record(tables, SECTION_SUBS, index, SUB_RECORD_LEN);
	struct sub_record sub;

	sub.data = reader_u32le(&in);
	sub.data_len = reader_u32le(&in);
	sub.offset_value = reader_u32le(&in);
	sub.offset_shift = reader_u32le(&in);
	sub.offset_section = reader_u16le(&in);
	sub.offset_kind = reader_u8(&in);
	sub.kind = reader_u8(&in);
	sub.flags = reader_u16le(&in);
	sub.reserved = reader_u16le(&in);
	sub.reserved2 = reader_u64le(&in);
	return sub;
}

struct hash_record table_hash(const struct tables *tables, enum section_id id,
			      uint32_t index)
{
	struct reader in = table_record(tables, id, index, HASH_RECORD_LEN);
	struct hash_record hash;

	hash.size = reader_u32le(&in);
	hash.name = reader_u32le(&in);
	hash.line = reader_u32le(&in);
	hash.file = reader_u16le(&in);
	hash.flags = reader_u16le(&in);
	return hash;
}

struct macro_record table_macro(const struct tables *tables, uint32_t index)
{
	struct reader in = table_record(tables, SECTION_MACROS, index, MACRO_RECORD_LEN);
	struct macro_record macro;

	macro.source = reader_u32le(&in);
	macro.sub = reader_u32le(&in);
	macro.group = reader_u8(&in);
	macro.target = reader_u8(&in);
	macro.reserved = reader_u16le(&in);
	return macro;
}

struct image_record table_image(const struct tables *tables, uint32_t index)
{
	struct reader in = table_record(tables, SECTION_IMAGES, index, IMAGE_RECORD_LEN);
	struct image_record image;

	image.hash = reader_u64le(&in);
	image.rule = reader_u32le(&in);
	return image;
}

struct reader table_record(const struct tables *tables, enum section_id id,
			   uint32_t index, size_t record_len)
{
	struct reader table = table_reader(tables, id);
	size_t offset;

	if (!mul_size(index, record_len, &offset))
		offset = SIZE_MAX;
	reader_seek(&table, offset);
	return reader_take(&table, record_len);
}

size_t table_count(const struct tables *tables, enum section_id id, size_t record_len)
{
	return tables->section[id].len / record_len;
}

uint16_t table_u16(const struct tables *tables, enum section_id id, size_t offset)
{
	struct reader in = table_reader(tables, id);

	reader_seek(&in, offset);
	return reader_u16le(&in);
}

uint32_t table_u32(const struct tables *tables, enum section_id id, size_t offset)
{
	struct reader in = table_reader(tables, id);

	reader_seek(&in, offset);
	return reader_u32le(&in);
}

uint64_t table_u64(const struct tables *tables, enum section_id id, size_t offset)
{
	struct reader in = table_reader(tables, id);

	reader_seek(&in, offset);
	return reader_u64le(&in);
}

struct slice table_bytes(const struct tables *tables, enum section_id id, size_t offset,
			 size_t len)
{
	struct reader in = table_reader(tables, id);

	reader_seek(&in, offset);
	return reader_slice(&in, len);
}

struct slice table_string(const struct tables *tables, uint32_t offset)
{
	struct reader in = table_reader(tables, SECTION_STRINGS);

	reader_seek(&in, offset);
	uint16_t len = reader_u16le(&in);
	return reader_slice(&in, len);
}

enum status table_sub_data(const struct tables *tables, const struct sub_record *sub,
			   struct arena *arena, struct slice *out)
{
	struct slice veiled = table_bytes(tables, SECTION_PROGRAMS, sub->data,
					  sub->data_len);
	uint8_t *bytes = arena_alloc(arena, veiled.len);

	if (!bytes)
		return STATUS_NO_MEMORY;
	veil_apply(bytes, veiled.base, veiled.len, sub->data);
	*out = (struct slice){ bytes, veiled.len };
	return STATUS_OK;
}

size_t table_veiled_string(const struct tables *tables, uint32_t offset, char *buffer,
			   size_t size)
{
	struct slice veiled = table_string(tables, offset);
	size_t len = min_size(veiled.len, size - 1);

	veil_apply((uint8_t *)buffer, veiled.base, len, (uint64_t)offset + 2);
	buffer[len] = '\0';
	return veiled.len;
}

static struct reader table_reader(const struct tables *tables, enum section_id id)
{
	return reader_of(tables->section[id].base, tables->section[id].len);
}
