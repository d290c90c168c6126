/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/tar_header.h"

#include <string.h>

#include "base/checked.h"

enum {
	NAME_LEN = 100,
	SIZE_AT = 124,
	SIZE_LEN = 12,
	KIND_AT = 156,
	MAGIC_AT = 257,
	PREFIX_AT = 345,
	PREFIX_LEN = 155,
	SPARSE_MORE_AT = 482,
};

static bool read_number(struct reader field, uint64_t *out);
static bool read_base256(struct reader field, uint64_t *out);
static enum status join_name(struct slice prefix, struct slice name, struct arena *arena,
			     struct slice *out);
static struct slice field_text(struct reader block, size_t pos, size_t len);
static bool read_record(struct reader *records, struct slice *ret_key,
			struct slice *ret_value);
static void take_record(struct slice key, struct slice value, struct tar_pax *out);
static bool read_decimal(struct slice text, uint64_t *out);

enum status tar_header_read(struct reader block, struct arena *arena,
			    struct tar_header *out)
{
	struct tar_header header = { 0 };
	struct slice prefix = { 0 };
	struct reader field = block;

	/* "ustar" and a NUL; GNU writes blanks there and has other things in the prefix. */
	if (reader_has(&block, MAGIC_AT, (struct slice){ (const uint8_t *)"ustar", 6 }))
		prefix = field_text(block, PREFIX_AT, PREFIX_LEN);
	enum status status = join_name(prefix, field_text(block, 0, NAME_LEN), arena,
				       &header.name);
	if (status != STATUS_OK)
		return status;
	header.kind = (uint8_t)reader_peek(&block, KIND_AT);
	header.is_sparse = header.kind == 'S';
	header.has_more_holes = header.is_sparse &&
				reader_peek(&block, SPARSE_MORE_AT) > 0;
	reader_seek(&field, SIZE_AT);
	if (!read_number(reader_take(&field, SIZE_LEN), &header.size))
		status = STATUS_MALFORMED;
	*out = header;
	return status;
}

enum status tar_pax_read(struct reader records, struct tar_pax *out)
{
	*out = (struct tar_pax){ 0 };
	while (reader_left(&records) > 0) {
		struct slice key, value;

		/* Some writers fill the rest of the block, and count that too. */
		if (reader_peek(&records, records.pos) == 0)
			return STATUS_OK;
		if (!read_record(&records, &key, &value))
			return STATUS_MALFORMED;
		take_record(key, value, out);
	}
	return STATUS_OK;
}

/* Octal digits among blanks and NULs; or, with the top bit set, a binary number. */
static bool read_number(struct reader field, uint64_t *out)
{
	uint64_t value = 0;
	bool has_digits = false;

	if (reader_peek(&field, 0) & 0x80)
		return read_base256(field, out);
	while (reader_left(&field) > 0) {
		uint8_t c = reader_u8(&field);
		if (c >= '0' && c <= '7') {
			value = value << 3 | (c - (unsigned)'0');
			has_digits = true;
		} else if (c != ' ' && c != '\0') {
			return false;
		} else if (has_digits) {
			break;
		}
	}
	*out = value;
	return true;
}

/* The first byte is 0x80, and the rest a number with its large end first. */
static bool read_base256(struct reader field, uint64_t *out)
{
	uint64_t value = reader_u8(&field) & 0x7f;

	while (reader_left(&field) > 0) {
		/* Negative ones, and those above 2^63, are no sizes. */
		if (value >> 55 != 0)
			return false;
		value = value << 8 | reader_u8(&field);
	}
	*out = value;
	return true;
}

static enum status join_name(struct slice prefix, struct slice name, struct arena *arena,
			     struct slice *out)
{
	size_t start = prefix.len > 0 ? prefix.len + 1 : 0;
	uint8_t *text = arena_alloc(arena, start + name.len);

	if (!text)
		return STATUS_NO_MEMORY;
	if (start > 0) {
		memcpy(text, prefix.base, prefix.len);
		text[prefix.len] = '/';
	}
	if (name.len > 0)
		memcpy(&text[start], name.base, name.len);
	*out = (struct slice){ text, start + name.len };
	return STATUS_OK;
}

/* Up to a NUL or the end of the field. */
static struct slice field_text(struct reader block, size_t pos, size_t len)
{
	reader_seek(&block, pos);
	struct slice text = reader_slice(&block, len);
	return (struct slice){ text.base, strnlen((const char *)text.base, text.len) };
}

/* "27 path=folder/file name\n": the length counts all of it. */
static bool read_record(struct reader *records, struct slice *ret_key,
			struct slice *ret_value)
{
	size_t start = records->pos, blank, equals;
	uint64_t len;

	if (!reader_find(records, start, slice_of(" "), &blank))
		return false;
	if (!read_decimal(reader_slice(records, blank - start), &len))
		return false;
	/* A blank, a key of one letter, "=", a newline. */
	if (len > SIZE_MAX || len < blank - start + 4 || len > records->len - start)
		return false;
	reader_seek(records, start);
	struct reader record = reader_take(records, (size_t)len);
	reader_skip(&record, blank - start + 1);
	if (!reader_find(&record, record.pos, slice_of("="), &equals) ||
	    reader_peek(&record, record.len - 1) != '\n')
		return false;
	*ret_key = reader_slice(&record, equals - record.pos);
	reader_skip(&record, 1);
	*ret_value = reader_slice(&record, reader_left(&record) - 1);
	return reader_ok(&record);
}

static void take_record(struct slice key, struct slice value, struct tar_pax *out)
{
	static const char sparse[] = "GNU.sparse.";

	if (slice_is(key, "path") || slice_is(key, "GNU.sparse.name")) {
		out->has_name = true;
		out->name = value;
	} else if (slice_is(key, "size")) {
		out->has_size = read_decimal(value, &out->size);
	}
	/* GNU, Solaris, star */
	if ((key.len > strlen(sparse) && memcmp(key.base, sparse, strlen(sparse)) == 0) ||
	    slice_is(key, "SUN.holesdata") || slice_is(key, "SCHILY.realsize"))
		out->is_sparse = true;
}

static bool read_decimal(struct slice text, uint64_t *out)
{
	uint64_t value = 0;

	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.base[i];
		if (c < '0' || c > '9' || !mul_u64(value, 10, &value) ||
		    !add_u64(value, c - (unsigned)'0', &value))
			return false;
	}
	*out = value;
	return text.len > 0;
}
