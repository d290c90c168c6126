/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file: where its parts are, whether it is signed, and the script out of it. What the
 * script does is script.c's.
 */
#include "cvd/diff.h"

#include "base/checked.h"
#include "bytes/reader.h"
#include "cvd/field.h"
#include "cvd/signature.h"
#include "unpack/gzip.h"

enum { HEAD_MAX = 64, SIGNATURE_MAX = 350, PIECE_LEN = 64 * 1024 };

/* Where things are in the file. */
struct parts {
	uint64_t script_at;
	uint64_t script_size; /* before it was packed */
	uint64_t signed_len;  /* up to the last colon */
	struct slice signature;
};

static enum status find_parts(struct cvd_diff *diff, const struct source *source,
			      struct arena *arena, struct parts *out);
static enum status verify(struct cvd_diff *diff, const struct source *source,
			  const struct parts *parts, struct digest_state *digest);
static enum status unpack(struct cvd_diff *diff, const struct source *source,
			  const struct parts *parts, struct arena *arena);

static enum status refuse(struct cvd_diff *diff, const char *reason)
{
	diff->reason = reason;
	return STATUS_MALFORMED;
}

enum status cvd_diff_open(struct cvd_diff *diff, struct source source,
			  struct arena *arena, struct digest_state *digest)
{
	struct parts parts;

	*diff = (struct cvd_diff){ 0 };
	enum status status = find_parts(diff, &source, arena, &parts);
	/* Before a byte of it is unpacked. */
	if (status == STATUS_OK)
		status = verify(diff, &source, &parts, digest);
	if (status == STATUS_OK)
		status = unpack(diff, &source, &parts, arena);
	return status;
}

static enum status find_parts(struct cvd_diff *diff, const struct source *source,
			      struct arena *arena, struct parts *out)
{
	uint64_t tail_len = min_u64(source->size, SIGNATURE_MAX + 1);
	struct slice fields[3];
	struct reader head, tail;
	uint64_t version;
	size_t colon;
	enum status status = source_view(source, arena, 0, HEAD_MAX, &head);

	if (status == STATUS_OK)
		status = source_view(source, arena, source->size - tail_len,
				     (size_t)tail_len, &tail);
	if (status != STATUS_OK)
		return status;
	if (field_split(reader_rest(&head), ':', fields, 3) < 4 ||
	    !slice_is(fields[0], "ClamAV-Diff") ||
	    !field_number(fields[1], UINT32_MAX, &version) ||
	    !field_number(fields[2], CVD_SCRIPT_MAX, &out->script_size))
		return refuse(diff, "it has no header of ClamAV's differences");
	out->script_at = fields[0].len + fields[1].len + fields[2].len + 3;
	if (!reader_find_last(&tail, tail.len, slice_of(":"), &colon) ||
	    source->size - tail_len + colon <= out->script_at)
		return refuse(diff, "it has no signature");
	out->signed_len = source->size - tail_len + colon;
	reader_seek(&tail, colon + 1);
	out->signature = reader_rest(&tail);
	while (out->signature.len > 0 &&
	       out->signature.base[out->signature.len - 1] == '\n')
		out->signature.len--;
	diff->version = (uint32_t)version;
	return STATUS_OK;
}

static enum status verify(struct cvd_diff *diff, const struct source *source,
			  const struct parts *parts, struct digest_state *digest)
{
	struct source text = source_window(source, 0, parts->signed_len);
	struct digest digests[DIGEST_COUNT];
	uint8_t piece[8192];
	size_t got = 1;
	enum status status = digest_start(digest, DIGEST_BIT_SHA256);

	for (uint64_t at = 0; status == STATUS_OK && got > 0; at += got) {
		status = source_read(&text, at, piece, sizeof(piece), &got);
		digest_update(digest, piece, got);
	}
	digest_finish(digest, digests);
	if (status == STATUS_OK)
		status = cvd_signature_of_sha256(&cvd_keys[CVD_KEY_DIFF],
						 parts->signature,
						 &digests[DIGEST_SHA256], digest);
	if (status == STATUS_MALFORMED)
		return refuse(diff, "not signed by ClamAV");
	return status;
}

static void on_note(void *context, enum status status, uint64_t offset)
{
	(void)status;
	(void)offset;
	*(bool *)context = true;
}

static enum status unpack(struct cvd_diff *diff, const struct source *source,
			  const struct parts *parts, struct arena *arena)
{
	bool is_damaged = false;
	struct unpack unpack = {
		.source = source_window(source, parts->script_at,
					parts->signed_len - parts->script_at),
		.arena = arena,
		.note = on_note,
		.note_context = &is_damaged,
	};
	size_t room = (size_t)parts->script_size + 1, len = 0;
	uint8_t *script = arena_alloc(arena, room);
	struct child child = { 0 };
	void *state;

	if (!script)
		return STATUS_NO_MEMORY;
	enum status status = gzip_unpacker.open(&unpack, &state);
	if (status == STATUS_OK)
		status = gzip_unpacker.next(state, &child);
	while (status == STATUS_OK && len < room) {
		size_t got;

		status = stream_read(&child.stream, &script[len], room - len, &got);
		len += got;
	}
	if (status == STATUS_NO_MEMORY || status == STATUS_CHANGED || status == STATUS_IO)
		return status;
	if (status != STATUS_END || is_damaged || len != parts->script_size)
		return refuse(diff, "its script is damaged");
	diff->script = (struct slice){ script, len };
	return STATUS_OK;
}
