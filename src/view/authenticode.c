/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The directory for signatures names an offset in the file: length (4), revision (2),
 * kind (2; 2: PKCS #7), then the signature (RFC 2315):
 *
 *	SEQUENCE { OID, [0] SEQUENCE { version, SET of digest algorithms,
 *	           SEQUENCE { OID, [0] content }, [0] certificates, [1] lists OPTIONAL,
 *	           SET of signer } }
 *	signer  ::= SEQUENCE { version, SEQUENCE { issuer, serial }, digest algorithm,
 *	            [0] signed attributes, algorithm, OCTET STRING signature,
 *	            [1] other attributes OPTIONAL }
 *	content ::= SEQUENCE { SEQUENCE { OID, … }, SEQUENCE { algorithm, OCTET STRING } }
 *
 * A countersignature is a signer in an attribute of the other attributes. A time stamp of
 * the newer kind (RFC 3161) and a further signature of the file are whole signatures there.
 * The stamp's content is an OCTET STRING with
 *
 *	SEQUENCE { version, OID, SEQUENCE { algorithm, OCTET STRING imprint }, serial,
 *	           time, … }
 *
 * What is signed are the attributes as a SET, although they stand there as [0].
 */
#include "view/authenticode.h"

#include "base/checked.h"
#include "bytes/der.h"

#define PKCS_9 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09
#define MICROSOFT 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37

enum { TABLE_HEAD_LEN = 8, PKCS_7 = 2, PIECE_LEN = 64 * 1024, DIRECTORY_LEN = 8 };

static const uint8_t content_type_oid[] = { PKCS_9, 0x03 };
static const uint8_t message_digest_oid[] = { PKCS_9, 0x04 };
static const uint8_t signing_time_oid[] = { PKCS_9, 0x05 };
static const uint8_t countersignature_oid[] = { PKCS_9, 0x06 };
static const uint8_t stamp_content_oid[] = { PKCS_9, 0x10, 0x01, 0x04 };
static const uint8_t stamp_oid[] = { MICROSOFT, 0x03, 0x03, 0x01 };
static const uint8_t nested_oid[] = { MICROSOFT, 0x02, 0x04, 0x01 };

static void read_signed_data(struct reader data, struct authenticode *out);
static bool read_parts(struct reader data, struct authenticode *out);
static bool read_digest(struct authenticode *out);
static bool enter_signed_data(struct reader in, struct reader *out);
static void read_certificates(struct reader list, struct authenticode *out);
static bool read_content(struct reader in, struct authenticode *out);
static bool read_signer(struct reader *in, struct authenticode_signer *out,
			struct reader *ret_others);
static bool read_attributes(struct reader list, struct authenticode_signer *out);
static void read_attribute(struct slice oid, struct reader value,
			   struct authenticode_signer *out);
static enum status read_more(struct authenticode *signature, struct arena *arena);
static void read_others(struct reader others, struct authenticode *out);
static void read_stamps(struct reader values, struct authenticode *out);
static bool read_stamp(struct reader *values, struct authenticode *out,
		       struct authenticode_stamp *ret_stamp);
static bool read_stamp_content(struct reader in, struct authenticode_stamp *out);
static bool read_stamp_info(struct reader in, struct authenticode_stamp *out);
static bool stamp_time(struct reader *in, int64_t *ret_seconds);
static void list_nested(struct reader values, struct authenticode *out);
static enum status digest_range(const struct pe_image *image, struct arena *arena,
				struct message_digester *digester, struct extent range);

#define OID_IS(oid, bytes) slice_equal(oid, (struct slice){ bytes, sizeof(bytes) })

enum status authenticode_read(const struct pe_image *image, struct arena *arena,
			      struct authenticode **out)
{
	const struct pe_directory *table = &image->directories[PE_SIGNATURES];
	struct authenticode *made;
	struct reader in, data;
	uint64_t end;

	if (table->address == 0 || table->len < TABLE_HEAD_LEN ||
	    !add_u64(table->address, table->len, &end) || end != image->source.size)
		return STATUS_END;
	enum status status = source_view(&image->source, arena, table->address,
					 min_size(table->len, SOURCE_VIEW_MAX), &in);
	if (status != STATUS_OK)
		return status;
	made = arena_new(arena, struct authenticode);
	if (!made)
		return STATUS_NO_MEMORY;
	reader_skip(&in, 6);
	if (reader_u16le(&in) != PKCS_7 || !enter_signed_data(in, &data))
		return STATUS_END;
	read_signed_data(data, made);
	*out = made;
	return read_more(made, arena);
}

static enum status read_more(struct authenticode *signature, struct arena *arena)
{
	struct reader data;

	if (signature->more_count == 0)
		return STATUS_OK;
	signature->more = arena_new_array(arena, struct authenticode,
					  signature->more_count);
	if (!signature->more)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < signature->more_count; i++)
		if (enter_signed_data(reader_of_slice(signature->more_bytes[i]), &data))
			read_signed_data(data, &signature->more[i]);
	return STATUS_OK;
}

/* As far as it is whole. */
static void read_signed_data(struct reader data, struct authenticode *out)
{
	if (!read_parts(data, out) || !read_digest(out))
		out->signer.is_there = false;
}

bool authenticode_parse_list(struct slice bytes, struct slice type,
			     struct authenticode *out)
{
	struct reader data, content;
	struct slice oid;

	if (!enter_signed_data(reader_of_slice(bytes), &data))
		return false;
	content = data;
	return der_skip(&content) && der_skip(&content) &&
	       der_enter(&content, DER_SEQUENCE, &content) &&
	       der_take(&content, DER_OID, &oid) && slice_equal(oid, type) &&
	       read_parts(data, out);
}

/* False: there is no signer, or no content. */
static bool read_parts(struct reader data, struct authenticode *out)
{
	struct reader content, list, others, signers;

	if (!der_skip(&data) || !der_skip(&data))
		return false;
	bool has_content = der_enter(&data, DER_SEQUENCE, &content) &&
			   read_content(content, out);
	if (der_peek(&data) == DER_CONTEXT && der_enter(&data, DER_CONTEXT, &list))
		read_certificates(list, out);
	out->own_certificate_count = out->certificate_count;
	if (der_peek(&data) == DER_CONTEXT + 1 && !der_skip(&data))
		return false;
	if (!has_content || !der_enter(&data, DER_SET, &signers) ||
	    !read_signer(&signers, &out->signer, &others))
		return false;
	read_others(others, out);
	return true;
}

static bool enter_signed_data(struct reader in, struct reader *out)
{
	struct reader all, tagged;

	return der_enter(&in, DER_SEQUENCE, &all) && der_skip(&all) &&
	       der_enter(&all, DER_CONTEXT, &tagged) &&
	       der_enter(&tagged, DER_SEQUENCE, out);
}

static void read_certificates(struct reader list, struct authenticode *out)
{
	while (reader_left(&list) > 0 &&
	       out->certificate_count < AUTHENTICODE_CERTIFICATES_MAX) {
		struct certificate *next = &out->certificates[out->certificate_count];

		if (certificate_read(&list, next))
			out->certificate_count++;
	}
}

static bool read_content(struct reader in, struct authenticode *out)
{
	struct reader tagged;

	return der_skip(&in) && der_enter(&in, DER_CONTEXT, &tagged) &&
	       der_take(&tagged, DER_SEQUENCE, &out->content);
}

static bool read_digest(struct authenticode *out)
{
	struct reader content = reader_of_slice(out->content), digest;

	return der_skip(&content) && der_enter(&content, DER_SEQUENCE, &digest) &&
	       certificate_hash(&digest, &out->hash) &&
	       der_take(&digest, DER_OCTET_STRING, &out->file_digest);
}

static bool read_signer(struct reader *in, struct authenticode_signer *out,
			struct reader *ret_others)
{
	struct authenticode_signer signer = { .is_there = true };
	struct reader parts, name;
	struct der attributes;

	if (!der_enter(in, DER_SEQUENCE, &parts) || !der_skip(&parts) ||
	    !der_enter(&parts, DER_SEQUENCE, &name) ||
	    !der_take(&name, DER_SEQUENCE, &signer.issuer) ||
	    !der_take(&name, DER_INTEGER, &signer.serial))
		return false;
	if (!certificate_hash(&parts, &signer.hash) || !der_next(&parts, &attributes) ||
	    attributes.tag != DER_CONTEXT || !der_skip(&parts) ||
	    !der_take(&parts, DER_OCTET_STRING, &signer.signature))
		return false;
	signer.attributes = attributes.whole;
	*ret_others = reader_of(NULL, 0);
	if (!read_attributes(reader_of_slice(attributes.body), &signer) ||
	    (reader_left(&parts) > 0 && !der_enter(&parts, DER_CONTEXT + 1, ret_others)))
		return false;
	*out = signer;
	return true;
}

static bool read_attributes(struct reader list, struct authenticode_signer *out)
{
	struct reader attribute, value;
	struct slice oid;

	while (reader_left(&list) > 0) {
		if (!der_enter(&list, DER_SEQUENCE, &attribute) ||
		    !der_take(&attribute, DER_OID, &oid) ||
		    !der_enter(&attribute, DER_SET, &value))
			return false;
		read_attribute(oid, value, out);
	}
	return true;
}

static void read_attribute(struct slice oid, struct reader value,
			   struct authenticode_signer *out)
{
	struct slice bytes;

	if (OID_IS(oid, content_type_oid)) {
		if (der_take(&value, DER_OID, &bytes))
			out->content_type = bytes;
	} else if (OID_IS(oid, message_digest_oid)) {
		if (der_take(&value, DER_OCTET_STRING, &bytes))
			out->message_digest = bytes;
	} else if (OID_IS(oid, signing_time_oid)) {
		out->has_time = der_time(&value, &out->time);
	}
}

static void read_others(struct reader others, struct authenticode *out)
{
	struct reader attribute, values, unused;
	struct slice oid;

	while (reader_left(&others) > 0 && der_enter(&others, DER_SEQUENCE, &attribute) &&
	       der_take(&attribute, DER_OID, &oid)) {
		if (!der_enter(&attribute, DER_SET, &values))
			continue;
		if (OID_IS(oid, countersignature_oid) && !out->stamper.is_there)
			(void)read_signer(&values, &out->stamper, &unused);
		else if (OID_IS(oid, stamp_oid))
			read_stamps(values, out);
		else if (OID_IS(oid, nested_oid))
			list_nested(values, out);
	}
}

static void read_stamps(struct reader values, struct authenticode *out)
{
	while (reader_left(&values) > 0 && out->stamp_count < AUTHENTICODE_STAMPS_MAX)
		if (read_stamp(&values, out, &out->stamps[out->stamp_count]))
			out->stamp_count++;
}

static bool read_stamp(struct reader *values, struct authenticode *out,
		       struct authenticode_stamp *ret_stamp)
{
	struct reader data, content, list, signers, unused;
	struct authenticode_stamp stamp = { 0 };
	struct der whole;

	if (!der_next(values, &whole) ||
	    !enter_signed_data(reader_of_slice(whole.whole), &data) || !der_skip(&data) ||
	    !der_skip(&data) || !der_enter(&data, DER_SEQUENCE, &content) ||
	    !read_stamp_content(content, &stamp))
		return false;
	if (der_peek(&data) == DER_CONTEXT && der_enter(&data, DER_CONTEXT, &list))
		read_certificates(list, out);
	if (der_peek(&data) == DER_CONTEXT + 1 && !der_skip(&data))
		return false;
	if (!der_enter(&data, DER_SET, &signers) ||
	    !read_signer(&signers, &stamp.signer, &unused))
		return false;
	*ret_stamp = stamp;
	return true;
}

static bool read_stamp_content(struct reader in, struct authenticode_stamp *out)
{
	struct reader tagged, info;
	struct slice oid;

	if (!der_take(&in, DER_OID, &oid) || !OID_IS(oid, stamp_content_oid) ||
	    !der_enter(&in, DER_CONTEXT, &tagged) ||
	    !der_take(&tagged, DER_OCTET_STRING, &out->content))
		return false;
	info = reader_of_slice(out->content);
	return read_stamp_info(info, out);
}

static bool read_stamp_info(struct reader in, struct authenticode_stamp *out)
{
	struct reader info, imprint;

	return der_enter(&in, DER_SEQUENCE, &info) && der_skip(&info) &&
	       der_skip(&info) && der_enter(&info, DER_SEQUENCE, &imprint) &&
	       certificate_hash(&imprint, &out->hash) &&
	       der_take(&imprint, DER_OCTET_STRING, &out->imprint) && der_skip(&info) &&
	       stamp_time(&info, &out->time);
}

/* Parts of seconds, which certificates have not, are cut off. */
static bool stamp_time(struct reader *in, int64_t *ret_seconds)
{
	uint8_t whole[] = { DER_GENERALIZED_TIME, 15, [16] = 'Z' };
	struct reader text;
	struct slice bytes;

	if (!der_take(in, DER_GENERALIZED_TIME, &bytes) || bytes.len < 15 ||
	    bytes.base[bytes.len - 1] != 'Z' || (bytes.len > 15 && bytes.base[14] != '.'))
		return false;
	memcpy(&whole[2], bytes.base, 14);
	text = reader_of(whole, sizeof(whole));
	return der_time(&text, ret_seconds);
}

static void list_nested(struct reader values, struct authenticode *out)
{
	struct der whole;

	while (reader_left(&values) > 0 && out->more_count < AUTHENTICODE_MORE_MAX &&
	       der_next(&values, &whole))
		out->more_bytes[out->more_count++] = whole.whole;
}

enum status authenticode_digest(const struct pe_image *image, struct arena *arena,
				const struct digests *digests, enum message_hash hash,
				struct message_digest *out)
{
	uint64_t checksum = image->checksum_at;
	uint64_t entry = image->directories_at + PE_SIGNATURES * DIRECTORY_LEN;
	uint64_t signatures = image->directories[PE_SIGNATURES].address;
	/* Without any, all of the file. */
	uint64_t table = signatures > 0 ? signatures : image->source.size;
	const struct extent ranges[] = {
		{ 0, checksum },
		{ checksum + 4, entry },
		{ entry + DIRECTORY_LEN, max_u64(table, entry + DIRECTORY_LEN) },
	};
	struct message_digester digester;
	enum status status = message_digest_begin(&digester, digests, hash);

	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; i < ARRAY_LEN(ranges) && status == STATUS_OK; i++) {
		struct extent range = ranges[i];

		range.len -= range.offset;
		status = digest_range(image, arena, &digester, range);
	}
	message_digest_end(&digester, out);
	return status;
}

static enum status digest_range(const struct pe_image *image, struct arena *arena,
				struct message_digester *digester, struct extent range)
{
	struct arena_mark mark = arena_mark(arena);
	uint8_t *piece = arena_alloc(arena, PIECE_LEN);
	enum status status = STATUS_OK;

	if (!piece)
		return STATUS_NO_MEMORY;
	while (status == STATUS_OK && range.len > 0) {
		size_t got = (size_t)min_u64(range.len, PIECE_LEN);

		status = source_read(&image->source, range.offset, piece, got, &got);
		if (status != STATUS_OK || got == 0)
			break;
		message_digest_update(digester, (struct slice){ piece, got });
		range.offset += got;
		range.len -= got;
	}
	arena_rewind(arena, mark);
	return status;
}
