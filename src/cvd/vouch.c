/* SPDX-License-Identifier: Apache-2.0 */
#include "cvd/vouch.h"

#include <stdio.h>

#include "bytes/reader.h"
#include "bytes/settled.h"

static bool is_signature_of(struct slice signature, struct slice container,
			    uint32_t version);
static enum status believe_vouched(struct cvd *cvd, struct slice name,
				   struct source source, struct cvd_trust *trust);

enum status cvd_believe(struct cvd *cvd, struct slice name, struct source source,
			struct cvd_trust *trust)
{
	enum cvd_kind kind;

	if (!cvd_kind_of(name, &kind))
		return STATUS_UNSUPPORTED;
	enum status status = cvd_open(cvd, kind, source, trust->arena, trust->digest);
	if (status != STATUS_OK)
		return status;
	status = cvd_check(cvd);
	/* Without a signature of its own, what is wrong in it is not for want of one. */
	if (status == STATUS_MALFORMED && kind != CVD_UNSIGNED)
		status = believe_vouched(cvd, name, source, trust);
	return status;
}

/* OK, or as it was: MALFORMED, with the container's own reason. */
static enum status believe_vouched(struct cvd *cvd, struct slice name,
				   struct source source, struct cvd_trust *trust)
{
	struct settled *settled;
	struct cvd_voucher voucher;
	enum cvd_kind kind = cvd->kind;
	const char *reason = cvd->reason;

	if (trust->signature_count == 0)
		return STATUS_MALFORMED;
	/* What is read behind the signature is what was signed. */
	settled = arena_new(trust->arena, struct settled);
	if (!settled || !settled_init(settled, source, trust->digests, trust->arena))
		return STATUS_NO_MEMORY;
	source = settled_source(settled);
	enum status status = cvd_find_voucher(trust, cvd, name, source, &voucher);
	if (status == STATUS_END)
		return STATUS_MALFORMED;
	if (status != STATUS_OK)
		return status;
	status = cvd_open(cvd, kind, source, trust->arena, trust->digest);
	if (status != STATUS_OK)
		return status;
	cvd->voucher = voucher;
	cvd->voucher.instead_of = reason;
	return cvd_check(cvd);
}

enum status cvd_find_voucher(struct cvd_trust *trust, const struct cvd *cvd,
			     struct slice name, struct source source,
			     struct cvd_voucher *out)
{
	enum status result = STATUS_END;

	for (size_t i = 0; i < trust->signature_count; i++) {
		const struct cvd_beside *beside = &trust->signatures[i];
		struct cvd_sign sign = {
			.certificates = trust->certificates,
			.certificate_count = trust->certificate_count,
			.digests = trust->digests,
			.arena = trust->arena,
		};
		struct reader text;

		if (!is_signature_of(beside->name, name, cvd->header.version))
			continue;
		enum status status = source_view(&beside->content, trust->arena, 0,
						 CVD_SIGN_BYTES_MAX, &text);
		if (status == STATUS_OK)
			status = cvd_sign_verify(&sign, reader_rest(&text), source);
		if (status != STATUS_OK && status != STATUS_MALFORMED)
			return status;
		result = status;
		trust->reason = sign.reason;
		if (status == STATUS_MALFORMED)
			continue;
		*out = (struct cvd_voucher){ .is_there = true, .file = beside->name };
		snprintf(out->signer, sizeof(out->signer), "%s", sign.signer);
		break;
	}
	return result;
}

static struct slice last_part(struct slice path)
{
	struct reader reader = reader_of_slice(path);
	size_t at = 0;

	for (size_t pos = 0; pos < path.len; pos++)
		if (path.base[pos] == '/')
			at = pos + 1;
	reader_seek(&reader, at);
	return reader_rest(&reader);
}

/* Containers have endings of four letters. */
static bool is_signature_of(struct slice signature, struct slice container,
			    uint32_t version)
{
	char number[16];
	int len = snprintf(number, sizeof(number), "-%u", version);
	struct slice whole = last_part(container);
	struct reader name = reader_of_slice(last_part(signature));
	struct reader parts = reader_of_slice(whole);
	struct slice stem = reader_slice(&parts, whole.len - 4);
	struct slice ending = reader_rest(&parts);

	if (!reader_has(&name, 0, stem))
		return false;
	reader_skip(&name, stem.len);
	if (reader_has(&name, name.pos, slice_of(number)))
		reader_skip(&name, (size_t)len);
	if (!reader_has(&name, name.pos, ending))
		return false;
	reader_skip(&name, ending.len);
	return slice_is(reader_rest(&name), ".sign");
}
