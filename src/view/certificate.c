/* SPDX-License-Identifier: Apache-2.0 */
/*
 *	Certificate      ::= SEQUENCE { signed part, algorithm, BIT STRING signature }
 *	signed part      ::= SEQUENCE { [0] version OPTIONAL, INTEGER serial, algorithm,
 *	                     issuer, SEQUENCE { not before, not after }, subject,
 *	                     SEQUENCE { algorithm, BIT STRING key }, [1] [2] OPTIONAL,
 *	                     [3] SEQUENCE OF extension OPTIONAL }
 *	key (RSA)        ::= SEQUENCE { INTEGER modulus, INTEGER exponent }
 *	key (EC)         ::= a point; its algorithm names the curve
 *	extension        ::= SEQUENCE { OID, BOOLEAN OPTIONAL, OCTET STRING }
 */
#include "view/certificate.h"

#include "base/checked.h"
#include "bytes/der.h"

#define OID(...) \
	(const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })
#define PKCS_1 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01
#define ANSI_X9_62 0x2a, 0x86, 0x48, 0xce, 0x3d
#define NIST_HASH 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02
#define EXTENDED_USE 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03

static const struct {
	struct slice oid;
	enum message_hash hash;
} hashes[] = {
	{ { OID(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05) }, HASH_MD5 },
	{ { OID(0x2b, 0x0e, 0x03, 0x02, 0x1a) }, HASH_SHA1 },
	{ { OID(NIST_HASH, 0x01) }, HASH_SHA256 },
	{ { OID(NIST_HASH, 0x02) }, HASH_SHA384 },
	{ { OID(NIST_HASH, 0x03) }, HASH_SHA512 },
	{ { OID(PKCS_1, 0x04) }, HASH_MD5 },
	{ { OID(PKCS_1, 0x05) }, HASH_SHA1 },
	{ { OID(PKCS_1, 0x0b) }, HASH_SHA256 },
	{ { OID(PKCS_1, 0x0c) }, HASH_SHA384 },
	{ { OID(PKCS_1, 0x0d) }, HASH_SHA512 },
	{ { OID(ANSI_X9_62, 0x04, 0x01) }, HASH_SHA1 },
	{ { OID(ANSI_X9_62, 0x04, 0x03, 0x02) }, HASH_SHA256 },
	{ { OID(ANSI_X9_62, 0x04, 0x03, 0x03) }, HASH_SHA384 },
	{ { OID(ANSI_X9_62, 0x04, 0x03, 0x04) }, HASH_SHA512 },
};

static const struct {
	struct slice oid;
	enum ec_curve curve;
} curves[] = {
	{ { OID(ANSI_X9_62, 0x03, 0x01, 0x07) }, EC_P256 },
	{ { OID(0x2b, 0x81, 0x04, 0x00, 0x22) }, EC_P384 },
	{ { OID(0x2b, 0x81, 0x04, 0x00, 0x23) }, EC_P521 },
};

static const struct slice ec_key_oid = { OID(ANSI_X9_62, 0x02, 0x01) };

static const struct slice rsa_key_oid = { OID(PKCS_1, 0x01) };
static const struct slice key_usage_oid = { OID(0x55, 0x1d, 0x0f) };
static const struct slice basic_constraints_oid = { OID(0x55, 0x1d, 0x13) };
static const struct slice extended_usage_oid = { OID(0x55, 0x1d, 0x25) };
static const struct slice code_signing_oid = { OID(EXTENDED_USE, 0x03) };
static const struct slice time_stamping_oid = { OID(EXTENDED_USE, 0x08) };

enum { KEY_CERT_SIGN = 0x04, EXTENSIONS_TAG = DER_CONTEXT + 3 };

static bool read_signed_part(struct reader in, struct certificate *out);
static bool read_validity(struct reader *in, struct certificate *out);
static bool read_key(struct reader *in, struct public_key *out);
static bool read_rsa_key(struct reader bits, struct rsa_key *out);
static bool read_curve(struct reader algorithm, enum ec_curve *out);
static bool read_extensions(struct reader *in, struct certificate *out);
static void read_extension(struct slice oid, struct slice value, struct certificate *out);
static unsigned extended_uses(struct reader value);

bool certificate_read(struct reader *in, struct certificate *out)
{
	struct certificate certificate = { 0 };
	struct reader parts, signed_part;
	struct slice bits;

	if (!der_enter(in, DER_SEQUENCE, &parts))
		return false;
	size_t start = parts.pos;
	if (!der_enter(&parts, DER_SEQUENCE, &signed_part))
		return false;
	struct reader again = parts;
	again.pos = start;
	certificate.signed_part = reader_slice(&again, parts.pos - start);
	if (!read_signed_part(signed_part, &certificate) ||
	    !certificate_hash(&parts, &certificate.hash) ||
	    !der_take(&parts, DER_BIT_STRING, &bits))
		return false;
	struct reader signature = reader_of_slice(bits);
	reader_skip(&signature, 1); /* unused bits: none */
	certificate.signature = reader_rest(&signature);
	*out = certificate;
	return reader_ok(&signature);
}

static bool read_signed_part(struct reader in, struct certificate *out)
{
	struct reader key;

	if (der_peek(&in) == DER_CONTEXT && !der_skip(&in))
		return false;
	if (!der_take(&in, DER_INTEGER, &out->serial) || !der_skip(&in) ||
	    !der_take(&in, DER_SEQUENCE, &out->issuer) || !read_validity(&in, out) ||
	    !der_take(&in, DER_SEQUENCE, &out->subject) ||
	    !der_enter(&in, DER_SEQUENCE, &key) || !read_key(&key, &out->key))
		return false;
	while (reader_left(&in) > 0 && der_peek(&in) != EXTENSIONS_TAG)
		if (!der_skip(&in))
			return false;
	return reader_left(&in) == 0 || read_extensions(&in, out);
}

static bool read_validity(struct reader *in, struct certificate *out)
{
	struct reader times;

	return der_enter(in, DER_SEQUENCE, &times) &&
	       der_time(&times, &out->not_before) && der_time(&times, &out->not_after);
}

static bool read_key(struct reader *in, struct public_key *out)
{
	struct reader algorithm, bits;
	struct slice oid, value;

	if (!der_enter(in, DER_SEQUENCE, &algorithm) ||
	    !der_take(&algorithm, DER_OID, &oid) || !der_take(in, DER_BIT_STRING, &value))
		return false;
	bits = reader_of_slice(value);
	reader_skip(&bits, 1);
	out->is_ec = slice_equal(oid, ec_key_oid);
	if (!out->is_ec)
		return slice_equal(oid, rsa_key_oid) && read_rsa_key(bits, &out->rsa);
	out->ec.point = reader_rest(&bits);
	return reader_ok(&bits) && read_curve(algorithm, &out->ec.curve);
}

static bool read_rsa_key(struct reader bits, struct rsa_key *out)
{
	struct reader numbers;

	return der_enter(&bits, DER_SEQUENCE, &numbers) &&
	       der_take(&numbers, DER_INTEGER, &out->modulus) &&
	       der_take(&numbers, DER_INTEGER, &out->exponent);
}

static bool read_curve(struct reader algorithm, enum ec_curve *out)
{
	struct slice oid;

	if (!der_take(&algorithm, DER_OID, &oid))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(curves); i++) {
		if (slice_equal(curves[i].oid, oid)) {
			*out = curves[i].curve;
			return true;
		}
	}
	return false;
}

static bool read_extensions(struct reader *in, struct certificate *out)
{
	struct reader tagged, list, extension;
	struct slice oid, value;

	if (!der_enter(in, EXTENSIONS_TAG, &tagged) ||
	    !der_enter(&tagged, DER_SEQUENCE, &list))
		return false;
	out->uses = CERTIFICATE_SIGNS_CODE | CERTIFICATE_SIGNS_TIMES |
		    CERTIFICATE_SIGNS_CERTIFICATES;
	while (reader_left(&list) > 0) {
		if (!der_enter(&list, DER_SEQUENCE, &extension) ||
		    !der_take(&extension, DER_OID, &oid))
			return false;
		if (der_peek(&extension) != DER_OCTET_STRING && !der_skip(&extension))
			return false;
		if (!der_take(&extension, DER_OCTET_STRING, &value))
			return false;
		read_extension(oid, value, out);
	}
	return true;
}

static void read_extension(struct slice oid, struct slice value, struct certificate *out)
{
	const unsigned purposes = CERTIFICATE_SIGNS_CODE | CERTIFICATE_SIGNS_TIMES;
	struct reader in = reader_of_slice(value);
	struct slice bits;

	if (slice_equal(oid, key_usage_oid)) {
		bool allows = der_take(&in, DER_BIT_STRING, &bits) && bits.len >= 2 &&
			      (bits.base[1] & KEY_CERT_SIGN);
		if (!allows)
			out->uses &= ~(unsigned)CERTIFICATE_SIGNS_CERTIFICATES;
	} else if (slice_equal(oid, extended_usage_oid)) {
		out->uses = (out->uses & ~purposes) | extended_uses(in);
	} else if (slice_equal(oid, basic_constraints_oid)) {
		struct reader constraints;
		/* BOOLEAN authority, which is false if it is not there. */
		out->is_no_authority = !der_enter(&in, DER_SEQUENCE, &constraints) ||
				       der_peek(&constraints) != 0x01;
	}
}

static unsigned extended_uses(struct reader value)
{
	struct reader list;
	struct slice oid;
	unsigned uses = 0;

	if (!der_enter(&value, DER_SEQUENCE, &list))
		return 0;
	while (reader_left(&list) > 0 && der_take(&list, DER_OID, &oid)) {
		if (slice_equal(oid, code_signing_oid))
			uses |= CERTIFICATE_SIGNS_CODE;
		else if (slice_equal(oid, time_stamping_oid))
			uses |= CERTIFICATE_SIGNS_TIMES;
	}
	return uses;
}

bool certificate_hash(struct reader *in, enum message_hash *out)
{
	struct reader algorithm;
	struct slice oid;

	if (!der_enter(in, DER_SEQUENCE, &algorithm) ||
	    !der_take(&algorithm, DER_OID, &oid))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(hashes); i++) {
		if (slice_equal(hashes[i].oid, oid)) {
			*out = hashes[i].hash;
			return true;
		}
	}
	return false;
}
