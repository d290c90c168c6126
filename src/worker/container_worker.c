/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/container_worker.h"

#include <stdio.h>

#include "base/checked.h"
#include "bytes/reader.h"
#include "cvd/changes.h"
#include "cvd/container.h"
#include "cvd/diff.h"
#include "cvd/files.h"
#include "cvd/sign.h"
#include "cvd/vouch.h"

struct work {
	const struct container_job *job;
	struct digest_state digest;
	struct slice certificates[CVD_CERTIFICATES_MAX];
	size_t certificate_count;
};

static enum status take_certificates(struct work *work);
static enum status verify_all(struct work *work);
static enum status unpack(struct work *work);
static enum status apply(struct work *work);
static enum status compare(struct work *work);
static enum status open_container(struct work *work, uint32_t input, struct cvd *cvd);
static enum status open_diff(struct work *work, uint32_t input, struct cvd_diff *diff);
static enum status open_sign(struct work *work, uint32_t input);
static void tell(const struct work *work, uint32_t input, const char *label,
		 struct slice value);
static void tell_number(const struct work *work, uint32_t input, const char *label,
			uint64_t value);
static enum status refuse(const struct work *work, uint32_t input, const char *reason,
			  struct slice detail);

static const struct slice nothing = { NULL, 0 };

/* The bytes of a source, one after another. */
struct source_stream {
	struct source source;
	uint64_t at;
};

static enum status read_source(void *state, uint8_t *buffer, size_t len, size_t *ret_len)
{
	struct source_stream *stream = state;
	enum status status = source_read(&stream->source, stream->at, buffer, len,
					 ret_len);

	stream->at += *ret_len;
	return status == STATUS_OK && *ret_len == 0 ? STATUS_END : status;
}

static struct stream source_stream_of(struct source_stream *stream)
{
	return (struct stream){ .read = read_source, .state = stream };
}

enum status container_job_run(const struct container_job *job)
{
	struct work work = { .job = job };
	enum status status = digest_state_init(&work.digest, job->digests);

	if (status != STATUS_OK)
		return status;
	status = take_certificates(&work);
	if (status != STATUS_OK) {
		digest_state_clear(&work.digest);
		return status;
	}
	switch (job->action) {
	case RECORD_VERIFY:
		status = verify_all(&work);
		break;
	case RECORD_UNPACK:
		status = unpack(&work);
		break;
	case RECORD_APPLY:
		status = apply(&work);
		break;
	case RECORD_COMPARE:
		status = compare(&work);
		break;
	case RECORD_COMPILE_RULES:
		status = STATUS_UNSUPPORTED;
		break;
	}
	digest_state_clear(&work.digest);
	return status;
}

static bool is_diff(struct slice name)
{
	return slice_ends_nocase(name, ".cdiff");
}

static enum status take_certificates(struct work *work)
{
	const struct container_job *job = work->job;
	enum status status = STATUS_OK;

	for (size_t i = job->file_count; i < job->beside_count && status == STATUS_OK;
	     i++) {
		struct reader text;

		if (job->files[i].role != BUILD_CERTIFICATE ||
		    work->certificate_count == CVD_CERTIFICATES_MAX)
			continue;
		status = source_view(&job->files[i].content, job->arena, 0,
				     CVD_SIGN_BYTES_MAX, &text);
		if (status == STATUS_OK)
			work->certificates[work->certificate_count++] = reader_rest(
				&text);
	}
	return status;
}

/* What the signature at `input` is of stands behind it. */
static enum status open_sign(struct work *work, uint32_t input)
{
	const struct container_job *job = work->job;
	struct cvd_sign sign = {
		.certificates = work->certificates,
		.certificate_count = work->certificate_count,
		.digests = job->digests,
		.arena = job->arena,
	};
	struct reader bytes;
	enum status status = source_view(&job->files[input].content, job->arena, 0,
					 CVD_SIGN_BYTES_MAX, &bytes);

	if (status != STATUS_OK)
		return status;
	if (input + 1 == job->file_count)
		return refuse(work, input, "what it signs is not there", nothing);
	if (sign.certificate_count == 0)
		return refuse(work, input, "there is no certificate to trust", nothing);
	status = cvd_sign_verify(&sign, reader_rest(&bytes),
				 job->files[input + 1].content);
	if (status == STATUS_MALFORMED)
		return refuse(work, input, sign.reason, nothing);
	if (status == STATUS_OK)
		tell(work, input, "signed", slice_of(sign.signer));
	return status;
}

/* One that is not to be believed does not keep the others from being looked at. */
static enum status verify_all(struct work *work)
{
	const struct container_job *job = work->job;
	enum status result = STATUS_OK;

	for (uint32_t i = 0; i < job->file_count; i++) {
		struct arena_mark mark = arena_mark(job->arena);
		struct cvd *cvd = arena_new(job->arena, struct cvd);
		struct cvd_diff diff;
		enum status status = STATUS_NO_MEMORY;

		if (cvd && slice_ends_nocase(job->files[i].name, ".sign"))
			status = open_sign(work, i);
		else if (cvd && is_diff(job->files[i].name))
			status = open_diff(work, i, &diff);
		else if (cvd)
			status = open_container(work, i, cvd);
		arena_rewind(job->arena, mark);
		if (status == STATUS_MALFORMED)
			result = status;
		else if (status != STATUS_OK)
			return status;
	}
	return result;
}

static void tell_header(const struct work *work, uint32_t input,
			const struct cvd_header *header)
{
	tell_number(work, input, "version", header->version);
	tell(work, input, "made", header->time);
	tell_number(work, input, "seconds", header->built_at);
	tell_number(work, input, "rules", header->rules);
	tell_number(work, input, "level", header->level);
	tell(work, input, "builder", header->builder);
}

/* The detached signatures that stand beside a container. */
static enum status list_signatures(const struct work *work, uint32_t input,
				   struct cvd_trust *trust)
{
	const struct container_job *job = work->job;
	struct cvd_beside *list = arena_new_array(job->arena, struct cvd_beside,
						  job->beside_count);

	if (!list)
		return STATUS_NO_MEMORY;
	trust->signatures = list;
	for (size_t i = job->file_count; i < job->beside_count; i++)
		if (job->files[i].role == BUILD_SIGNATURE && job->files[i].of == input)
			list[trust->signature_count++] = (struct cvd_beside){
				job->files[i].name, job->files[i].content
			};
	return STATUS_OK;
}

/* Whose word stands for a container that is believed: its own signers', and another's. */
static void tell_signers(const struct work *work, uint32_t input, const struct cvd *cvd,
			 const struct cvd_voucher *voucher)
{
	static const char *const signers[CVD_KINDS] = {
		[CVD_PUBLISHED] = "ClamAV: its header (RSA 1024 of MD5) and its list of "
				  "members (RSA 2048 of SHA-256)",
		[CVD_PATCHED] = "ClamAV: its list of members (RSA 2048 of SHA-256)",
		[CVD_UNSIGNED] = "nobody",
	};
	const struct slice file = voucher->file;
	char text[1024];

	if (!voucher->is_there)
		snprintf(text, sizeof(text), "%s", signers[cvd->kind]);
	else if (cvd->voucher.is_there)
		snprintf(text, sizeof(text), "%s (%.*s); by itself it is %s",
			 voucher->signer, (int)min_size(file.len, 200),
			 (const char *)file.base, voucher->instead_of);
	else
		snprintf(text, sizeof(text), "%s; and by %s (%.*s)", signers[cvd->kind],
			 voucher->signer, (int)min_size(file.len, 200),
			 (const char *)file.base);
	tell(work, input, "signed", slice_of(text));
}

/* The container's own reason, and that of the detached signature, if there is one. */
static enum status refuse_container(const struct work *work, uint32_t input,
				    const struct cvd *cvd, const struct cvd_trust *trust)
{
	char text[512];

	if (!trust->reason)
		return refuse(work, input, cvd->reason, cvd->detail);
	snprintf(text, sizeof(text), "%s; its detached signature: %s", cvd->reason,
		 trust->reason);
	return refuse(work, input, text, cvd->detail);
}

/* Opens, checks, and tells of it. */
static enum status open_container(struct work *work, uint32_t input, struct cvd *cvd)
{
	const struct build_input *file = &work->job->files[input];
	struct cvd_trust trust = {
		.certificates = work->certificates,
		.certificate_count = work->certificate_count,
		.digests = work->job->digests,
		.digest = &work->digest,
		.arena = work->job->arena,
	};
	struct cvd_voucher also = { 0 };
	enum status status = list_signatures(work, input, &trust);

	if (status == STATUS_OK)
		status = cvd_believe(cvd, file->name, file->content, &trust);
	if (status == STATUS_UNSUPPORTED)
		return refuse(work, input, "neither a container nor a difference",
			      nothing);
	if (status == STATUS_MALFORMED)
		return refuse_container(work, input, cvd, &trust);
	if (status != STATUS_OK)
		return status;
	if (cvd->voucher.is_there)
		also = cvd->voucher;
	else
		status = cvd_find_voucher(&trust, cvd, file->name, file->content, &also);
	if (status == STATUS_MALFORMED)
		tell(work, input, "detached", slice_of(trust.reason));
	else if (status != STATUS_OK && status != STATUS_END)
		return status;
	tell_header(work, input, &cvd->info.header);
	for (size_t i = 0; i < cvd->member_count; i++)
		tell(work, input, "member", cvd->members[i].name);
	tell_signers(work, input, cvd, &also);
	return STATUS_OK;
}

static enum status open_diff(struct work *work, uint32_t input, struct cvd_diff *diff)
{
	const struct build_input *file = &work->job->files[input];
	enum status status = cvd_diff_open(diff, file->content, work->job->arena,
					   &work->digest);

	if (status == STATUS_MALFORMED)
		return refuse(work, input, diff->reason, nothing);
	if (status != STATUS_OK)
		return status;
	tell_number(work, input, "version", diff->version);
	tell_number(work, input, "bytes", diff->script.len);
	tell(work, input, "signed", slice_of("ClamAV (RSA 2048 of SHA-256)"));
	return STATUS_OK;
}

static enum status unpack(struct work *work)
{
	const struct container_job *job = work->job;
	struct cvd *cvd = arena_new(job->arena, struct cvd);
	bool found = job->argument.len == 0;
	enum status status = STATUS_NO_MEMORY;
	size_t index;

	if (job->file_count != 1)
		return STATUS_UNSUPPORTED;
	if (cvd && is_diff(job->files[0].name)) {
		struct record_piece piece = { .name = slice_of("script") };
		struct cvd_diff diff;
		status = open_diff(work, 0, &diff);
		if (status != STATUS_OK)
			return status;
		room_put(job->room, diff.script);
		piece.len = diff.script.len;
		job->piece(job->context, &piece);
		return room_sync(job->room);
	}
	if (cvd)
		status = open_container(work, 0, cvd);
	if (status == STATUS_OK)
		status = cvd_start(cvd);
	while (status == STATUS_OK) {
		struct cvd_range range;

		status = cvd_next(cvd, &index);
		if (status != STATUS_OK)
			break;
		const struct cvd_member *member = &cvd->members[index];
		if (job->argument.len > 0 && !slice_equal(member->name, job->argument))
			continue;
		found = true;
		status = room_stream(job->room, cvd_stream(cvd), &range);
		const struct record_piece piece = { member->name, range.offset,
						    range.len };
		if (status == STATUS_OK)
			job->piece(job->context, &piece);
	}
	if (status == STATUS_END && !found)
		return refuse(work, 0, "it has no such member", job->argument);
	return status == STATUS_END ? STATUS_OK : status;
}

/* The differences one after the other, each to the version that it is for. */
static enum status apply_all(struct work *work, struct cvd_files *files, uint32_t version)
{
	const struct container_job *job = work->job;

	for (uint32_t i = 1; i < job->file_count; i++) {
		struct cvd_diff diff;
		char text[64];
		enum status status = is_diff(job->files[i].name) ?
					     open_diff(work, i, &diff) :
					     refuse(work, i, "no difference", nothing);

		if (status != STATUS_OK)
			return status;
		if (diff.version != version + 1) {
			snprintf(text, sizeof(text), "%u", version);
			return refuse(work, i, "not for this version", slice_of(text));
		}
		status = cvd_diff_apply(&diff, files, job->arena);
		snprintf(text, sizeof(text), "line %u of its script", diff.line);
		if (status == STATUS_MALFORMED)
			return refuse(work, i, diff.reason, slice_of(text));
		if (status != STATUS_OK)
			return status;
		version++;
	}
	return STATUS_OK;
}

/* What was made is a patched container like any other: it is believed for its list. */
static enum status check_made(struct work *work, enum cvd_kind kind,
			      struct cvd_range range)
{
	const struct container_job *job = work->job;
	struct cvd *cvd = arena_new(job->arena, struct cvd);
	enum status status = STATUS_NO_MEMORY;

	if (kind == CVD_PUBLISHED)
		kind = CVD_PATCHED;
	if (cvd)
		status = cvd_open(cvd, kind, room_range(job->room, range), job->arena,
				  &work->digest);
	if (status == STATUS_OK)
		status = cvd_check(cvd);
	if (status == STATUS_OK)
		tell_header(work, 0, &cvd->info.header);
	if (status == STATUS_MALFORMED)
		return refuse(work, 0, cvd->reason, cvd->detail);
	return status;
}

static enum status apply(struct work *work)
{
	const struct container_job *job = work->job;
	struct cvd *cvd = arena_new(job->arena, struct cvd);
	struct record_piece piece = { .name = slice_of("container") };
	struct cvd_files files;
	struct cvd_range range;
	enum status status = STATUS_NO_MEMORY;

	if (job->file_count < 2)
		return STATUS_UNSUPPORTED;
	if (cvd)
		status = open_container(work, 0, cvd);
	if (status == STATUS_OK)
		status = cvd_files_init(&files, job->arena, job->room);
	if (status == STATUS_OK)
		status = cvd_files_unpack(&files, cvd);
	if (status == STATUS_OK)
		status = apply_all(work, &files, cvd->info.header.version);
	if (status != STATUS_OK)
		return status;
	status = cvd_files_pack(&files, job->arena, &range);
	if (status == STATUS_MALFORMED)
		return refuse(work, 0, "what is made has no list of its members",
			      nothing);
	if (status == STATUS_OK)
		status = check_made(work, cvd->kind, range);
	if (status != STATUS_OK)
		return status;
	piece.offset = range.offset;
	piece.len = range.len;
	job->piece(job->context, &piece);
	return STATUS_OK;
}

/* A rule file is compared with another, whatever they are called. */
static enum status take_rule_file(struct work *work, uint32_t input,
				  struct cvd_files *files)
{
	const struct build_input *given = &work->job->files[input];
	struct cvd_file *file = cvd_files_add(files, slice_of("rules"));
	struct source_stream bytes = { given->content, 0 };

	return room_stream(files->room, source_stream_of(&bytes), &file->range);
}

static enum status take_files(struct work *work, uint32_t input, struct cvd_files *files)
{
	const struct container_job *job = work->job;
	struct cvd *cvd = arena_new(job->arena, struct cvd);
	enum cvd_kind kind;
	enum status status = cvd_files_init(files, job->arena, job->room);

	if (!cvd || status != STATUS_OK)
		return STATUS_NO_MEMORY;
	if (!cvd_kind_of(job->files[input].name, &kind))
		return take_rule_file(work, input, files);
	status = open_container(work, input, cvd);
	return status == STATUS_OK ? cvd_files_unpack(files, cvd) : status;
}

static enum status compare(struct work *work)
{
	const struct container_job *job = work->job;
	struct record_piece piece = { .name = slice_of("script") };
	struct cvd_files before, after;
	struct cvd_range range;
	enum cvd_kind kind;

	if (job->file_count != 2)
		return STATUS_UNSUPPORTED;
	if (cvd_kind_of(job->files[0].name, &kind) !=
	    cvd_kind_of(job->files[1].name, &kind))
		return refuse(work, 1, "a container and a rule file", nothing);
	enum status status = take_files(work, 0, &before);
	if (status == STATUS_OK)
		status = take_files(work, 1, &after);
	if (status == STATUS_OK)
		status = cvd_changes(&before, &after, job->arena, &work->digest, &range);
	if (status != STATUS_OK)
		return status;
	piece.offset = range.offset;
	piece.len = range.len;
	job->piece(job->context, &piece);
	return STATUS_OK;
}

static void tell(const struct work *work, uint32_t input, const char *label,
		 struct slice value)
{
	const struct record_fact fact = { input, slice_of(label), value };

	work->job->fact(work->job->context, &fact);
}

static void tell_number(const struct work *work, uint32_t input, const char *label,
			uint64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	tell(work, input, label, slice_of(text));
}

/* For `return refuse(...)`. */
static enum status refuse(const struct work *work, uint32_t input, const char *reason,
			  struct slice detail)
{
	char text[512];

	snprintf(text, sizeof(text), "%s%s%.*s", reason, detail.len > 0 ? ": " : "",
		 (int)(detail.len < 200 ? detail.len : 200), (const char *)detail.base);
	tell(work, input, "refused", slice_of(text));
	return STATUS_MALFORMED;
}
