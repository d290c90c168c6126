/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encrypted members, of which passwords may be known. A member begins with twelve
 * bytes, the last of which is, decrypted, a byte of its sum or of its time: one wrong
 * password in a hundred passes that. So its first bytes are decoded to see whether they
 * make sense, and its sum is compared if that is all of it.
 */
#include "base/checked.h"
#include "unpack/zip_walk.h"

enum { TRIED_BYTES = 64 * 1024, PIECE = 4096 };

static enum status try_password(struct zip *zip, const struct zip_record *record,
				struct slice password, bool *ret_fits);
static enum status try_bytes(struct zip *zip, const struct zip_record *record,
			     bool *ret_fits);

enum status zip_unlock_init(struct zip *zip)
{
	struct unpack *unpack = zip->unpack;

	if (unpack->password_count == 0)
		return STATUS_OK;
	return decoder_open(unpack->arena, &pkware_codec, &zip->locked_by, unpack->source,
			    &zip->unlocker);
}

enum status zip_unlock(struct zip *zip, const struct zip_record *record,
		       bool *ret_is_open)
{
	const struct unpack *unpack = zip->unpack;
	enum status status = STATUS_OK;

	*ret_is_open = false;
	if ((record->method != ZIP_STORED && record->method != ZIP_DEFLATED) ||
	    record->flags & ZIP_FLAG_STRONG || record->packed < PKWARE_HEAD_LEN)
		return STATUS_OK;
	for (size_t i = 0; i < unpack->password_count && status == STATUS_OK; i++) {
		status = try_password(zip, record, unpack->passwords[i], ret_is_open);
		if (*ret_is_open)
			break;
	}
	return status;
}

/* If it fits the decoder stands at the beginning of the member's bytes. */
static enum status try_password(struct zip *zip, const struct zip_record *record,
				struct slice password, bool *ret_fits)
{
	struct pkware_keys keys = pkware_keys_of(password);
	uint64_t at = zip->member.data_at;
	struct reader head;
	uint8_t last = 0;
	enum status status = readahead_at(&zip->locals, at, PKWARE_HEAD_LEN, &head);

	*ret_fits = false;
	if (status != STATUS_OK || head.len < PKWARE_HEAD_LEN)
		return status;
	for (size_t i = 0; i < PKWARE_HEAD_LEN; i++)
		last = pkware_decrypt(&keys, reader_u8(&head));
	if (last != record->crc >> 24 && last != record->time >> 8)
		return STATUS_OK;
	zip->locked_by = (struct pkware_parameters){
		.keys = keys,
		.is_deflated = record->method == ZIP_DEFLATED,
		.stored_len = record->packed - PKWARE_HEAD_LEN,
	};
	status = decoder_restart(zip->unlocker, at + PKWARE_HEAD_LEN);
	if (status == STATUS_OK)
		status = try_bytes(zip, record, ret_fits);
	if (status == STATUS_OK && *ret_fits)
		status = decoder_restart(zip->unlocker, at + PKWARE_HEAD_LEN);
	return status;
}

static enum status try_bytes(struct zip *zip, const struct zip_record *record,
			     bool *ret_fits)
{
	struct stream stream = check_start(&zip->check, decoder_stream(zip->unlocker));
	enum status status = STATUS_OK;
	uint8_t piece[PIECE];
	size_t got;

	check_promise(&zip->check, record->crc, record->size);
	while (status == STATUS_OK && zip->check.len < TRIED_BYTES)
		status = stream_read(&stream, piece, sizeof(piece), &got);
	*ret_fits = status == STATUS_OK || status == STATUS_END;
	/* What is damaged tells of the password, not of the archive. */
	if (status == STATUS_NO_MEMORY || status == STATUS_IO || status == STATUS_CHANGED)
		return status;
	return STATUS_OK;
}
