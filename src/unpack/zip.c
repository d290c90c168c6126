/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zip (PKWARE's APPNOTE): members, each with a record before it (zip_record.c), then a
 * directory with a second record of each, then the end (zip_end.c).
 *
 *   [other bytes] local record, bytes, [descriptor], local record, …, directory, end
 *
 * Readers begin at the end, or at the start; they believe the one record or the other;
 * they take offsets to count from the start of the file or of the archive. Where an
 * archive says one thing in one place and another elsewhere, two readers see two archives.
 * So we read all of it: first what the directory lists, then what lies between (members
 * that it does not list, and bytes that are no members). Contradictions are notes.
 *
 * Memory does not grow with members: the directory is read through a window, and of the
 * places that are accounted for only those are kept that are no neighbours (ranges.h).
 */
#include "unpack/zip.h"

#include "base/checked.h"
#include "codec/inflate.h"
#include "unpack/zip_walk.h"

enum {
	RANGES_MAX = 128 * 1024, /* 2 MiB, for an archive that is all in disorder */
	RANGES_BESIDE = 16,      /* for what is not a member */
	SEARCH_MAX = 256 * 1024 * 1024,
};

static enum status zip_open(struct unpack *unpack, void **state);
static enum status find_end(struct zip *zip);
static enum status begins_as_zip(struct zip *zip);
static enum status account_for_end(struct zip *zip);
static enum status is_plain_text(struct zip *zip, struct range range, bool *out);
static enum status zip_next(void *state, struct child *child);
static enum status close_listed(struct zip *zip);
static enum status next_entry(struct zip *zip, struct child *child, bool *ret_is_child);
static void leave_directory(struct zip *zip);
static enum status open_listed(struct zip *zip, struct zip_record *entry,
			       struct child *child, bool *ret_is_child);
static enum status find_local(struct zip *zip, const struct zip_record *entry,
			      uint64_t *ret_at, struct zip_record *local);
static bool agree(const struct zip_record *entry, const struct zip_record *local);

const struct unpacker zip_unpacker = {
	.type = TYPE_ZIP,
	.name = "zip",
	.open = zip_open,
	.next = zip_next,
};

static enum status zip_open(struct unpack *unpack, void **state)
{
	struct zip *zip = arena_new(unpack->arena, struct zip);

	if (!zip)
		return STATUS_NO_MEMORY;
	zip->unpack = unpack;
	zip->search_left = SEARCH_MAX;
	enum status status = readahead_init(&zip->entries, unpack->arena, unpack->source,
					    ZIP_RECORD_MAX);
	if (status == STATUS_OK)
		status = readahead_init(&zip->locals, unpack->arena, unpack->source,
					ZIP_RECORD_MAX);
	if (status == STATUS_OK)
		status = decoder_open(unpack->arena, &inflate_codec, NULL, unpack->source,
				      &zip->decoder);
	if (status == STATUS_OK)
		status = zip_unlock_init(zip);
	if (status == STATUS_OK)
		status = find_end(zip);
	if (status == STATUS_OK)
		*state = zip;
	return status;
}

/* Without a directory all that is left is to look for members one by one. */
static enum status find_end(struct zip *zip)
{
	struct reader start;
	enum status status = readahead_at(&zip->locals, 0, 4, &start);

	if (status != STATUS_OK)
		return status;
	zip->is_spanned = reader_has(&start, 0, slice_of("PK\7\10")) ||
			  reader_has(&start, 0, slice_of("PK00"));

	enum status found = zip_end_find(zip->unpack, &zip->end);
	uint64_t at = zip->end.records.start;
	if (found == STATUS_OK) {
		if (zip->end.shift <= at)
			zip->unpack->archive = (struct extent){
				zip->end.shift, zip->end.records.end - zip->end.shift
			};
		zip->in_directory = true;
		zip->entry_at = zip->end.directory.start;
		return account_for_end(zip);
	}
	if (found == STATUS_END) {
		found = STATUS_TRUNCATED;
		at = zip->unpack->source.size;
	} else if (found != STATUS_MALFORMED && found != STATUS_VOLUMES) {
		return found;
	}
	/* What does not begin like one either is none. */
	status = begins_as_zip(zip);
	if (status != STATUS_OK)
		return status;
	unpack_note(zip->unpack, zip->is_spanned ? STATUS_VOLUMES : found, at);
	return account_for_end(zip);
}

/* A member's record, or the start of one. */
static enum status begins_as_zip(struct zip *zip)
{
	struct zip_record first;
	enum status status = zip_local_read(&zip->locals, zip->is_spanned ? 4 : 0,
					    &first);

	return status == STATUS_TRUNCATED ? STATUS_OK : status;
}

static enum status account_for_end(struct zip *zip)
{
	const struct zip_end *end = &zip->end;
	uint64_t entries = (end->directory.end - end->directory.start) / ZIP_CENTRAL_LEN;
	size_t room = (size_t)min_u64(entries + RANGES_BESIDE, RANGES_MAX);
	enum status status = ranges_init(&zip->used, zip->unpack->arena, room);
	bool is_text = false;

	if (status == STATUS_OK)
		status = is_plain_text(zip, end->comment, &is_text);
	if (status != STATUS_OK)
		return status;
	zip_account(zip, end->records.start, end->records.end);
	if (is_text)
		zip_account(zip, end->comment.start, end->comment.end);
	/* The mark of an archive of several volumes. */
	if (zip->is_spanned)
		zip_account(zip, 0, 4);
	if (!zip->in_directory)
		ranges_settle(&zip->used);
	return STATUS_OK;
}

/* A comment of words is part of the archive; other bytes there may be anything. */
static enum status is_plain_text(struct zip *zip, struct range range, bool *out)
{
	struct reader text;
	enum status status = readahead_at(&zip->locals, range.start,
					  (size_t)(range.end - range.start), &text);

	*out = status == STATUS_OK;
	while (reader_left(&text) > 0 && *out) {
		uint8_t c = reader_u8(&text);
		*out = c >= ' ' || c == '\t' || c == '\n' || c == '\r';
	}
	return status;
}

static enum status zip_next(void *state, struct child *child)
{
	struct zip *zip = state;
	struct arena_mark mark = arena_mark(zip->unpack->arena);
	enum status status = STATUS_OK;
	bool is_child = false;

	if (zip->member.is_open && zip->in_directory)
		status = close_listed(zip);
	while (status == STATUS_OK && zip->in_directory && !is_child) {
		/* Any number of folders may come before a file. */
		arena_rewind(zip->unpack->arena, mark);
		status = next_entry(zip, child, &is_child);
	}
	if (status != STATUS_OK || is_child)
		return status;
	return zip_gap_next(zip, child);
}

static enum status close_listed(struct zip *zip)
{
	uint64_t end;
	enum status status = zip_member_close(zip, &end);

	if (status == STATUS_OK)
		zip_account(zip, zip->member.local_at, end);
	return status;
}

static enum status next_entry(struct zip *zip, struct child *child, bool *ret_is_child)
{
	struct zip_record entry;

	if (zip->entry_at >= zip->end.directory.end) {
		leave_directory(zip);
		return STATUS_OK;
	}
	enum status status = zip_central_read(&zip->entries, zip->entry_at, &entry);
	if (status == STATUS_MALFORMED || status == STATUS_TRUNCATED) {
		unpack_note(zip->unpack, STATUS_MALFORMED, zip->entry_at);
		leave_directory(zip);
		return STATUS_OK;
	}
	if (status != STATUS_OK)
		return status;
	zip->entry_at += entry.len;
	zip->entries_seen++;
	return open_listed(zip, &entry, child, ret_is_child);
}

static void leave_directory(struct zip *zip)
{
	const struct zip_end *end = &zip->end;

	zip->in_directory = false;
	zip_account(zip, end->directory.start,
		    min_u64(zip->entry_at, end->directory.end));
	/* Without zip64 the number of entries is stated modulo 65,536. */
	if (((zip->entries_seen ^ end->entries) & 0xffff) != 0)
		unpack_note(zip->unpack, STATUS_MALFORMED, end->records.start);
	ranges_settle(&zip->used);
	/* Two members in the same bytes: a bomb, or a trick. */
	if (zip->used.overlap)
		unpack_note(zip->unpack, STATUS_MALFORMED, zip->used.overlap_at);
}

static enum status open_listed(struct zip *zip, struct zip_record *entry,
			       struct child *child, bool *ret_is_child)
{
	uint64_t entry_at = zip->entry_at - entry->len, local_at;
	struct zip_record local;

	if (!arena_copy(zip->unpack->arena, entry->name, &child->name))
		return STATUS_NO_MEMORY;
	enum status status = find_local(zip, entry, &local_at, &local);
	if (status == STATUS_MALFORMED || status == STATUS_TRUNCATED) {
		if (entry->disk != zip->end.volume)
			status = STATUS_VOLUMES;
		else
			unpack_note(zip->unpack, status, entry_at);
		child->problem = status;
		child->claimed_bytes = entry->size;
		*ret_is_child = true;
		return STATUS_OK;
	}
	if (status != STATUS_OK)
		return status;
	if (!agree(entry, &local))
		unpack_note(zip->unpack, STATUS_MALFORMED, local_at);
	entry->len = local.len;
	if (zip_is_folder(entry)) {
		child->is_folder = true;
		*ret_is_child = true;
		zip_member_pass(zip, entry, local_at);
		return close_listed(zip);
	}
	*ret_is_child = true;
	return zip_member_open(zip, entry, local_at, true, child);
}

static enum status find_local(struct zip *zip, const struct zip_record *entry,
			      uint64_t *ret_at, struct zip_record *local)
{
	*ret_at = entry->local_at + zip->end.shift;
	enum status status = zip_local_read(&zip->locals, *ret_at, local);

	/* Some writers count from the start of the file although the archive begins later. */
	if (status == STATUS_MALFORMED && zip->end.shift != 0) {
		*ret_at = entry->local_at;
		status = zip_local_read(&zip->locals, *ret_at, local);
	}
	return status;
}

/* In everything that decides how a reader takes the bytes? */
static bool agree(const struct zip_record *entry, const struct zip_record *local)
{
	bool is_unset = local->crc == 0 && local->packed == 0 && local->size == 0;

	if (entry->method != local->method || !slice_equal(entry->name, local->name) ||
	    ((entry->flags ^ local->flags) & ZIP_FLAG_ENCRYPTED) != 0)
		return false;
	/* The sizes may have been unknown when the local record was written. */
	if (is_unset || (local->flags & ZIP_FLAG_DESCRIPTOR))
		return true;
	return entry->crc == local->crc && entry->packed == local->packed &&
	       entry->size == local->size;
}

void zip_account(struct zip *zip, uint64_t start, uint64_t end)
{
	if (!ranges_add(&zip->used, start, end))
		zip->used_is_full = true;
}
