/* SPDX-License-Identifier: Apache-2.0 */
#include "zipped.h"

#include <string.h>
#include <zlib.h>

#include "deflated.h"

void zipped_start(struct zipped *zip)
{
	zip->len = zip->listed_count = 0;
}

void zipped_put(struct zipped *zip, const void *bytes, size_t len)
{
	if (len > 0)
		memcpy(zip->bytes + zip->len, bytes, len);
	zip->len += len;
}

void zipped_put_le(struct zipped *zip, uint64_t value, size_t len)
{
	for (; len > 0; len--, value >>= 8)
		zip->bytes[zip->len++] = (uint8_t)value;
}

/* From the flags to the length of the extra field: the same in both records. */
static void put_fields(struct zipped *zip, const struct zipped_record *record)
{
	zipped_put_le(zip, record->flags, 2);
	zipped_put_le(zip, record->method, 2);
	zipped_put_le(zip, 0, 4);
	zipped_put_le(zip, record->crc, 4);
	zipped_put_le(zip, record->packed, 4);
	zipped_put_le(zip, record->size, 4);
	zipped_put_le(zip, strlen(record->name), 2);
	zipped_put_le(zip, record->extra_len, 2);
}

void zipped_local(struct zipped *zip, const struct zipped_record *record)
{
	zipped_put(zip, "PK\3\4\24\0", 6);
	put_fields(zip, record);
	zipped_put(zip, record->name, strlen(record->name));
	zipped_put(zip, record->extra, record->extra_len);
}

static void put_central(struct zipped *zip, const struct zipped_record *record)
{
	zipped_put(zip, "PK\1\2\24\3\24\0", 8);
	put_fields(zip, record);
	zipped_put_le(zip, 0, 2);
	zipped_put_le(zip, record->disk, 2);
	zipped_put_le(zip, 0, 6);
	zipped_put_le(zip, record->offset, 4);
	zipped_put(zip, record->name, strlen(record->name));
	zipped_put(zip, record->extra, record->extra_len);
}

void zipped_list(struct zipped *zip, struct zipped_record entry)
{
	zip->listed[zip->listed_count++] = entry;
}

/* The record of a member with these bytes, and the bytes as they are to be written. */
static struct zipped_record record_of(const struct zipped *zip, const char *name,
				      const char *text, unsigned method,
				      struct deflated *ret_bytes)
{
	*ret_bytes = deflated_bytes(text, strlen(text));
	return (struct zipped_record){
		.name = name,
		.method = method,
		.crc = (uint32_t)crc32(0, ret_bytes->plain, (uInt)ret_bytes->plain_len),
		.packed = (uint32_t)(method ? ret_bytes->packed_len :
					      ret_bytes->plain_len),
		.size = (uint32_t)ret_bytes->plain_len,
		.offset = (uint32_t)zip->len,
	};
}

struct zipped_record *zipped_member(struct zipped *zip, const char *name,
				    const char *text, unsigned method)
{
	struct deflated bytes;
	struct zipped_record record = record_of(zip, name, text, method, &bytes);

	zipped_local(zip, &record);
	zipped_put(zip, method ? bytes.packed : bytes.plain, record.packed);
	deflated_free(&bytes);
	zipped_list(zip, record);
	return &zip->listed[zip->listed_count - 1];
}

struct zipped_record *zipped_streamed(struct zipped *zip, const char *name,
				      const char *text, unsigned method, size_t form)
{
	struct deflated bytes;
	struct zipped_record record = record_of(zip, name, text, method, &bytes);
	struct zipped_record local = record;
	size_t width = form < 20 ? 4 : 8;

	local.crc = local.packed = local.size = 0;
	local.flags = record.flags = 8;
	zipped_local(zip, &local);
	zipped_put(zip, method ? bytes.packed : bytes.plain, record.packed);
	if (form % 8 == 0)
		zipped_put(zip, "PK\7\10", 4);
	zipped_put_le(zip, record.crc, 4);
	zipped_put_le(zip, record.packed, width);
	zipped_put_le(zip, record.size, width);
	deflated_free(&bytes);
	zipped_list(zip, record);
	return &zip->listed[zip->listed_count - 1];
}

void zipped_directory(struct zipped *zip)
{
	zip->directory_at = zip->len;
	for (size_t i = 0; i < zip->listed_count; i++)
		put_central(zip, &zip->listed[i]);
}

void zipped_end(struct zipped *zip, size_t entries, size_t size, size_t offset,
		struct slice comment)
{
	zipped_put(zip, "PK\5\6\0\0\0\0", 8);
	zipped_put_le(zip, entries, 2);
	zipped_put_le(zip, entries, 2);
	zipped_put_le(zip, size, 4);
	zipped_put_le(zip, offset, 4);
	zipped_put_le(zip, comment.len, 2);
	zipped_put(zip, comment.base, comment.len);
}

void zipped_finish(struct zipped *zip)
{
	zipped_directory(zip);
	zipped_end(zip, zip->listed_count, zip->len - zip->directory_at,
		   zip->directory_at, (struct slice){ 0 });
}
