/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In the directory, 46 bytes:              In front of the bytes, 30 bytes:
 *
 *   offset  size  field                      offset  size  field
 *   0       4     "PK" 1 2                   0       4     "PK" 3 4
 *   4       2     version that wrote it
 *   6       2     version needed             4       2     version needed
 *   8       2     flags                      6       2     flags
 *   10      2     method                     8       2     method
 *   12      4     time and date              10      4     time and date
 *   16      4     CRC-32                     14      4     CRC-32
 *   20      4     packed size                18      4     packed size
 *   24      4     size                       22      4     size
 *   28      2     length of the name         26      2     length of the name
 *   30      2     of the extra field         28      2     of the extra field
 *   32      2     of the comment
 *   34      2     volume
 *   36      6     attributes
 *   42      4     offset of the other
 *
 * Then name, extra field, comment. What does not fit in its 32 (volume: 16) bits is all
 * ones there and stands in the extra field 1 (zip64), which has, in this order, those of
 * size, packed size, offset and volume that are all ones.
 */
#include "unpack/zip_record.h"

enum { ZIP64_FIELD = 1, AES_FIELD = 0x9901 };

static void read_fields(struct reader *record, struct zip_record *out);
static void read_extra(struct reader extra, struct zip_record *out);
static void read_zip64(struct reader field, struct zip_record *out);
static void read_aes(struct reader field, struct zip_record *out);

enum status zip_central_read(struct readahead *ahead, uint64_t at, struct zip_record *out)
{
	struct zip_record record = { 0 };
	struct reader in;
	enum status status = readahead_at(ahead, at, ZIP_CENTRAL_LEN, &in);

	if (status != STATUS_OK)
		return status;
	if (!reader_has(&in, 0, slice_of("PK\1\2")))
		return STATUS_MALFORMED;
	reader_seek(&in, 6);
	read_fields(&in, &record);
	uint16_t name_len = reader_u16le(&in);
	uint16_t extra_len = reader_u16le(&in);
	uint16_t comment_len = reader_u16le(&in);
	record.disk = reader_u16le(&in);
	reader_skip(&in, 6);
	record.local_at = reader_u32le(&in);
	if (!reader_ok(&in))
		return STATUS_TRUNCATED;

	status = readahead_at(ahead, at, (size_t)ZIP_CENTRAL_LEN + name_len + extra_len,
			      &in);
	if (status != STATUS_OK)
		return status;
	reader_skip(&in, ZIP_CENTRAL_LEN);
	record.name = reader_slice(&in, name_len);
	struct reader extra = reader_take(&in, extra_len);
	if (!reader_ok(&in))
		return STATUS_TRUNCATED;
	read_extra(extra, &record);
	record.len = (uint64_t)ZIP_CENTRAL_LEN + name_len + extra_len + comment_len;
	*out = record;
	return STATUS_OK;
}

enum status zip_local_read(struct readahead *ahead, uint64_t at, struct zip_record *out)
{
	struct zip_record record = { 0 };
	struct reader in;
	enum status status = readahead_at(ahead, at, ZIP_LOCAL_LEN, &in);

	if (status != STATUS_OK)
		return status;
	if (!reader_has(&in, 0, slice_of("PK\3\4")))
		return STATUS_MALFORMED;
	reader_seek(&in, 4);
	read_fields(&in, &record);
	uint16_t name_len = reader_u16le(&in);
	uint16_t extra_len = reader_u16le(&in);
	if (!reader_ok(&in))
		return STATUS_TRUNCATED;

	record.len = (uint64_t)ZIP_LOCAL_LEN + name_len + extra_len;
	status = readahead_at(ahead, at, (size_t)record.len, &in);
	if (status != STATUS_OK)
		return status;
	reader_skip(&in, ZIP_LOCAL_LEN);
	record.name = reader_slice(&in, name_len);
	struct reader extra = reader_take(&in, extra_len);
	if (!reader_ok(&in))
		return STATUS_TRUNCATED;
	read_extra(extra, &record);
	*out = record;
	return STATUS_OK;
}

bool zip_is_folder(const struct zip_record *record)
{
	return record->packed == 0 && record->size == 0 && record->name.len > 0 &&
	       record->name.base[record->name.len - 1] == '/';
}

/* From the version needed to the size: the same in both. */
static void read_fields(struct reader *record, struct zip_record *out)
{
	out->needs = reader_u16le(record);
	out->flags = reader_u16le(record);
	out->method = reader_u16le(record);
	out->time = reader_u16le(record);
	reader_skip(record, 2);
	out->crc = reader_u32le(record);
	out->packed = reader_u32le(record);
	out->size = reader_u32le(record);
}

static void read_extra(struct reader extra, struct zip_record *out)
{
	bool is_known = false;

	while (reader_left(&extra) >= 4) {
		uint16_t id = reader_u16le(&extra);
		struct reader field = reader_take(&extra, reader_u16le(&extra));

		if (id == ZIP64_FIELD && !is_known)
			read_zip64(field, out);
		is_known |= id == ZIP64_FIELD;
		if (id == AES_FIELD && out->aes.strength == 0)
			read_aes(field, out);
	}
}

static void read_zip64(struct reader field, struct zip_record *out)
{
	if (out->size == UINT32_MAX && reader_left(&field) >= 8)
		out->size = reader_u64le(&field);
	if (out->packed == UINT32_MAX && reader_left(&field) >= 8)
		out->packed = reader_u64le(&field);
	if (out->local_at == UINT32_MAX && reader_left(&field) >= 8)
		out->local_at = reader_u64le(&field);
	if (out->disk == UINT16_MAX && reader_left(&field) >= 4)
		out->disk = reader_u32le(&field);
}

/* Version, "AE", strength, method. */
static void read_aes(struct reader field, struct zip_record *out)
{
	struct zip_aes aes = { .version = reader_u16le(&field) };
	bool is_winzip = reader_u16le(&field) == ('A' | 'E' << 8);

	aes.strength = reader_u8(&field);
	aes.method = reader_u16le(&field);
	if (reader_ok(&field) && is_winzip)
		out->aes = aes;
}
