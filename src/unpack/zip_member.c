/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A member's bytes. Behind them, if a flag says that their sizes were not known in time,
 * stands a descriptor, with or without its magic and with numbers of 32 or 64 bits:
 *
 *   "PK" 7 8 (may be missing), CRC-32 (4), packed size (4 or 8), size (4 or 8)
 */
#include "base/checked.h"
#include "unpack/zip_walk.h"

enum { DESCRIPTOR_MAX = 24, SEARCH_PIECE = READAHEAD_PIECE };

static const struct slice magic_start = { (const uint8_t *)"PK", 2 };

static enum status find_end(struct zip *zip, const struct zip_record *record,
			    bool knows_sizes, struct child *child);
static void open_stored(struct zip *zip, const struct zip_record *record,
			struct child *child);
static enum status open_deflated(struct zip *zip, const struct zip_record *record,
				 struct child *child);
static enum status open_encrypted(struct zip *zip, const struct zip_record *record,
				  struct child *child);
static enum status find_stored_end(struct zip *zip, uint64_t data_at, uint64_t *ret_end);
static bool is_record(const struct reader *piece, size_t pos);
static enum status skip_descriptor(struct zip *zip, uint64_t *end);
static size_t descriptor_len(struct reader bytes, uint64_t packed, uint64_t size,
			     const uint32_t *crc);

enum status zip_member_open(struct zip *zip, const struct zip_record *record,
			    uint64_t local_at, bool knows_sizes, struct child *child)
{
	struct zip_member *member = &zip->member;

	zip_member_pass(zip, record, local_at);
	child->has_crc = knows_sizes;
	child->crc = record->crc;
	enum status status = find_end(zip, record, knows_sizes, child);
	if (status != STATUS_OK)
		return status;
	if ((record->flags & ZIP_FLAG_ENCRYPTED) || record->method == ZIP_AES)
		return open_encrypted(zip, record, child);
	if (member->end > zip->unpack->source.size)
		unpack_note(zip->unpack, STATUS_TRUNCATED, local_at);

	bool is_empty = knows_sizes && record->packed == 0 && record->size == 0;
	if (record->method == ZIP_STORED || is_empty)
		open_stored(zip, record, child);
	else if (record->method == ZIP_DEFLATED)
		status = open_deflated(zip, record, child);
	else
		child->problem = STATUS_UNSUPPORTED;
	return status;
}

/* How many bytes it takes, as far as that can be told before they are read. */
static enum status find_end(struct zip *zip, const struct zip_record *record,
			    bool knows_sizes, struct child *child)
{
	struct zip_member *member = &zip->member;
	uint64_t source_size = zip->unpack->source.size;
	uint64_t there = source_size - min_u64(member->data_at, source_size);

	member->knows_end = knows_sizes;
	if (knows_sizes) {
		member->end = add_u64_capped(member->data_at, record->packed);
		child->packed_bytes = min_u64(record->packed, there);
		child->claimed_bytes = record->size;
		return STATUS_OK;
	}
	child->packed_bytes = there;
	child->claimed_bytes = CHILD_SIZE_UNKNOWN;
	if (record->method == ZIP_DEFLATED || there == 0)
		return STATUS_OK;
	enum status status = find_stored_end(zip, member->data_at, &member->end);
	if (status == STATUS_OK) {
		member->size = member->end - member->data_at;
		child->packed_bytes = member->size;
	}
	return status;
}

static void open_stored(struct zip *zip, const struct zip_record *record,
			struct child *child)
{
	const struct zip_member *member = &zip->member;
	uint64_t len = member->end - member->data_at;

	/* Readers differ in which of the two sizes they believe. */
	if (member->knows_end && record->size != len) {
		unpack_note(zip->unpack, STATUS_MALFORMED, member->local_at);
		len = max_u64(len, record->size);
	}
	child->source = source_window(&zip->unpack->source, member->data_at, len);
}

static enum status open_deflated(struct zip *zip, const struct zip_record *record,
				 struct child *child)
{
	enum status status = decoder_restart(zip->decoder, zip->member.data_at);

	if (status != STATUS_OK)
		return status;
	child->is_stream = true;
	child->stream = check_start(&zip->check, decoder_stream(zip->decoder));
	if (zip->member.knows_end)
		check_promise(&zip->check, record->crc, record->size);
	zip->member.decoder = zip->decoder;
	return STATUS_OK;
}

static enum status open_encrypted(struct zip *zip, const struct zip_record *record,
				  struct child *child)
{
	bool is_open = false;
	enum status status = STATUS_OK;

	child->is_encrypted = true;
	if (zip->unlocker && zip->member.knows_end)
		status = zip_unlock(zip, record, &is_open);
	if (status != STATUS_OK || !is_open) {
		child->problem = STATUS_ENCRYPTED;
		return status;
	}
	child->is_stream = true;
	child->stream = zip_unlocked(zip, record);
	zip->check.is_decrypted = true;
	return STATUS_OK;
}

void zip_member_pass(struct zip *zip, const struct zip_record *record, uint64_t local_at)
{
	uint64_t data_at = add_u64_capped(local_at, record->len);

	zip->member = (struct zip_member){
		.is_open = true,
		.local_at = local_at,
		.data_at = data_at,
		.end = data_at,
		.flags = record->flags,
		.crc = record->crc,
		.size = record->size,
	};
}

enum status zip_member_close(struct zip *zip, uint64_t *ret_end)
{
	struct zip_member *member = &zip->member;
	uint64_t end = member->end;
	enum status status = STATUS_OK;

	member->is_open = false;
	if (member->decoder && decoder_is_complete(member->decoder)) {
		/*
		 * The data knows its own end. Beyond what the record says: another reader
		 * would have stopped before. Before it: there may be more in between, and
		 * the gap will be looked at.
		 */
		end = decoder_position(member->decoder);
		if (member->knows_end && end > member->end)
			unpack_note(zip->unpack, STATUS_MALFORMED, member->local_at);
		member->crc = zip->check.crc;
		member->size = zip->check.len;
	}
	if (member->flags & ZIP_FLAG_DESCRIPTOR)
		status = skip_descriptor(zip, &end);
	*ret_end = min_u64(end, zip->unpack->source.size);
	return status;
}

/*
 * Where stored bytes end of which nobody says how many there are: at a descriptor that says
 * so. Records of other members end them too, but they may as well be those of an archive
 * that is stored here; so they count only if there is no such descriptor.
 */
static enum status find_stored_end(struct zip *zip, uint64_t data_at, uint64_t *ret_end)
{
	uint64_t size = zip->unpack->source.size;
	uint64_t other = size;

	for (uint64_t at = data_at; at < size; at += SEARCH_PIECE - DESCRIPTOR_MAX) {
		struct reader piece;
		enum status status = readahead_at(&zip->locals, at, SEARCH_PIECE, &piece);

		if (status != STATUS_OK)
			return status;
		for (size_t pos = 0; reader_find(&piece, pos, magic_start, &pos); pos++) {
			struct reader rest = piece;
			reader_seek(&rest, pos);
			uint64_t len = at + pos - data_at;
			if (descriptor_len(reader_of_slice(reader_rest(&rest)), len, len,
					   NULL) > 0) {
				*ret_end = at + pos;
				return STATUS_OK;
			}
			if (is_record(&piece, pos))
				other = min_u64(other, at + pos);
		}
		/* Many such members must not make us read everything each time. */
		if (zip->search_left == 0 && other < size)
			break;
		zip->search_left -= min_u64(zip->search_left, piece.len);
	}
	*ret_end = other;
	return STATUS_OK;
}

static bool is_record(const struct reader *piece, size_t pos)
{
	return reader_has(piece, pos, slice_of("PK\3\4")) ||
	       reader_has(piece, pos, slice_of("PK\1\2")) ||
	       reader_has(piece, pos, slice_of("PK\5\6")) ||
	       reader_has(piece, pos, slice_of("PK\6\6"));
}

static enum status skip_descriptor(struct zip *zip, uint64_t *end)
{
	const struct zip_member *member = &zip->member;
	struct reader bytes;
	enum status status = readahead_at(&zip->locals, *end, DESCRIPTOR_MAX, &bytes);

	if (status == STATUS_OK)
		*end += descriptor_len(bytes, *end - member->data_at, member->size,
				       &member->crc);
	return status;
}

/*
 * The length of the descriptor at the start of the bytes; 0: it is none for a member with
 * these sizes and, if it is known, this sum.
 */
static size_t descriptor_len(struct reader bytes, uint64_t packed, uint64_t size,
			     const uint32_t *crc)
{
	bool has_magic = reader_has(&bytes, 0, slice_of("PK\7\10"));

	if (has_magic)
		reader_skip(&bytes, 4);
	uint32_t stated_crc = reader_u32le(&bytes);
	/* Without magic and sum it could be anything. */
	if (!has_magic && (!crc || stated_crc != *crc))
		return 0;

	struct reader narrow = bytes;
	if (reader_u32le(&narrow) == (uint32_t)packed &&
	    reader_u32le(&narrow) == (uint32_t)size && reader_ok(&narrow))
		return narrow.pos;
	if (reader_u64le(&bytes) == packed && reader_u64le(&bytes) == size &&
	    reader_ok(&bytes))
		return bytes.pos;
	return 0;
}
