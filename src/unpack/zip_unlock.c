/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encrypted members, of which passwords may be known. In the old way a member begins with
 * twelve bytes, the last of which is, decrypted, a byte of its sum or of its time: one wrong
 * password in a hundred passes that. With AES two bytes are compared. So its first bytes
 * are decoded to see whether they make sense, and its sum is compared if that is all of it.
 */
#include "base/checked.h"
#include "unpack/zip_walk.h"

enum { TRIED_BYTES = 64 * 1024, PIECE = 4096 };

static bool is_known(const struct zip *zip, const struct zip_record *record);
static enum status try_password(struct zip *zip, const struct zip_record *record,
				struct slice password, bool *ret_fits);
static enum status try_pkware(struct zip *zip, const struct zip_record *record,
			      struct slice password, bool *ret_fits);
static enum status try_aes(struct zip *zip, const struct zip_record *record,
			   struct slice password, bool *ret_fits);
static enum status try_bytes(struct zip *zip, const struct zip_record *record,
			     bool *ret_fits);

enum status zip_unlock_init(struct zip *zip)
{
	struct unpack *unpack = zip->unpack;

	if (unpack->password_count == 0)
		return STATUS_OK;
	enum status status = decoder_open(unpack->arena, &pkware_codec, &zip->locked_by,
					  unpack->source, &zip->unlocker);
	if (status != STATUS_OK || unpack->clamav_compat)
		return status;
	return decoder_open(unpack->arena, &winzip_codec, &zip->aes_locked_by,
			    unpack->source, &zip->aes_unlocker);
}

enum status zip_unlock(struct zip *zip, const struct zip_record *record,
		       bool *ret_is_open)
{
	const struct unpack *unpack = zip->unpack;
	enum status status = STATUS_OK;

	*ret_is_open = false;
	if (!is_known(zip, record))
		return STATUS_OK;
	/* The one that opened the last member first: archives have one, as a rule. */
	for (size_t i = 0; i < unpack->password_count && status == STATUS_OK; i++) {
		size_t index = (zip->password + i) % unpack->password_count;

		status = try_password(zip, record, unpack->passwords[index], ret_is_open);
		if (!*ret_is_open)
			continue;
		zip->password = index;
		break;
	}
	return status;
}

struct stream zip_unlocked(struct zip *zip, const struct zip_record *record)
{
	struct stream stream = check_start(&zip->check,
					   decoder_stream(zip->member.decoder));

	check_promise(&zip->check, record->crc, record->size);
	zip->check.has_no_sum = record->method == ZIP_AES && record->aes.version != 1;
	return stream;
}

static bool is_known(const struct zip *zip, const struct zip_record *record)
{
	bool is_aes = record->method == ZIP_AES;
	uint16_t method = is_aes ? record->aes.method : record->method;

	if ((method != ZIP_STORED && method != ZIP_DEFLATED) ||
	    record->flags & ZIP_FLAG_STRONG)
		return false;
	if (!is_aes)
		return record->packed >= PKWARE_HEAD_LEN;
	return zip->aes_unlocker && winzip_salt_len(record->aes.strength) > 0 &&
	       record->packed >= winzip_salt_len(record->aes.strength) +
					 WINZIP_CHECK_LEN + WINZIP_MAC_LEN;
}

/* If it fits the decoder stands at the beginning of the member's bytes. */
static enum status try_password(struct zip *zip, const struct zip_record *record,
				struct slice password, bool *ret_fits)
{
	uint64_t at = zip->member.data_at;
	bool is_aes = record->method == ZIP_AES;
	enum status status = is_aes ? try_aes(zip, record, password, ret_fits) :
				      try_pkware(zip, record, password, ret_fits);

	if (status != STATUS_OK || !*ret_fits)
		return status;
	*ret_fits = false;
	at += is_aes ? winzip_salt_len(record->aes.strength) + WINZIP_CHECK_LEN :
		       (size_t)PKWARE_HEAD_LEN;
	zip->member.decoder = is_aes ? zip->aes_unlocker : zip->unlocker;
	status = decoder_restart(zip->member.decoder, at);
	if (status == STATUS_OK)
		status = try_bytes(zip, record, ret_fits);
	if (status == STATUS_OK && *ret_fits)
		status = decoder_restart(zip->member.decoder, at);
	else
		zip->member.decoder = NULL;
	return status;
}

/* By the bytes in front of the member's own; sets what the decoder is to know. */
static enum status try_pkware(struct zip *zip, const struct zip_record *record,
			      struct slice password, bool *ret_fits)
{
	struct pkware_keys keys = pkware_keys_of(password);
	struct reader head;
	uint8_t last = 0;
	enum status status = readahead_at(&zip->locals, zip->member.data_at,
					  PKWARE_HEAD_LEN, &head);

	*ret_fits = false;
	if (status != STATUS_OK || head.len < PKWARE_HEAD_LEN)
		return status;
	for (size_t i = 0; i < PKWARE_HEAD_LEN; i++)
		last = pkware_decrypt(&keys, reader_u8(&head));
	*ret_fits = last == record->crc >> 24 || last == record->time >> 8;
	zip->locked_by = (struct pkware_parameters){
		.keys = keys,
		.is_deflated = record->method == ZIP_DEFLATED,
		.stored_len = record->packed - PKWARE_HEAD_LEN,
	};
	return STATUS_OK;
}

static enum status try_aes(struct zip *zip, const struct zip_record *record,
			   struct slice password, bool *ret_fits)
{
	size_t salt_len = winzip_salt_len(record->aes.strength);
	struct winzip_parameters *parameters = &zip->aes_locked_by;
	struct reader head;
	enum status status = readahead_at(&zip->locals, zip->member.data_at,
					  salt_len + WINZIP_CHECK_LEN, &head);

	*ret_fits = false;
	if (status != STATUS_OK || head.len < salt_len + WINZIP_CHECK_LEN)
		return status;
	*parameters = (struct winzip_parameters){
		.is_deflated = record->aes.method == ZIP_DEFLATED,
		.len = record->packed - salt_len - WINZIP_CHECK_LEN - WINZIP_MAC_LEN,
	};
	winzip_make_keys(password, reader_slice(&head, salt_len), record->aes.strength,
			 &parameters->keys);
	*ret_fits = slice_equal(
		reader_slice(&head, WINZIP_CHECK_LEN),
		(struct slice){ parameters->keys.check, WINZIP_CHECK_LEN });
	return STATUS_OK;
}

static enum status try_bytes(struct zip *zip, const struct zip_record *record,
			     bool *ret_fits)
{
	struct stream stream = zip_unlocked(zip, record);
	enum status status = STATUS_OK;
	uint8_t piece[PIECE];
	size_t got;

	while (status == STATUS_OK && zip->check.len < TRIED_BYTES)
		status = stream_read(&stream, piece, sizeof(piece), &got);
	*ret_fits = status == STATUS_OK || status == STATUS_END;
	/* What is damaged tells of the password, not of the archive. */
	if (status == STATUS_NO_MEMORY || status == STATUS_IO || status == STATUS_CHANGED)
		return status;
	return STATUS_OK;
}
