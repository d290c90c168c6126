/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end record, followed by the archive's comment, and before it, in archives with large
 * numbers, two more (zip64):
 *
 *   offset  size  end record            offset  size  zip64 end record
 *   0       4     "PK" 5 6              0       4     "PK" 6 6
 *   4       2     this volume           4       8     size of what follows
 *   6       2     the directory's       12      4     versions
 *   8       2     entries here          16      4     this volume
 *   10      2     entries in all        20      4     the directory's
 *   12      4     directory's size      24      8     entries here
 *   16      4     directory's offset    32      8     entries in all
 *   20      2     length of comment     40      8     directory's size
 *                                       48      8     directory's offset
 *   zip64 locator, 20 bytes: "PK" 6 7, volume (4), offset of the zip64 end record (8),
 *   volumes (4)
 *
 * Offsets count from the start of the archive, which need not be that of the file: other
 * bytes may stand before it, a program that unpacks it for one. Most readers take the
 * directory to end where the end record begins, and so find out how many.
 */
#include "unpack/zip_end.h"

#include "base/checked.h"
#include "type/zip_sign.h"

enum {
	LOCATOR_LEN = 20,
	ZIP64_LEN = 56,
	TAIL_LEN = ZIP_END_LEN + 65535 + LOCATOR_LEN + ZIP64_LEN,
	/* A comment may be full of end records. What none of them lists is found anyway. */
	TRIES = 32,
};

struct stated {
	uint32_t volume, directory_volume;
	uint64_t entries, size, offset;
};

static enum status try_end(struct unpack *unpack, uint64_t at, struct zip_end *out);
static enum status take_zip64(struct unpack *unpack, uint64_t end_at,
			      struct stated *stated, uint64_t *ret_first);
static enum status read_zip64(struct unpack *unpack, uint64_t at, struct stated *stated,
			      bool *ret_found);
static enum status has_directory(struct unpack *unpack, uint64_t at, uint64_t size,
				 uint64_t before, bool *out);

enum status zip_end_find(struct unpack *unpack, struct zip_end *ret)
{
	uint64_t size = unpack->source.size;
	uint64_t tail_at = size - min_u64(size, TAIL_LEN);
	enum status result = STATUS_END;
	struct reader tail;
	size_t pos = SIZE_MAX;
	struct arena_mark mark = arena_mark(unpack->arena);
	enum status status = source_view(&unpack->source, unpack->arena, tail_at,
					 TAIL_LEN, &tail);

	for (int i = 0; status == STATUS_OK && i < TRIES; i++) {
		struct zip_end found = { 0 };

		if (!zip_find_end(tail, pos, &pos))
			break;
		status = try_end(unpack, tail_at + pos, &found);
		if (status == STATUS_OK) {
			*ret = found;
			result = STATUS_OK;
			break;
		}
		if (status != STATUS_MALFORMED && status != STATUS_VOLUMES)
			break;
		/* The last one of them is the one to speak of. */
		if (result == STATUS_END) {
			*ret = found;
			result = status;
		}
		status = STATUS_OK;
	}
	arena_rewind(unpack->arena, mark);
	return status == STATUS_OK ? result : status;
}

static enum status try_end(struct unpack *unpack, uint64_t at, struct zip_end *out)
{
	struct stated stated = { 0 };
	uint8_t bytes[ZIP_END_LEN];
	enum status status = source_read_all(&unpack->source, at, bytes, sizeof(bytes));
	struct reader end = reader_of(bytes, sizeof(bytes));

	if (status != STATUS_OK)
		return status;
	reader_skip(&end, 4);
	stated.volume = reader_u16le(&end);
	stated.directory_volume = reader_u16le(&end);
	reader_skip(&end, 2);
	stated.entries = reader_u16le(&end);
	stated.size = reader_u32le(&end);
	stated.offset = reader_u32le(&end);
	uint64_t comment_len = reader_u16le(&end);

	out->records = (struct range){ at, at + ZIP_END_LEN };
	out->comment = (struct range){ at + ZIP_END_LEN, at + ZIP_END_LEN + comment_len };
	status = take_zip64(unpack, at, &stated, &out->records.start);
	if (status != STATUS_OK)
		return status;
	out->entries = stated.entries;
	out->volume = stated.volume;

	bool found = false;
	uint64_t before = out->records.start;
	uint64_t directory_at = before - min_u64(before, stated.size);
	status = has_directory(unpack, directory_at, stated.size, before, &found);
	if (status == STATUS_OK && !found) {
		directory_at = stated.offset;
		status = has_directory(unpack, directory_at, stated.size, before, &found);
	}
	if (status != STATUS_OK)
		return status;
	if (!found)
		return stated.volume != stated.directory_volume ? STATUS_VOLUMES :
								  STATUS_MALFORMED;
	out->directory = (struct range){ directory_at, directory_at + stated.size };
	out->shift = directory_at - stated.offset;
	return STATUS_OK;
}

/* Where the end record's numbers are all ones, those of the zip64 record count. */
static enum status take_zip64(struct unpack *unpack, uint64_t end_at,
			      struct stated *stated, uint64_t *ret_first)
{
	uint8_t bytes[LOCATOR_LEN];
	uint64_t locator_at = end_at - LOCATOR_LEN;
	bool found = false;

	if (end_at < LOCATOR_LEN)
		return STATUS_OK;
	enum status status = source_read_all(&unpack->source, locator_at, bytes,
					     sizeof(bytes));
	struct reader locator = reader_of(bytes, sizeof(bytes));
	if (status != STATUS_OK || reader_u32le(&locator) != 0x07064b50)
		return status;
	*ret_first = locator_at;

	/* Just before the locator, whatever stands before the archive; or where it says. */
	reader_skip(&locator, 4);
	uint64_t record_at = reader_u64le(&locator);
	if (locator_at >= ZIP64_LEN) {
		status = read_zip64(unpack, locator_at - ZIP64_LEN, stated, &found);
		if (found)
			*ret_first = locator_at - ZIP64_LEN;
	}
	if (status == STATUS_OK && !found && record_at < locator_at) {
		status = read_zip64(unpack, record_at, stated, &found);
		if (found)
			*ret_first = record_at;
	}
	return status;
}

static enum status read_zip64(struct unpack *unpack, uint64_t at, struct stated *stated,
			      bool *ret_found)
{
	uint8_t bytes[ZIP64_LEN] = { 0 };
	size_t got;
	enum status status = source_read(&unpack->source, at, bytes, sizeof(bytes), &got);
	struct reader record = reader_of(bytes, sizeof(bytes));

	if (status != STATUS_OK || reader_u32le(&record) != 0x06064b50)
		return status;
	*ret_found = true;
	reader_seek(&record, 16);
	uint32_t volume = reader_u32le(&record);
	uint32_t directory_volume = reader_u32le(&record);
	reader_skip(&record, 8);
	uint64_t entries = reader_u64le(&record);
	uint64_t size = reader_u64le(&record);
	uint64_t offset = reader_u64le(&record);
	if (stated->volume == UINT16_MAX)
		stated->volume = volume;
	if (stated->directory_volume == UINT16_MAX)
		stated->directory_volume = directory_volume;
	if (stated->entries == UINT16_MAX)
		stated->entries = entries;
	if (stated->size == UINT32_MAX)
		stated->size = size;
	if (stated->offset == UINT32_MAX)
		stated->offset = offset;
	return STATUS_OK;
}

/* Does a directory of that size, which may be none, lie there? */
static enum status has_directory(struct unpack *unpack, uint64_t at, uint64_t size,
				 uint64_t before, bool *out)
{
	uint8_t bytes[4];

	*out = false;
	if (!range_fits(at, size, before))
		return STATUS_OK;
	*out = size == 0;
	if (size < sizeof(bytes))
		return STATUS_OK;
	enum status status = source_read_all(&unpack->source, at, bytes, sizeof(bytes));
	*out = bytes[0] == 'P' && bytes[1] == 'K' && bytes[2] == 1 && bytes[3] == 2;
	return status;
}
