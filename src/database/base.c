/* SPDX-License-Identifier: Apache-2.0 */
#include "database/base.h"

#include "base/checked.h"
#include "bytes/reader.h"
#include "database/marks.h"

enum { FILES_MAX = UINT16_MAX, RUNS_MAX = 16 << 20, SUB_OFFSET_KIND_AT = 18 };

static enum status read_files(struct base *base, struct arena *arena);
static enum status read_name(const struct base *base, struct arena *arena, uint32_t at,
			     struct slice *out);
static enum status read_runs(struct base *base, struct arena *arena);
static enum status read_in(const struct base *base, enum section_id section, uint64_t at,
			   void *bytes, size_t len);
static bool take_run(struct base *base, struct reader *in);

enum status base_open(struct base *base, struct arena *arena, struct source source)
{
	uint8_t head[SEGMENT_SECTIONS_AT];

	*base = (struct base){ .source = source };
	base->piece = arena_alloc(arena, BASE_PIECE);
	if (!base->piece)
		return STATUS_NO_MEMORY;
	enum status status = source_read_all(&source, 0, head, sizeof(head));
	if (status == STATUS_OK)
		status = segment_places((struct slice){ head, sizeof(head) }, source.size,
					base->places);
	if (status == STATUS_TRUNCATED || status == STATUS_MALFORMED)
		return STATUS_UNSUPPORTED;
	if (status == STATUS_OK && base->places[SECTION_TOMBSTONES].len > 0)
		return STATUS_UNSUPPORTED;
	if (status == STATUS_OK)
		status = read_files(base, arena);
	return status == STATUS_OK ? read_runs(base, arena) : status;
}

enum status base_next(struct base_walk *walk, struct reader *out)
{
	const struct base *base = walk->base;
	uint64_t left = base->places[walk->section].len - walk->at;
	size_t room = BASE_PIECE - BASE_PIECE % walk->item_len;
	size_t len = (size_t)min_u64(left - left % walk->item_len, room);

	if (len == 0)
		return STATUS_END;
	enum status status = read_in(base, walk->section, walk->at, base->piece, len);
	if (status != STATUS_OK)
		return status;
	walk->at += len;
	*out = reader_of(base->piece, len);
	return STATUS_OK;
}

enum status base_marks(const struct base *base, uint32_t run, struct reader *out)
{
	const struct marks_record *record = &base->runs[run];
	size_t len = (size_t)record->count * MARK_LEN;
	enum status status = read_in(base, SECTION_STRINGS, record->at, base->piece, len);

	if (status == STATUS_OK)
		*out = reader_of(base->piece, len);
	return status;
}

enum status base_source_rules(const struct base *base, uint32_t source,
			      uint32_t *ret_rules)
{
	uint8_t record[SOURCE_RECORD_LEN];
	struct reader in = reader_of(record, sizeof(record));
	enum status status = read_in(base, SECTION_SOURCES,
				     (uint64_t)source * SOURCE_RECORD_LEN, record,
				     sizeof(record));

	reader_skip(&in, 12);
	if (status == STATUS_OK)
		*ret_rules = reader_u32le(&in);
	return status;
}

enum status base_sub_offset(const struct base *base, uint32_t sub,
			    uint8_t *ret_offset_kind)
{
	return read_in(base, SECTION_SUBS,
		       (uint64_t)sub * SUB_RECORD_LEN + SUB_OFFSET_KIND_AT,
		       ret_offset_kind, 1);
}

/* UNSUPPORTED if the section does not have them. */
static enum status read_in(const struct base *base, enum section_id section, uint64_t at,
			   void *bytes, size_t len)
{
	const struct section_place *place = &base->places[section];

	if (!range_fits(at, len, place->len))
		return STATUS_UNSUPPORTED;
	enum status status = source_read_all(&base->source, place->offset + at, bytes,
					     len);
	return status == STATUS_TRUNCATED ? STATUS_CHANGED : status;
}

static enum status read_files(struct base *base, struct arena *arena)
{
	uint64_t count = base->places[SECTION_FILES].len / FILE_RECORD_LEN;
	uint8_t record[FILE_RECORD_LEN];
	enum status status = STATUS_OK;

	if (count > FILES_MAX)
		return STATUS_UNSUPPORTED;
	base->file_count = (uint32_t)count;
	base->files = arena_new_array(arena, struct base_file, (size_t)count + 1);
	if (!base->files)
		return STATUS_NO_MEMORY;
	for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
		struct reader in = reader_of(record, sizeof(record));
		struct base_file *file = &base->files[i];

		status = read_in(base, SECTION_FILES, (uint64_t)i * FILE_RECORD_LEN,
				 record, sizeof(record));
		if (status == STATUS_OK)
			status = read_name(base, arena, reader_u32le(&in), &file->name);
		file->source = reader_u32le(&in);
		reader_skip(&in, 12);
		file->flags = reader_u32le(&in);
	}
	return status;
}

static enum status read_name(const struct base *base, struct arena *arena, uint32_t at,
			     struct slice *out)
{
	uint8_t head[2];
	struct reader in = reader_of(head, sizeof(head));
	enum status status = read_in(base, SECTION_STRINGS, at, head, sizeof(head));
	size_t len = reader_u16le(&in);

	if (status != STATUS_OK)
		return status;
	uint8_t *text = arena_alloc(arena, max_size(len, 1));
	if (!text)
		return STATUS_NO_MEMORY;
	*out = (struct slice){ text, len };
	return read_in(base, SECTION_STRINGS, (uint64_t)at + sizeof(head), text, len);
}

static enum status read_runs(struct base *base, struct arena *arena)
{
	struct base_walk walk = { base, SECTION_MARKS, MARKS_RECORD_LEN, 0 };
	uint64_t count = base->places[SECTION_MARKS].len / MARKS_RECORD_LEN;
	struct reader in;

	if (count > RUNS_MAX)
		return STATUS_UNSUPPORTED;
	base->runs = arena_new_array(arena, struct marks_record, (size_t)count + 1);
	if (!base->runs)
		return STATUS_NO_MEMORY;
	for (;;) {
		enum status status = base_next(&walk, &in);

		if (status != STATUS_OK)
			return status == STATUS_END ? STATUS_OK : status;
		while (reader_left(&in) > 0)
			if (!take_run(base, &in))
				return STATUS_UNSUPPORTED;
	}
}

/* Those of a file stand together. */
static bool take_run(struct base *base, struct reader *in)
{
	struct marks_record *run = &base->runs[base->run_count];

	run->file = reader_u32le(in);
	run->at = reader_u32le(in);
	run->count = reader_u32le(in);
	if (run->file >= base->file_count || run->count > MARKS_RUN)
		return false;
	struct base_file *file = &base->files[run->file];
	if (file->run_count > 0 && file->run_first + file->run_count != base->run_count)
		return false;
	if (file->run_count == 0)
		file->run_first = base->run_count;
	file->run_count++;
	file->lines += run->count;
	base->lines += run->count;
	base->run_count++;
	return true;
}
