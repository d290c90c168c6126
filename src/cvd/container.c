/* SPDX-License-Identifier: Apache-2.0 */
#include "cvd/container.h"

#include "base/checked.h"
#include "bytes/reader.h"
#include "cvd/signature.h"
#include "unpack/gzip.h"

enum { PIECE_LEN = 64 * 1024 };

static enum status refuse(struct cvd *cvd, const char *reason, struct slice detail);
static enum status check_header(struct cvd *cvd);
static enum status hash_body(struct cvd *cvd, struct digest *out);
static enum status list_members(struct cvd *cvd);
static enum status read_member(struct cvd *cvd, struct cvd_member *member);
static enum status check_list(struct cvd *cvd);
static enum status compare_members(struct cvd *cvd);
static enum status open_body(struct cvd *cvd);
static enum status read_plain(void *state, uint8_t *buffer, size_t len, size_t *ret_len);
static enum status read_body(void *state, uint8_t *buffer, size_t len, size_t *ret_len);
static enum status read_checked(void *state, uint8_t *buffer, size_t len,
				size_t *ret_len);
static void on_note(void *context, enum status status, uint64_t offset);

static const struct slice nothing = { NULL, 0 };

bool cvd_kind_of(struct slice file_name, enum cvd_kind *out)
{
	static const char *const endings[CVD_KINDS] = {
		[CVD_PUBLISHED] = ".cvd",
		[CVD_PATCHED] = ".cld",
		[CVD_UNSIGNED] = ".cud",
	};
	struct reader reader = reader_of_slice(file_name);

	if (file_name.len < 4)
		return false;
	reader_seek(&reader, file_name.len - 4);
	struct slice ending = reader_rest(&reader);
	for (unsigned i = 0; i < CVD_KINDS; i++) {
		if (!slice_is_nocase(ending, endings[i]))
			continue;
		*out = (enum cvd_kind)i;
		return true;
	}
	return false;
}

enum status cvd_open(struct cvd *cvd, enum cvd_kind kind, struct source source,
		     struct arena *arena, struct digest_state *digest)
{
	struct reader head = reader_of(cvd->head, CVD_HEADER_LEN);
	struct slice line;

	*cvd = (struct cvd){
		.kind = kind,
		.source = source,
		.arena = arena,
		.digest = digest,
	};
	enum status status = source_read_all(&source, 0, cvd->head, CVD_HEADER_LEN);
	if (status == STATUS_TRUNCATED)
		return refuse(cvd, "too short to be a container", nothing);
	if (status != STATUS_OK)
		return status;
	if (!reader_line(&head, &line) ||
	    cvd_header_read(line, &cvd->header) != STATUS_OK)
		return refuse(cvd, "it has no header of ClamAV's databases", nothing);
	cvd->members = arena_new_array(arena, struct cvd_member, CVD_MEMBERS_MAX);
	cvd->info_text = arena_alloc(arena, CVD_INFO_BYTES_MAX);
	return cvd->members && cvd->info_text ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status cvd_check(struct cvd *cvd)
{
	enum status status = STATUS_OK;

	/* Before a byte of it is unpacked. */
	if (cvd->kind == CVD_PUBLISHED && !cvd->voucher.is_there)
		status = check_header(cvd);
	if (status == STATUS_OK)
		status = list_members(cvd);
	if (status == STATUS_OK)
		status = check_list(cvd);
	if (status == STATUS_OK)
		status = compare_members(cvd);
	cvd->is_checked = status == STATUS_OK;
	return status;
}

enum status cvd_start(struct cvd *cvd)
{
	cvd->mark = arena_mark(cvd->arena);
	cvd->next = 0;
	cvd->is_damaged = false;
	cvd->ended = STATUS_END;
	enum status status = open_body(cvd);
	tape_init(&cvd->tape, (struct stream){ .read = read_body, .state = cvd });
	return status;
}

enum status cvd_next(struct cvd *cvd, size_t *ret_index)
{
	enum status status = tape_next(&cvd->tape);

	/* It was good when it was checked. */
	if (status == STATUS_MALFORMED || status == STATUS_TRUNCATED)
		return STATUS_CHANGED;
	if (status != STATUS_OK)
		return status;
	if (cvd->next == cvd->member_count ||
	    !slice_equal(cvd->tape.name, cvd->members[cvd->next].name))
		return STATUS_CHANGED;
	status = digest_start(cvd->digest, DIGEST_BIT_SHA256);
	cvd->ended = status;
	*ret_index = cvd->next++;
	return status;
}

struct stream cvd_stream(struct cvd *cvd)
{
	return (struct stream){ .read = read_checked, .state = cvd };
}

void cvd_finish(struct cvd *cvd)
{
	arena_rewind(cvd->arena, cvd->mark);
}

/* For `return refuse(...)`. */
static enum status refuse(struct cvd *cvd, const char *reason, struct slice detail)
{
	cvd->reason = reason;
	cvd->detail = detail;
	return STATUS_MALFORMED;
}

static enum status check_header(struct cvd *cvd)
{
	struct digest said, is;

	if (!digest_parse(cvd->header.md5, &said))
		return refuse(cvd, "its header holds no MD5", nothing);
	enum status status = hash_body(cvd, &is);
	if (status != STATUS_OK)
		return status;
	if (!digest_equal(&said, &is))
		return refuse(cvd, "damaged: its bytes have not the MD5 of its header",
			      nothing);
	status = cvd_signature_of_md5(&cvd_keys[CVD_KEY_HEADER], cvd->header.signature,
				      &is);
	if (status == STATUS_MALFORMED)
		return refuse(cvd, "not signed by ClamAV (header)", nothing);
	return status;
}

static enum status hash_body(struct cvd *cvd, struct digest *out)
{
	struct digest digests[DIGEST_COUNT];
	struct arena_mark mark = arena_mark(cvd->arena);
	uint8_t *piece = arena_alloc(cvd->arena, PIECE_LEN);
	uint64_t at = CVD_HEADER_LEN;

	if (!piece)
		return STATUS_NO_MEMORY;
	enum status status = digest_start(cvd->digest, DIGEST_BIT_MD5);
	while (status == STATUS_OK) {
		size_t got;

		status = source_read(&cvd->source, at, piece, PIECE_LEN, &got);
		if (status != STATUS_OK || got == 0)
			break;
		digest_update(cvd->digest, piece, got);
		at += got;
	}
	digest_finish(cvd->digest, digests);
	arena_rewind(cvd->arena, mark);
	*out = digests[DIGEST_MD5];
	return status;
}

/* Behind the archive's end, to that of gzip, with its sum. END, or what is wrong. */
static enum status pass_over_rest(struct cvd *cvd)
{
	uint8_t piece[4096];
	enum status status = STATUS_OK;
	size_t got;

	while (status == STATUS_OK)
		status = read_body(cvd, piece, sizeof(piece), &got);
	return status;
}

/* All members with their digests, and the text of the list. */
static enum status list_members(struct cvd *cvd)
{
	enum status status = cvd_start(cvd);

	while (status == STATUS_OK) {
		struct cvd_member *member = &cvd->members[cvd->member_count];

		status = tape_next(&cvd->tape);
		if (status == STATUS_MALFORMED)
			(void)refuse(cvd, cvd->tape.reason, nothing);
		if (status != STATUS_OK)
			break;
		if (cvd->member_count == CVD_MEMBERS_MAX) {
			status = refuse(cvd, "too many members", nothing);
			break;
		}
		cvd->member_count++;
		status = read_member(cvd, member);
	}
	if (status == STATUS_END)
		status = pass_over_rest(cvd);
	cvd_finish(cvd);
	if (status == STATUS_END && cvd->is_damaged)
		status = STATUS_MALFORMED;
	if (status == STATUS_END && cvd->member_count == 0)
		return refuse(cvd, "empty", nothing);
	if (status == STATUS_END)
		return STATUS_OK;
	if (status == STATUS_TRUNCATED)
		return refuse(cvd, "cut short", nothing);
	/* Of gzip, without a reason of its own. */
	if (status == STATUS_MALFORMED && !cvd->reason)
		return refuse(cvd, "its body is damaged", nothing);
	return status;
}

static bool is_known(const struct cvd *cvd, const struct cvd_member *member)
{
	for (size_t i = 0; i + 1 < cvd->member_count; i++)
		if (slice_equal(cvd->members[i].name, member->name))
			return true;
	return false;
}

/* The member that the tape stands at. */
static enum status read_member(struct cvd *cvd, struct cvd_member *member)
{
	struct stream bytes = tape_member(&cvd->tape);
	struct digest digests[DIGEST_COUNT];
	bool keep = cvd_info_is_name(cvd->tape.name);
	uint8_t piece[4096];

	memcpy(member->name_bytes, cvd->tape.name.base, cvd->tape.name.len);
	member->name = (struct slice){ member->name_bytes, cvd->tape.name.len };
	member->size = cvd->tape.size;
	if (is_known(cvd, member))
		return refuse(cvd, "a member is there twice", member->name);
	if (keep && (cvd->info_len > 0 || member->size > CVD_INFO_BYTES_MAX))
		return refuse(cvd, "its list of members is too long, or there are two",
			      member->name);
	enum status status = digest_start(cvd->digest, DIGEST_BIT_SHA256);
	while (status == STATUS_OK) {
		size_t got;

		status = stream_read(&bytes, piece, sizeof(piece), &got);
		digest_update(cvd->digest, piece, got);
		if (keep && got > 0)
			memcpy(&cvd->info_text[cvd->info_len], piece, got);
		if (keep)
			cvd->info_len += got;
	}
	digest_finish(cvd->digest, digests);
	member->sha256 = digests[DIGEST_SHA256];
	return status == STATUS_END ? STATUS_OK : status;
}

/* Its list tells nothing that somebody else does not vouch for, or nobody vouches. */
static bool needs_no_list(const struct cvd *cvd)
{
	return cvd->kind == CVD_UNSIGNED || cvd->voucher.is_there;
}

static enum status check_list(struct cvd *cvd)
{
	if (cvd->info_len == 0 && needs_no_list(cvd)) {
		cvd->info.header = cvd->header;
		return STATUS_OK;
	}
	if (cvd->info_len == 0)
		return refuse(cvd, "it has no list of its members", nothing);
	enum status status = cvd_info_read(
		(struct slice){ cvd->info_text, cvd->info_len }, cvd->arena, &cvd->info);
	if (status == STATUS_MALFORMED || status == STATUS_LIMIT)
		return refuse(cvd, "its list of members is damaged", nothing);
	if (status != STATUS_OK)
		return status;
	/* The header of a patched container is signed by nobody. */
	if (cvd->info.header.version != cvd->header.version)
		return refuse(cvd, "its header and its list name two versions", nothing);
	if (needs_no_list(cvd))
		return STATUS_OK;
	status = cvd_info_verify(&cvd->info, cvd->digest);
	if (status == STATUS_MALFORMED)
		return refuse(cvd, "not signed by ClamAV (list of members)", nothing);
	return status;
}

static bool may_be_unlisted(const struct cvd *cvd, struct slice name)
{
	return cvd->info_len == 0 || cvd_info_is_name(name) || slice_is(name, "COPYING");
}

static enum status compare_members(struct cvd *cvd)
{
	size_t found = 0;

	for (size_t i = 0; i < cvd->member_count; i++) {
		struct cvd_member *member = &cvd->members[i];
		const struct cvd_info_member *said = cvd_info_find(&cvd->info,
								   member->name);

		if (!said && !may_be_unlisted(cvd, member->name))
			return refuse(cvd, "a member that its list does not name",
				      member->name);
		if (!said)
			continue;
		if (said->size != member->size ||
		    !digest_equal(&said->sha256, &member->sha256))
			return refuse(cvd, "a member is not the one that its list names",
				      member->name);
		member->is_listed = true;
		found++;
	}
	for (size_t i = 0; found < cvd->info.member_count; i++) {
		bool is_there = false;

		for (size_t m = 0; m < cvd->member_count; m++)
			is_there |= slice_equal(cvd->members[m].name,
						cvd->info.members[i].name);
		if (!is_there)
			return refuse(cvd, "a member that its list names is not there",
				      cvd->info.members[i].name);
	}
	return STATUS_OK;
}

static enum status open_body(struct cvd *cvd)
{
	struct source body = source_window(&cvd->source, CVD_HEADER_LEN, UINT64_MAX);
	struct child child = { 0 };
	uint8_t sign[2] = { 0 };
	void *state;
	size_t got;
	enum status status = source_read(&body, 0, sign, sizeof(sign), &got);

	cvd->body_at = 0;
	cvd->body = (struct stream){ .read = read_plain, .state = cvd };
	if (status != STATUS_OK || sign[0] != 0x1f || sign[1] != 0x8b)
		return status;
	cvd->unpack = (struct unpack){
		.source = body,
		.arena = cvd->arena,
		.note = on_note,
		.note_context = cvd,
	};
	status = gzip_unpacker.open(&cvd->unpack, &state);
	if (status == STATUS_OK)
		status = gzip_unpacker.next(state, &child);
	if (status == STATUS_OK)
		cvd->body = child.stream;
	return status;
}

static enum status read_plain(void *state, uint8_t *buffer, size_t len, size_t *ret_len)
{
	struct cvd *cvd = state;
	enum status status = source_read(&cvd->source, CVD_HEADER_LEN + cvd->body_at,
					 buffer, len, ret_len);

	if (status == STATUS_OK && *ret_len == 0)
		return STATUS_END;
	return status;
}

/* The unpacked body, up to its limit. */
static enum status read_body(void *state, uint8_t *buffer, size_t len, size_t *ret_len)
{
	struct cvd *cvd = state;

	*ret_len = 0;
	if (cvd->body_at >= CVD_BODY_MAX)
		return refuse(cvd, "larger than a container may be", nothing);
	enum status status = stream_read(&cvd->body, buffer, len, ret_len);
	cvd->body_at += *ret_len;
	return status;
}

/* A member that was checked before: at its end the digests are compared. */
static enum status read_checked(void *state, uint8_t *buffer, size_t len, size_t *ret_len)
{
	struct cvd *cvd = state;
	struct stream bytes = tape_member(&cvd->tape);
	struct digest digests[DIGEST_COUNT];

	*ret_len = 0;
	if (cvd->ended != STATUS_OK)
		return cvd->ended;
	cvd->ended = stream_read(&bytes, buffer, len, ret_len);
	digest_update(cvd->digest, buffer, *ret_len);
	if (cvd->ended != STATUS_END)
		return cvd->ended;
	digest_finish(cvd->digest, digests);
	if (!digest_equal(&digests[DIGEST_SHA256], &cvd->members[cvd->next - 1].sha256))
		cvd->ended = STATUS_CHANGED;
	return cvd->ended;
}

static void on_note(void *context, enum status status, uint64_t offset)
{
	struct cvd *cvd = context;

	(void)status;
	(void)offset;
	cvd->is_damaged = true;
}
