/* SPDX-License-Identifier: Apache-2.0 */
#include "database/marks.h"

#include "base/mix.h"
#include "bytes/reader.h"
#include "bytes/store.h"
#include "rules/languages.h"

uint64_t mark_of(struct slice line)
{
	struct reader reader = reader_of_slice(line);
	uint64_t hash = line.len;

	if (line_is_blank(line))
		return MARK_BLANK;
	while (reader_left(&reader) >= sizeof(uint64_t)) {
		uint64_t low = reader_u32le(&reader);

		hash = mix_u64(hash + 1) ^ (low | (uint64_t)reader_u32le(&reader) << 32);
	}
	while (reader_left(&reader) > 0)
		hash = mix_u64(hash + 1) ^ reader_u8(&reader);
	hash = mix_u64(hash + 1);
	return hash == MARK_BLANK ? 1 : hash;
}

void marks_init(struct marks *marks, struct arena *arena, struct output *output)
{
	marks->output = output;
	marks->file = 0;
	marks->count = 0;
	rows_init(&marks->runs, arena, MARKS_RECORD_LEN);
}

enum status marks_add(struct marks *marks, uint32_t file, uint64_t mark)
{
	enum status status = STATUS_OK;

	if (marks->count == MARKS_RUN || file != marks->file)
		status = marks_end(marks);
	marks->file = file;
	store_u64le(&marks->run[marks->count++ * MARK_LEN], mark);
	return status;
}

enum status marks_end(struct marks *marks)
{
	struct output *output = marks->output;
	uint64_t at = output->at - output->places[SECTION_STRINGS].offset;
	uint8_t record[MARKS_RECORD_LEN];

	if (marks->count == 0)
		return STATUS_OK;
	if (at > UINT32_MAX)
		return STATUS_LIMIT;
	store_u32le(&record[0], marks->file);
	store_u32le(&record[4], (uint32_t)at);
	store_u32le(&record[8], (uint32_t)marks->count);
	output_put(output, marks->run, marks->count * MARK_LEN);
	marks->count = 0;
	return rows_append(&marks->runs, record, 1) ? STATUS_OK : STATUS_NO_MEMORY;
}
