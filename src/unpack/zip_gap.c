/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the directory does not list: members that a reader finds who goes from record to
 * record, and bytes that are no members at all. Members are children like any other;
 * the rest of a gap is a child without a name, unless it is zeros.
 *
 * The bytes before the archive are handed out only if they are of no known type: a program
 * or a document that begins there is the object itself, which has been looked at.
 */
#include "base/checked.h"
#include "unpack/zeros.h"
#include "unpack/zip_walk.h"

enum {
	NEEDS_MAX = 63,                /* the highest version there is: 6.3 */
	SEARCH_MAX = 256 * 1024 * 1024 /* how far the next record is looked for */
};

static enum status close_unlisted(struct zip *zip);
static enum status next_in(struct zip *zip, struct range gap, struct child *child,
			   bool *ret_is_child);
static enum status find_record(struct zip *zip, struct range gap, uint64_t *ret_at);
static bool is_plausible(const struct zip_record *record);
static enum status open_unlisted(struct zip *zip, uint64_t at, struct child *child,
				 bool *ret_is_child);
static enum status hand_out(struct zip *zip, struct range bytes, struct child *child,
			    bool *ret_is_child);
static enum status is_known_prefix(struct zip *zip, struct range bytes, bool *out);

enum status zip_gap_next(struct zip *zip, struct child *child)
{
	bool is_child = false;
	struct range gap;

	if (zip->used_is_full) {
		unpack_note(zip->unpack, STATUS_LIMIT, zip->end.directory.start);
		return STATUS_END;
	}
	enum status status = close_unlisted(zip);
	while (status == STATUS_OK && !is_child) {
		if (!ranges_next_gap(&zip->used, zip->gap_at, zip->unpack->source.size,
				     &gap))
			return STATUS_END;
		status = next_in(zip, gap, child, &is_child);
	}
	return status;
}

/* A member that was handed out of a gap has been read: the gap goes on behind it. */
static enum status close_unlisted(struct zip *zip)
{
	const struct zip_member *member = &zip->member;
	struct range gap;
	uint64_t end;

	if (!member->is_open)
		return STATUS_OK;
	enum status status = zip_member_close(zip, &end);
	if (status != STATUS_OK)
		return status;
	/* It takes bytes that are somebody else's: two readers see two archives. */
	if (!ranges_next_gap(&zip->used, member->local_at, end, &gap) || gap.end < end)
		unpack_note(zip->unpack, STATUS_MALFORMED, member->local_at);
	zip->gap_at = max_u64(end, member->data_at);
	return STATUS_OK;
}

/* Makes a child of the next part of the gap, or passes over it. */
static enum status next_in(struct zip *zip, struct range gap, struct child *child,
			   bool *ret_is_child)
{
	uint64_t first, record_at;
	enum status status = zeros_end(&zip->unpack->source, gap.start, gap.end, &first);

	if (status != STATUS_OK)
		return status;
	zip->gap_at = gap.end;
	if (first == gap.end)
		return STATUS_OK;
	status = find_record(zip, (struct range){ first, gap.end }, &record_at);
	if (status != STATUS_OK)
		return status;
	if (record_at == first)
		return open_unlisted(zip, record_at, child, ret_is_child);
	zip->gap_at = record_at;
	return hand_out(zip, (struct range){ gap.start, record_at }, child, ret_is_child);
}

/* The first record that makes sense, or the end of the gap. */
static enum status find_record(struct zip *zip, struct range gap, uint64_t *ret_at)
{
	uint64_t at = gap.start;

	*ret_at = gap.end;
	while (at < gap.end && at - gap.start < SEARCH_MAX) {
		struct reader piece;
		struct zip_record record;
		size_t len = (size_t)min_u64(gap.end - at, READAHEAD_PIECE), pos;
		enum status status = readahead_at(&zip->locals, at, len, &piece);

		if (status != STATUS_OK)
			return status;
		if (!reader_find(&piece, 0, slice_of("PK\3\4"), &pos)) {
			/* Three bytes of a magic may stand at the end. */
			at += len > 3 ? len - 3 : len;
			continue;
		}
		status = zip_local_read(&zip->locals, at + pos, &record);
		if (status == STATUS_OK && is_plausible(&record)) {
			*ret_at = at + pos;
			return STATUS_OK;
		}
		if (status != STATUS_OK && status != STATUS_TRUNCATED)
			return status;
		at += pos + 1;
	}
	return STATUS_OK;
}

static bool is_plausible(const struct zip_record *record)
{
	bool known = record->method <= 20 ||
		     (record->method >= 92 && record->method <= 99);

	return known && (record->needs & 0xff) <= NEEDS_MAX && record->name.len > 0;
}

static enum status open_unlisted(struct zip *zip, uint64_t at, struct child *child,
				 bool *ret_is_child)
{
	struct zip_record record;
	enum status status = zip_local_read(&zip->locals, at, &record);

	if (status != STATUS_OK)
		return status;
	bool knows_sizes = !(record.flags & ZIP_FLAG_DESCRIPTOR) || record.packed > 0;
	if (knows_sizes && zip_is_folder(&record)) {
		zip->gap_at = add_u64_capped(at, record.len);
		return STATUS_OK;
	}
	if (!arena_copy(zip->unpack->arena, record.name, &child->name))
		return STATUS_NO_MEMORY;
	*ret_is_child = true;
	return zip_member_open(zip, &record, at, knows_sizes, child);
}

static enum status hand_out(struct zip *zip, struct range bytes, struct child *child,
			    bool *ret_is_child)
{
	uint64_t len = bytes.end - bytes.start;

	if (bytes.start == 0) {
		bool is_known;
		/* All of it would be the same object again. */
		if (len == zip->unpack->source.size)
			return STATUS_MALFORMED;
		enum status status = is_known_prefix(zip, bytes, &is_known);
		if (status != STATUS_OK || is_known)
			return status;
	}
	child->source = source_window(&zip->unpack->source, bytes.start, len);
	child->packed_bytes = len;
	child->claimed_bytes = len;
	*ret_is_child = true;
	return STATUS_OK;
}

static enum status is_known_prefix(struct zip *zip, struct range bytes, bool *out)
{
	struct arena_mark mark = arena_mark(zip->unpack->arena);
	struct reader head;
	size_t len = (size_t)min_u64(bytes.end, TYPE_HEAD_LEN);
	enum status status = source_view(&zip->unpack->source, zip->unpack->arena, 0, len,
					 &head);

	if (status == STATUS_OK)
		*out = type_detect(head, reader_of(NULL, 0), bytes.end).primary !=
		       TYPE_BINARY_DATA;
	arena_rewind(zip->unpack->arena, mark);
	return status;
}
