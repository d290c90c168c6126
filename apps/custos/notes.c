/* SPDX-License-Identifier: Apache-2.0 */
#include "notes.h"

#include <stdio.h>
#include <stdlib.h>

#include "bytes/reader.h"
#include "bytes/store.h"
#include "host/counted_text.h"
#include "memory.h"

/* The next scan with the same settings comes to the same. */
static const bool is_lasting[REASON_COUNT] = {
	[REASON_SIZE] = true,    [REASON_FILES] = true,       [REASON_DEPTH] = true,
	[REASON_BYTES] = true,   [REASON_RATIO] = true,       [REASON_PASSWORD] = true,
	[REASON_DAMAGED] = true, [REASON_UNSUPPORTED] = true, [REASON_VOLUMES] = true,
};

static void write_gap(const struct result_gap *gap, FILE *out);
static void write_u32(uint32_t value, FILE *out);
static void write_u64(uint64_t value, FILE *out);
static bool read_gap(struct reader *notes, struct result_gap *out);
static bool read_names(struct reader *notes, struct result_object *out);

bool notes_write(const struct result *result, struct slice *ret_notes)
{
	char *bytes = NULL;
	size_t len;
	FILE *out;

	*ret_notes = (struct slice){ 0 };
	if (result->gaps_more > 0)
		return false;
	for (unsigned i = 0; i < REASON_COUNT; i++)
		if (result->tally.n[TALLY_REASONS + i] > 0 && !is_lasting[i])
			return false;
	if (result->gap_count == 0)
		return true;
	out = open_memstream(&bytes, &len);
	if (!out)
		return false;
	for (size_t i = 0; i < result->gap_count; i++)
		write_gap(&result->gaps[i], out);
	if (fclose(out) != 0) {
		free(bytes);
		return false;
	}
	*ret_notes = (struct slice){ (const uint8_t *)bytes, len };
	return true;
}

bool notes_read(struct slice notes, struct result *result)
{
	struct reader reader = reader_of_slice(notes);

	while (reader_left(&reader) > 0) {
		struct result_gap gap;

		if (!read_gap(&reader, &gap)) {
			result_gap_clear(&gap);
			return false;
		}
		if (result)
			result_take_gap(result, &gap);
		else
			result_gap_clear(&gap);
	}
	return true;
}

static void write_gap(const struct result_gap *gap, FILE *out)
{
	const struct result_object *object = &gap->object;

	fputc((int)gap->reason, out);
	write_u32(object->serial, out);
	write_u64(object->size_bytes, out);
	write_u64(gap->offset, out);
	counted_text_write(out, slice_of(object->type ? object->type : ""));
	counted_text_write(out, slice_of(gap->detail));
	write_u32((uint32_t)object->count, out);
	for (size_t i = 0; i < object->count; i++)
		counted_text_write(out, object->names[i]);
}

static void write_u32(uint32_t value, FILE *out)
{
	uint8_t bytes[sizeof(value)];

	store_u32le(bytes, value);
	fwrite(bytes, 1, sizeof(bytes), out);
}

static void write_u64(uint64_t value, FILE *out)
{
	uint8_t bytes[sizeof(value)];

	store_u64le(bytes, value);
	fwrite(bytes, 1, sizeof(bytes), out);
}

/* To be cleared in any case. */
static bool read_gap(struct reader *notes, struct result_gap *out)
{
	uint8_t reason = reader_u8(notes);
	struct slice type;
	enum file_type number;

	*out = (struct result_gap){ .reason = reason };
	out->object.serial = reader_u32le(notes);
	out->object.size_bytes = reader_u64le(notes);
	out->offset = reader_u64le(notes);
	type = counted_text_read(notes);
	out->detail = memory_text(counted_text_read(notes));
	if (!read_names(notes, &out->object) || reason >= REASON_COUNT ||
	    !is_lasting[reason])
		return false;
	if (type.len == 0)
		return true;
	if (!type_parse(type, &number))
		return false;
	out->object.type = type_name(number);
	return true;
}

static bool read_names(struct reader *notes, struct result_object *out)
{
	uint32_t count = reader_u32le(notes);

	/* Each has its length at least. */
	if (!reader_ok(notes) || count > reader_left(notes) / sizeof(uint32_t))
		return false;
	out->names = memory_zeroed(count, sizeof(*out->names));
	for (size_t i = 0; i < count; i++) {
		struct slice name = counted_text_read(notes);

		out->names[i] = (struct slice){
			(const uint8_t *)memory_text(name),
			name.len,
		};
		out->count++;
	}
	return reader_ok(notes);
}
