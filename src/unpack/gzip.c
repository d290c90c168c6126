/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gzip (RFC 1952): one or more members, each a header, deflated data and a trailer.
 *
 *   offset  size  field
 *   0       2     1f 8b
 *   2       1     method, 8
 *   3       1     flags: 1 text, 2 header CRC, 4 extra field, 8 name, 16 comment
 *   4       4     time of the file
 *   8       1     what the packer did
 *   9       1     system
 *   10      -     extra field: its length (2) and bytes          if flag 4
 *           -     name, ends with a NUL                          if flag 8
 *           -     comment, ends with a NUL                       if flag 16
 *           2     low half of the CRC-32 of the header so far    if flag 2
 *           -     deflated data
 *           4     CRC-32 of the data
 *           4     length of the data, modulo 2^32
 *
 * Members follow each other without a gap, and gzip(1) makes one file of them all: so do
 * we. What follows the last member is not gzip's; gzip(1) skips zeros there and warns
 * of anything else, we hand it out as a second child.
 */
#include "unpack/gzip.h"

#include <zlib.h>

#include "base/checked.h"
#include "bytes/readahead.h"
#include "codec/decoder.h"
#include "codec/inflate.h"
#include "unpack/check.h"
#include "unpack/zeros.h"

enum {
	FLAG_HEADER_CRC = 2,
	FLAG_EXTRA = 4,
	FLAG_NAME = 8,
	FLAG_COMMENT = 16,
	FLAGS_RESERVED = 0xe0,
	HEADER_LEN = 10,
	TRAILER_LEN = 8,
	CHUNK = 4096,
	NAME_KEPT_MAX = 1024,
};

struct gzip {
	struct unpack *unpack;
	struct readahead headers;
	struct decoder *decoder;
	struct check check;   /* of the member being read */
	struct stream member; /* its bytes, checked */
	uint8_t *name;        /* the first member's: NAME_KEPT_MAX bytes */
	size_t name_len;
	uint64_t body_at;  /* where the first member's data begins */
	uint64_t tail_at;  /* behind the last member, once that is known */
	enum status ended; /* what every read says once it is not OK */
	bool is_damaged;   /* a trailer was wrong: told at the end */
	unsigned children; /* handed out so far */
};

static enum status gzip_open(struct unpack *unpack, void **state);
static enum status gzip_next(void *state, struct child *child);
static enum status read_header(struct gzip *gzip, uint64_t at, uint64_t *ret_end);
static enum status skip_text(struct gzip *gzip, uint64_t *pos, bool keep);
static enum status check_header_crc(struct gzip *gzip, uint64_t at, uint64_t end);
static enum status start_member(struct gzip *gzip, uint64_t body_at);
static enum status gzip_read(void *state, uint8_t *buffer, size_t len, size_t *ret_len);
static uint64_t gzip_taken(const void *state);
static enum status end_member(struct gzip *gzip);
static enum status hand_out_tail(struct gzip *gzip, struct child *child);

const struct unpacker gzip_unpacker = {
	.type = TYPE_GZ,
	.name = "gzip",
	.open = gzip_open,
	.next = gzip_next,
};

static enum status gzip_open(struct unpack *unpack, void **state)
{
	struct gzip *gzip = arena_new(unpack->arena, struct gzip);

	if (!gzip)
		return STATUS_NO_MEMORY;
	gzip->unpack = unpack;
	gzip->name = arena_alloc(unpack->arena, NAME_KEPT_MAX);
	if (!gzip->name)
		return STATUS_NO_MEMORY;
	enum status status = readahead_init(&gzip->headers, unpack->arena, unpack->source,
					    CHUNK);
	if (status == STATUS_OK)
		status = read_header(gzip, 0, &gzip->body_at);
	if (status == STATUS_OK)
		status = decoder_open(unpack->arena, &inflate_codec, NULL, unpack->source,
				      &gzip->decoder);
	if (status == STATUS_OK)
		*state = gzip;
	return status;
}

static enum status gzip_next(void *state, struct child *child)
{
	struct gzip *gzip = state;

	switch (gzip->children++) {
	case 0:
		gzip->ended = start_member(gzip, gzip->body_at);
		child->name = (struct slice){ gzip->name, gzip->name_len };
		child->is_stream = true;
		child->stream = (struct stream){ .read = gzip_read,
						 .taken = gzip_taken,
						 .state = gzip };
		child->packed_bytes = gzip->unpack->source.size;
		child->claimed_bytes = CHILD_SIZE_UNKNOWN;
		return STATUS_OK;
	case 1:
		return hand_out_tail(gzip, child);
	default:
		return STATUS_END;
	}
}

/*
 *   OK          *ret_end is where the data begins
 *   MALFORMED   no member begins here
 *   TRUNCATED   one does, but its header is not all there
 */
static enum status read_header(struct gzip *gzip, uint64_t at, uint64_t *ret_end)
{
	struct reader header;
	enum status status = readahead_at(&gzip->headers, at, HEADER_LEN, &header);
	uint64_t pos = at + HEADER_LEN;

	if (status != STATUS_OK)
		return status;
	if (reader_u16be(&header) != 0x1f8b || reader_u8(&header) != 8)
		return STATUS_MALFORMED;
	uint8_t flags = reader_u8(&header);
	/* gzip(1) refuses a file that uses them; another reader may not. */
	if (flags & FLAGS_RESERVED)
		unpack_note(gzip->unpack, STATUS_MALFORMED, at);

	if (flags & FLAG_EXTRA) {
		status = readahead_at(&gzip->headers, pos, 2, &header);
		pos += 2U + reader_u16le(&header);
	}
	if (status == STATUS_OK && (flags & FLAG_NAME))
		status = skip_text(gzip, &pos, at == 0);
	if (status == STATUS_OK && (flags & FLAG_COMMENT))
		status = skip_text(gzip, &pos, false);
	if (status == STATUS_OK && (flags & FLAG_HEADER_CRC)) {
		status = check_header_crc(gzip, at, pos);
		pos += 2;
	}
	if (status != STATUS_OK)
		return status;
	if (pos > gzip->unpack->source.size)
		return STATUS_TRUNCATED;
	*ret_end = pos;
	return STATUS_OK;
}

/* Moves *pos behind the next NUL. The format sets no limit to how far away that is. */
static enum status skip_text(struct gzip *gzip, uint64_t *pos, bool keep)
{
	for (;;) {
		struct reader piece;
		size_t len;
		enum status status = readahead_at(&gzip->headers, *pos, CHUNK, &piece);

		if (status != STATUS_OK)
			return status;
		if (reader_left(&piece) == 0)
			return STATUS_TRUNCATED;
		bool has_end = reader_find(
			&piece, 0, (struct slice){ (const uint8_t *)"", 1 }, &len);
		if (!has_end)
			len = reader_left(&piece);
		if (keep) {
			size_t kept = min_size(len, NAME_KEPT_MAX - gzip->name_len);
			reader_bytes(&piece, &gzip->name[gzip->name_len], kept);
			gzip->name_len += kept;
		}
		*pos += len;
		if (has_end) {
			*pos += 1;
			return STATUS_OK;
		}
	}
}

static enum status check_header_crc(struct gzip *gzip, uint64_t at, uint64_t end)
{
	uint64_t pos = at;
	uint32_t crc = 0;
	struct reader piece;

	while (pos < end) {
		size_t len = (size_t)min_u64(end - pos, CHUNK);
		enum status status = readahead_at(&gzip->headers, pos, len, &piece);

		if (status != STATUS_OK)
			return status;
		struct slice bytes = reader_rest(&piece);
		if (bytes.len == 0)
			return STATUS_TRUNCATED;
		crc = (uint32_t)crc32_z(crc, bytes.base, bytes.len);
		pos += bytes.len;
	}
	enum status status = readahead_at(&gzip->headers, end, 2, &piece);
	if (status == STATUS_OK && reader_u16le(&piece) != (crc & 0xffff))
		unpack_note(gzip->unpack, STATUS_MALFORMED, at);
	return status;
}

static enum status start_member(struct gzip *gzip, uint64_t body_at)
{
	enum status status = decoder_restart(gzip->decoder, body_at);

	gzip->member = check_start(&gzip->check, decoder_stream(gzip->decoder));
	return status;
}

/* The bytes of all members, one after the other. */
static enum status gzip_read(void *state, uint8_t *buffer, size_t len, size_t *ret_len)
{
	struct gzip *gzip = state;

	*ret_len = 0;
	while (gzip->ended == STATUS_OK && *ret_len == 0) {
		enum status status = stream_read(&gzip->member, buffer, len, ret_len);
		if (status == STATUS_END)
			status = end_member(gzip);
		gzip->ended = status;
	}
	return gzip->ended;
}

/* All that is before the decoder: members come one after the other. */
static uint64_t gzip_taken(const void *state)
{
	const struct gzip *gzip = state;

	return decoder_position(gzip->decoder);
}

/*
 * Checks the trailer and begins the next member.
 *   OK                    there is one
 *   END, MALFORMED        that was the last; the latter if a trailer was wrong
 *   TRUNCATED             the trailer is not all there
 */
static enum status end_member(struct gzip *gzip)
{
	uint64_t at = decoder_position(gzip->decoder);
	uint64_t body_at;
	struct reader trailer;
	enum status status = readahead_at(&gzip->headers, at, TRAILER_LEN, &trailer);

	if (status != STATUS_OK)
		return status;
	uint32_t crc = reader_u32le(&trailer);
	uint32_t len = reader_u32le(&trailer);
	if (!reader_ok(&trailer))
		return STATUS_TRUNCATED;
	if (crc != gzip->check.crc || len != (uint32_t)gzip->check.len)
		gzip->is_damaged = true;

	status = read_header(gzip, at + TRAILER_LEN, &body_at);
	if (status == STATUS_OK)
		return start_member(gzip, body_at);
	/* A header that is cut short is the tail's, like everything else. */
	if (status != STATUS_MALFORMED && status != STATUS_TRUNCATED)
		return status;
	gzip->tail_at = at + TRAILER_LEN;
	return gzip->is_damaged ? STATUS_MALFORMED : STATUS_END;
}

/* What follows the last member; zeros are padding (tapes and disks have whole blocks). */
static enum status hand_out_tail(struct gzip *gzip, struct child *child)
{
	const struct source *source = &gzip->unpack->source;
	uint64_t first;

	/* Nobody read to the end, so nobody knows where it is. */
	if (gzip->tail_at == 0)
		return STATUS_END;
	enum status status = zeros_end(source, gzip->tail_at, source->size, &first);
	if (status != STATUS_OK)
		return status;
	if (first == source->size)
		return STATUS_END;
	child->source = source_window(source, gzip->tail_at, UINT64_MAX);
	child->packed_bytes = child->source.size;
	child->claimed_bytes = child->source.size;
	return STATUS_OK;
}
