/* SPDX-License-Identifier: Apache-2.0 */
#include "signing.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "base/checked.h"

#define BYTES(...) \
	((struct slice){ (const uint8_t[]){ __VA_ARGS__ }, \
			 sizeof((const uint8_t[]){ __VA_ARGS__ }) })
#define JOIN(tag, ...) \
	join(signing, tag, (const struct slice[]){ __VA_ARGS__ }, \
	     ARRAY_LEN(((const struct slice[]){ __VA_ARGS__ })))
#define SEQUENCE(...) JOIN(0x30, __VA_ARGS__)
#define PKCS_7(n) BYTES(0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, n)
#define PKCS_9(n) BYTES(0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, n)
#define MICROSOFT(n) \
	BYTES(0x06, 10, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x01, n)
#define ALGORITHM_SHA256 \
	BYTES(0x30, 13, 0x06, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, \
	      0x05, 0x00)
#define ALGORITHM_RSA(n) \
	BYTES(0x30, 13, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, n, \
	      0x05, 0x00)

#define STAMP_CONTENT \
	BYTES(0x06, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04)

static void *must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

/* An element of these parts. */
static struct slice join(struct signing *signing, unsigned tag, const struct slice *parts,
			 size_t count)
{
	uint8_t head[4] = { (uint8_t)tag, 0x82 };
	size_t len = 0, head_len = 4;

	for (size_t i = 0; i < count; i++)
		len += parts[i].len;
	if (len < 0x80) {
		head[1] = (uint8_t)len;
		head_len = 2;
	} else {
		head[2] = (uint8_t)(len >> 8);
		head[3] = (uint8_t)len;
	}
	uint8_t *made = must(arena_alloc(&signing->arena, head_len + len));
	memcpy(made, head, head_len);
	size_t at = head_len;
	for (size_t i = 0; i < count; i++) {
		if (parts[i].len > 0)
			memcpy(made + at, parts[i].base, parts[i].len);
		at += parts[i].len;
	}
	return (struct slice){ made, at };
}

static struct slice sha256(struct signing *signing, struct slice bytes)
{
	uint8_t *digest = must(arena_alloc(&signing->arena, 32));

	if (EVP_Digest(bytes.base, bytes.len, digest, NULL, EVP_sha256(), NULL) != 1)
		abort();
	return (struct slice){ digest, 32 };
}

static struct slice sign(struct signing *signing, enum signing_who who,
			 struct slice bytes)
{
	EVP_MD_CTX *context = must(EVP_MD_CTX_new());
	size_t len = 128;
	uint8_t *signature = must(arena_alloc(&signing->arena, len));

	if (EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, signing->keys[who]) !=
		    1 ||
	    EVP_DigestSign(context, signature, &len, bytes.base, bytes.len) != 1)
		abort();
	EVP_MD_CTX_free(context);
	return (struct slice){ signature, len };
}

void signing_open(struct signing *signing)
{
	*signing = (struct signing){ 0 };
	arena_init(&signing->arena, 1 << 20);
	for (size_t i = 0; i < SIGNING_KEYS; i++)
		signing->keys[i] = must(EVP_RSA_gen(1024));
}

void signing_use_ec(struct signing *signing, enum signing_who who)
{
	EVP_PKEY_free(signing->keys[who]);
	signing->keys[who] = must(EVP_EC_gen("P-256"));
}

void signing_close(struct signing *signing)
{
	for (size_t i = 0; i < SIGNING_KEYS; i++)
		EVP_PKEY_free(signing->keys[i]);
	arena_clear(&signing->arena);
}

struct slice signing_modulus(struct signing *signing, enum signing_who who)
{
	uint8_t *bytes = must(arena_alloc(&signing->arena, 128));
	BIGNUM *modulus = NULL;

	if (EVP_PKEY_get_bn_param(signing->keys[who], OSSL_PKEY_PARAM_RSA_N, &modulus) !=
		    1 ||
	    BN_bn2binpad(modulus, bytes, 128) != 128)
		abort();
	BN_free(modulus);
	return (struct slice){ bytes, 128 };
}

struct slice signing_name(struct signing *signing, enum signing_who who)
{
	static const char *const names[] = { "Root", "Leaf", "Stamper" };
	struct slice text = JOIN(0x0c, slice_of(names[who]));

	return JOIN(0x31, SEQUENCE(BYTES(0x06, 3, 0x55, 0x04, 0x03), text));
}

struct slice signing_serial(struct signing *signing, enum signing_who who)
{
	uint8_t *serial = must(arena_alloc(&signing->arena, 2));

	serial[0] = 0x11;
	serial[1] = (uint8_t)who;
	return (struct slice){ serial, 2 };
}

static bool is_ec(const struct signing *signing, enum signing_who who)
{
	return EVP_PKEY_is_a(signing->keys[who], "EC");
}

/* Of somebody's signatures with SHA-256. */
static struct slice algorithm_of(const struct signing *signing, enum signing_who who)
{
	static const uint8_t with_rsa[] = { 0x30, 13,   0x06, 9,    0x2a,
					    0x86, 0x48, 0x86, 0xf7, 0x0d,
					    0x01, 0x01, 0x0b, 0x05, 0x00 };
	static const uint8_t with_ec[] = { 0x30, 10,   0x06, 8,    0x2a, 0x86,
					   0x48, 0xce, 0x3d, 0x04, 0x03, 0x02 };

	return is_ec(signing, who) ? (struct slice){ with_ec, sizeof(with_ec) } :
				     (struct slice){ with_rsa, sizeof(with_rsa) };
}

static struct slice public_key(struct signing *signing, enum signing_who who)
{
	uint8_t *point = must(arena_alloc(&signing->arena, 65));
	size_t len;

	if (!is_ec(signing, who)) {
		struct slice key = SEQUENCE(
			JOIN(0x02, BYTES(0), signing_modulus(signing, who)),
			BYTES(0x02, 3, 1, 0, 1));
		return SEQUENCE(ALGORITHM_RSA(0x01), JOIN(0x03, BYTES(0), key));
	}
	if (EVP_PKEY_get_octet_string_param(signing->keys[who], OSSL_PKEY_PARAM_PUB_KEY,
					    point, 65, &len) != 1)
		abort();
	struct slice curve = BYTES(0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
				   0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01,
				   0x07);
	return SEQUENCE(SEQUENCE(curve),
			JOIN(0x03, BYTES(0), ((struct slice){ point, len })));
}

static struct slice extensions(struct signing *signing,
			       const struct certificate_wish *wish)
{
	static const struct slice nothing = { 0 };
	const struct slice signs_code = BYTES(0x06, 8, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07,
					      0x03, 0x03);
	const struct slice signs_times = BYTES(0x06, 8, 0x2b, 0x06, 0x01, 0x05, 0x05,
					       0x07, 0x03, 0x08);
	struct slice uses = nothing, usage = nothing, constraints = nothing;
	struct slice code = nothing, times = nothing;

	if (wish->for_code)
		code = signs_code;
	if (wish->for_times)
		times = signs_times;
	if (code.len + times.len > 0)
		uses = SEQUENCE(BYTES(0x06, 3, 0x55, 0x1d, 0x25),
				JOIN(0x04, SEQUENCE(code, times)));
	if (wish->no_certificates)
		usage = SEQUENCE(BYTES(0x06, 3, 0x55, 0x1d, 0x0f), BYTES(0x01, 1, 0xff),
				 BYTES(0x04, 4, 0x03, 2, 7, 0x80));
	if (wish->is_no_authority)
		constraints = SEQUENCE(BYTES(0x06, 3, 0x55, 0x1d, 0x13),
				       BYTES(0x04, 2, 0x30, 0));
	else
		constraints = SEQUENCE(BYTES(0x06, 3, 0x55, 0x1d, 0x13),
				       BYTES(0x04, 5, 0x30, 3, 0x01, 1, 0xff));
	return JOIN(0xa3, SEQUENCE(constraints, usage, uses));
}

struct slice signing_certificate(struct signing *signing,
				 const struct certificate_wish *wish)
{
	const char *from = wish->not_before ? wish->not_before : "200101000000Z";
	const char *until = wish->not_after ? wish->not_after : "400101000000Z";
	struct slice body = SEQUENCE(
		BYTES(0xa0, 3, 0x02, 1, 2),
		JOIN(0x02, signing_serial(signing, wish->subject)),
		algorithm_of(signing, wish->issuer),
		SEQUENCE(signing_name(signing, wish->issuer)),
		SEQUENCE(JOIN(0x17, slice_of(from)), JOIN(0x17, slice_of(until))),
		SEQUENCE(signing_name(signing, wish->subject)),
		public_key(signing, wish->subject), extensions(signing, wish));

	return SEQUENCE(body, algorithm_of(signing, wish->issuer),
			JOIN(0x03, BYTES(0), sign(signing, wish->issuer, body)));
}

/* A signer of this content; `others` stand in its unsigned attributes. */
static struct slice signer(struct signing *signing, enum signing_who who,
			   struct slice attributes, struct slice others, bool is_forged)
{
	enum signing_who by = is_forged ? SIGNING_STAMPER : who;
	struct slice signature = sign(signing, by, JOIN(0x31, attributes));
	enum signing_who issued_by = who == SIGNING_LEAF ? signing->leaf_issuer :
							   SIGNING_ROOT;
	struct slice issuer = SEQUENCE(signing_name(signing, issued_by));
	struct slice number = JOIN(0x02, signing_serial(signing, who));
	struct slice tail = { 0 };

	if (others.len > 0)
		tail = JOIN(0xa1, others);
	return SEQUENCE(BYTES(0x02, 1, 1), SEQUENCE(issuer, number), ALGORITHM_SHA256,
			JOIN(0xa0, attributes), ALGORITHM_RSA(0x01),
			JOIN(0x04, signature), tail);
}

static struct slice stamp(struct signing *signing, struct slice signature,
			  const char *time)
{
	struct slice attributes[] = {
		SEQUENCE(PKCS_9(3), JOIN(0x31, PKCS_7(1))),
		SEQUENCE(PKCS_9(5), JOIN(0x31, JOIN(0x17, slice_of(time)))),
		SEQUENCE(PKCS_9(4), JOIN(0x31, JOIN(0x04, sha256(signing, signature)))),
	};
	struct slice all = join(signing, 0x31, attributes, ARRAY_LEN(attributes));
	struct slice inner = { all.base + 4, all.len - 4 };

	if (all.base[1] < 0x80)
		inner = (struct slice){ all.base + 2, all.len - 2 };
	return SEQUENCE(PKCS_9(6), JOIN(0x31, signer(signing, SIGNING_STAMPER, inner,
						     (struct slice){ 0 }, false)));
}

/* Of the newer kind: a whole signature of who stamped, when, and what. */
static struct slice newer_stamp(struct signing *signing, struct slice signature,
				const struct signature_wish *wish)
{
	struct slice of = wish->stamps_another ? slice_of("another") : signature;
	struct slice info = SEQUENCE(
		BYTES(0x02, 1, 1), BYTES(0x06, 2, 0x2a, 3),
		SEQUENCE(ALGORITHM_SHA256, JOIN(0x04, sha256(signing, of))),
		BYTES(0x02, 1, 5), JOIN(0x18, slice_of(wish->newer_stamp)));
	struct slice type = SEQUENCE(PKCS_9(3), JOIN(0x31, STAMP_CONTENT));
	struct slice sum = SEQUENCE(PKCS_9(4),
				    JOIN(0x31, JOIN(0x04, sha256(signing, info))));
	struct slice attributes = JOIN(0x31, type, sum);

	attributes = (struct slice){ attributes.base + 2, attributes.len - 2 };
	struct slice who = signer(signing, SIGNING_STAMPER, attributes,
				  (struct slice){ 0 }, false);
	struct slice data = SEQUENCE(
		BYTES(0x02, 1, 3), JOIN(0x31, ALGORITHM_SHA256),
		SEQUENCE(STAMP_CONTENT, JOIN(0xa0, JOIN(0x04, info))),
		JOIN(0xa0, wish->stamp_certificate), JOIN(0x31, who));
	return SEQUENCE(BYTES(0x06, 10, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x03,
			      0x03, 0x01),
			JOIN(0x31, SEQUENCE(PKCS_7(2), JOIN(0xa0, data))));
}

struct slice signing_signature(struct signing *signing, const struct signature_wish *wish)
{
	struct slice digest = SEQUENCE(ALGORITHM_SHA256, JOIN(0x04, wish->file_digest));
	struct slice program = SEQUENCE(MICROSOFT(0x0f), BYTES(0x30, 0));
	struct slice content = SEQUENCE(program, digest);
	struct slice inside = { content.base + 2, content.len - 2 };
	struct slice type = SEQUENCE(PKCS_9(3), JOIN(0x31, MICROSOFT(0x04)));
	struct slice sum = SEQUENCE(PKCS_9(4),
				    JOIN(0x31, JOIN(0x04, sha256(signing, inside))));
	struct slice attributes = JOIN(0x31, type, sum);
	struct slice others = { 0 }, further = { 0 };

	attributes = (struct slice){ attributes.base + 2, attributes.len - 2 };
	struct slice signature = sign(signing, SIGNING_LEAF, JOIN(0x31, attributes));
	if (wish->stamp)
		others = stamp(signing, signature, wish->stamp);
	else if (wish->newer_stamp)
		others = newer_stamp(signing, signature, wish);
	if (wish->further.len > 0)
		further = SEQUENCE(BYTES(0x06, 10, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82,
					 0x37, 0x02, 0x04, 0x01),
				   JOIN(0x31, wish->further));
	if (further.len > 0) {
		uint8_t *both = must(
			arena_alloc(&signing->arena, others.len + further.len));
		if (others.len > 0)
			memcpy(both, others.base, others.len);
		memcpy(both + others.len, further.base, further.len);
		others = (struct slice){ both, others.len + further.len };
	}
	struct slice who = signer(signing, SIGNING_LEAF, attributes, others,
				  wish->is_forged);
	struct slice data = SEQUENCE(BYTES(0x02, 1, 1), JOIN(0x31, ALGORITHM_SHA256),
				     SEQUENCE(MICROSOFT(0x04), JOIN(0xa0, content)),
				     JOIN(0xa0, wish->certificates[0],
					  wish->certificates[1], wish->certificates[2]),
				     JOIN(0x31, who));

	return SEQUENCE(PKCS_7(2), JOIN(0xa0, data));
}

static struct slice body_of(struct slice element)
{
	size_t head = element.base[1] < 0x80 ? 2 : 4;

	return (struct slice){ element.base + head, element.len - head };
}

struct slice signing_catalog(struct signing *signing, const struct catalog_wish *wish)
{
	static const uint8_t list_oid[] = { 0x06, 9,    0x2b, 0x06, 0x01, 0x04,
					    0x01, 0x82, 0x37, 0x0a, 0x01 };
	const struct slice type = { list_oid, sizeof(list_oid) };
	struct slice kind = MICROSOFT(0x0f), algorithm = ALGORITHM_SHA256;
	const struct slice of_file = MICROSOFT(0x19);
	const struct slice sha1 = BYTES(0x30, 9, 0x06, 5, 0x2b, 0x0e, 0x03, 0x02, 0x1a,
					0x05, 0x00);

	if (wish->is_of_file)
		kind = of_file;
	if (wish->digest.len == 20)
		algorithm = sha1;
	struct slice indirect = SEQUENCE(SEQUENCE(kind, BYTES(0x30, 0)),
					 SEQUENCE(algorithm, JOIN(0x04, wish->digest)));
	struct slice other = SEQUENCE(MICROSOFT(0x05), JOIN(0x31, BYTES(0x05, 0)));
	struct slice member = SEQUENCE(
		JOIN(0x04, slice_of("tag")),
		JOIN(0x31, other, SEQUENCE(MICROSOFT(0x04), JOIN(0x31, indirect))));
	struct slice content = SEQUENCE(
		SEQUENCE(MICROSOFT(0x01)), JOIN(0x04, slice_of("name")),
		JOIN(0x17, slice_of("250101000000Z")), SEQUENCE(BYTES(0x05, 0)),
		SEQUENCE(SEQUENCE(JOIN(0x04, slice_of("no attributes"))), member));
	struct slice sum = sha256(signing, body_of(content));
	struct slice attributes = JOIN(0x31, SEQUENCE(PKCS_9(3), JOIN(0x31, type)),
				       SEQUENCE(PKCS_9(4), JOIN(0x31, JOIN(0x04, sum))));
	struct slice who = signer(signing, SIGNING_LEAF, body_of(attributes),
				  (struct slice){ 0 }, wish->is_forged);
	struct slice data = SEQUENCE(BYTES(0x02, 1, 1), JOIN(0x31, ALGORITHM_SHA256),
				     SEQUENCE(type, JOIN(0xa0, content)),
				     JOIN(0xa0, wish->certificates[0],
					  wish->certificates[1], wish->certificates[2]),
				     JOIN(0x31, who));

	return SEQUENCE(PKCS_7(2), JOIN(0xa0, data));
}
