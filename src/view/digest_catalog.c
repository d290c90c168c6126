/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A catalogue is PKCS #7 like a program's signature (view/authenticode.c); what it signs is
 * a list as of certificates that are trusted:
 *
 *	list      ::= SEQUENCE { SEQUENCE usage, OCTET STRING OPTIONAL, INTEGER OPTIONAL,
 *	              time, time OPTIONAL, SEQUENCE algorithm, SEQUENCE OF member, … }
 *	member    ::= SEQUENCE { OCTET STRING tag, SET OF attribute }
 *	attribute ::= SEQUENCE { OID, SET OF value }
 *
 * One attribute is what a program's signature would sign: the kind of file, and a digest.
 */
#include "view/digest_catalog.h"

#include "bytes/der.h"

#define MICROSOFT 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37

static const uint8_t list_oid[] = { MICROSOFT, 0x0a, 0x01 };
static const uint8_t indirect_oid[] = { MICROSOFT, 0x02, 0x01, 0x04 };
static const uint8_t program_oid[] = { MICROSOFT, 0x02, 0x01, 0x0f };
static const uint8_t file_oid[] = { MICROSOFT, 0x02, 0x01, 0x19 };

#define OID_IS(oid, bytes) slice_equal(oid, (struct slice){ bytes, sizeof(bytes) })

static bool find_members(struct slice list, struct slice *out);
static bool member_is(struct reader attributes, const struct catalog_question *question);
static bool digest_is(struct reader value, const struct catalog_question *question);

enum status digest_catalog_open(struct slice bytes, struct arena *arena,
				struct digest_catalog *out)
{
	struct authenticode *signature = arena_new(arena, struct authenticode);
	struct digest_catalog catalog = { .signature = signature };

	if (!signature)
		return STATUS_NO_MEMORY;
	if (!authenticode_parse_list(bytes, (struct slice){ list_oid, sizeof(list_oid) },
				     signature) ||
	    !find_members(signature->content, &catalog.members))
		return STATUS_MALFORMED;
	*out = catalog;
	return STATUS_OK;
}

static bool find_members(struct slice list, struct slice *out)
{
	struct reader in = reader_of_slice(list);

	if (!der_skip(&in))
		return false;
	while (reader_left(&in) > 0 && der_peek(&in) != DER_SEQUENCE)
		if (!der_skip(&in))
			return false;
	return der_skip(&in) && der_take(&in, DER_SEQUENCE, out);
}

bool digest_catalog_has(const struct digest_catalog *catalog,
			const struct catalog_question *question)
{
	struct reader members = reader_of_slice(catalog->members);
	struct reader member, attributes;

	while (reader_left(&members) > 0) {
		if (!der_enter(&members, DER_SEQUENCE, &member))
			return false;
		if (der_skip(&member) && der_enter(&member, DER_SET, &attributes) &&
		    member_is(attributes, question))
			return true;
	}
	return false;
}

static bool member_is(struct reader attributes, const struct catalog_question *question)
{
	struct reader attribute, values, value;
	struct slice oid;

	while (reader_left(&attributes) > 0) {
		if (!der_enter(&attributes, DER_SEQUENCE, &attribute) ||
		    !der_take(&attribute, DER_OID, &oid) ||
		    !der_enter(&attribute, DER_SET, &values))
			return false;
		if (OID_IS(oid, indirect_oid) &&
		    der_enter(&values, DER_SEQUENCE, &value) &&
		    digest_is(value, question))
			return true;
	}
	return false;
}

static bool digest_is(struct reader value, const struct catalog_question *question)
{
	struct reader kind, digest;
	struct slice oid, bytes;
	enum message_hash hash;

	if (!der_enter(&value, DER_SEQUENCE, &kind) || !der_take(&kind, DER_OID, &oid) ||
	    !der_enter(&value, DER_SEQUENCE, &digest) ||
	    !certificate_hash(&digest, &hash) ||
	    !der_take(&digest, DER_OCTET_STRING, &bytes))
		return false;
	bool is_of = question->of == CATALOG_PROGRAM ? OID_IS(oid, program_oid) :
						       OID_IS(oid, file_oid);
	return is_of && hash == question->hash && slice_equal(bytes, question->digest);
}
