/* SPDX-License-Identifier: Apache-2.0 */
#include "database/segment.h"

#include <string.h>

#include "base/checked.h"
#include "base/text_hash.h"
#include "bytes/reader.h"
#include "bytes/store.h"

enum { CHECKSUM_AT = 24 };

static enum status check_header(struct slice bytes, uint64_t whole_bytes);
static uint64_t checksum(struct slice bytes);
static bool read_entry(struct reader *table, uint64_t size_bytes,
		       bool is_there[SECTION_COUNT],
		       struct section_place out[SECTION_COUNT]);

void segment_head(const struct section_place places[SECTION_COUNT], uint64_t size_bytes,
		  uint8_t out[SEGMENT_SECTIONS_AT])
{
	memset(out, 0, SEGMENT_SECTIONS_AT);
	memcpy(out, SEGMENT_MAGIC, SEGMENT_MAGIC_LEN);
	store_u32le(&out[8], SEGMENT_VERSION);
	store_u32le(&out[12], SECTION_COUNT);
	store_u64le(&out[16], size_bytes);
	for (uint32_t id = 0; id < SECTION_COUNT; id++) {
		uint8_t *entry = &out[SEGMENT_HEADER_LEN + id * SEGMENT_ENTRY_LEN];

		store_u32le(&entry[0], id);
		store_u64le(&entry[8], places[id].offset);
		store_u64le(&entry[16], places[id].len);
	}
	store_u64le(&out[CHECKSUM_AT],
		    checksum((struct slice){ out, SEGMENT_SECTIONS_AT }));
}

enum status segment_places(struct slice head, uint64_t size_bytes,
			   struct section_place out[SECTION_COUNT])
{
	struct section_place places[SECTION_COUNT];
	bool is_there[SECTION_COUNT] = { false };
	struct reader table = reader_of_slice(head);
	enum status status = check_header(head, size_bytes);

	if (status != STATUS_OK)
		return status;
	reader_seek(&table, SEGMENT_HEADER_LEN);
	for (unsigned i = 0; i < SECTION_COUNT; i++)
		if (!read_entry(&table, size_bytes, is_there, places))
			return STATUS_MALFORMED;
	memcpy(out, places, sizeof(places));
	return STATUS_OK;
}

enum status segment_open(struct slice bytes, struct tables *out)
{
	struct section_place places[SECTION_COUNT];
	struct tables tables = { 0 };
	enum status status = segment_places(bytes, bytes.len, places);

	if (status != STATUS_OK)
		return status;
	for (unsigned i = 0; i < SECTION_COUNT; i++) {
		struct reader reader = reader_of_slice(bytes);

		reader_seek(&reader, (size_t)places[i].offset);
		struct slice section = reader_slice(&reader, (size_t)places[i].len);
		if (!reader_ok(&reader))
			return STATUS_MALFORMED;
		tables.section[i] = (struct table){ section.base, section.len };
	}
	*out = tables;
	return STATUS_OK;
}

static enum status check_header(struct slice bytes, uint64_t whole_bytes)
{
	struct slice magic = { (const uint8_t *)SEGMENT_MAGIC, SEGMENT_MAGIC_LEN };
	struct reader header = reader_of_slice(bytes);

	if (bytes.len < SEGMENT_MAGIC_LEN || !reader_has(&header, 0, magic))
		return STATUS_MALFORMED;
	reader_skip(&header, SEGMENT_MAGIC_LEN);
	uint32_t version = reader_u32le(&header);
	uint32_t count = reader_u32le(&header);
	uint64_t size_bytes = reader_u64le(&header);
	uint64_t sum = reader_u64le(&header);

	if (!reader_ok(&header))
		return STATUS_TRUNCATED;
	if (version != SEGMENT_VERSION)
		return STATUS_UNSUPPORTED;
	if (bytes.len < SEGMENT_SECTIONS_AT)
		return STATUS_TRUNCATED;
	bytes.len = SEGMENT_SECTIONS_AT;
	if (count != SECTION_COUNT || sum != checksum(bytes))
		return STATUS_MALFORMED;
	return size_bytes <= whole_bytes ? STATUS_OK : STATUS_TRUNCATED;
}

/* Of header and table, but for the eight bytes that hold it. */
static uint64_t checksum(struct slice bytes)
{
	struct reader reader = reader_of_slice(bytes);
	uint64_t hash = text_hash(TEXT_HASH_START, reader_slice(&reader, CHECKSUM_AT));

	reader_skip(&reader, 8);
	return text_hash(hash, reader_rest(&reader));
}

static bool read_entry(struct reader *table, uint64_t size_bytes,
		       bool is_there[SECTION_COUNT],
		       struct section_place out[SECTION_COUNT])
{
	uint32_t id = reader_u32le(table);
	uint32_t reserved = reader_u32le(table);
	uint64_t offset = reader_u64le(table);
	uint64_t len = reader_u64le(table);

	if (!reader_ok(table) || id >= SECTION_COUNT || reserved != 0 ||
	    offset % SEGMENT_ALIGN != 0 || !range_fits(offset, len, size_bytes) ||
	    is_there[id])
		return false;
	is_there[id] = true;
	out[id] = (struct section_place){ offset, len };
	return true;
}
