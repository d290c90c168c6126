/* SPDX-License-Identifier: Apache-2.0 */
/* Whom to believe is what clamscan 1.4.6 was seen to believe, with a few exceptions. */
#include "view/trust_chain.h"

#include <stdlib.h>

#include "pe_blob.h"
#include "signing.h"

/* In 2026, and in 2041. */
#define NOW INT64_C(1780000000)
#define LATER INT64_C(2250000000)

enum { EVERYTHING = 7 };

struct fixture {
	struct signing signing;
	struct digests digests;
	struct blob file;
	struct authenticode *signature;
	struct certificate_names names[AUTHENTICODE_CERTIFICATES_MAX];
};

static const struct certificate_wish root_wish = { .subject = SIGNING_ROOT };
static const struct certificate_wish leaf_wish = { .subject = SIGNING_LEAF,
						   .for_code = true,
						   .no_certificates = true };
static const struct certificate_wish stamper_wish = { .subject = SIGNING_STAMPER,
						      .for_times = true,
						      .no_certificates = true };

static void open_keys(struct fixture *fixture)
{
	memset(fixture, 0, sizeof(*fixture));
	signing_open(&fixture->signing);
	CHECK(digests_load(&fixture->digests) == STATUS_OK);
}

/* A file whose only section ends with a signature, and that signature read again. */
static bool put_signature(struct fixture *fixture, const struct signature_wish *wish)
{
	struct slice made = signing_signature(&fixture->signing, wish);
	struct blob *file = &fixture->file;
	size_t at = 1024;

	blob_init(file, false);
	blob_set(file, at, 8 + made.len, 4);
	blob_set(file, at + 6, 2, 2);
	memcpy(file->bytes + at + 8, made.base, made.len);
	file->len = at + 8 + made.len;
	blob_directory(file, PE_SIGNATURES, at, 8 + made.len);
	/* Of this directory alone the address is an offset in the file. */
	blob_set(file, 64 + 24 + 96 + 8 * PE_SIGNATURES, at, 4);
	if (!CHECK(blob_open_bytes(file, file->bytes, file->len)))
		return false;
	if (!CHECK_EQ(authenticode_read(file->executable.pe, &file->arena,
					&fixture->signature),
		      STATUS_OK))
		return false;
	return CHECK_EQ(
		trust_names(fixture->signature, &fixture->digests, fixture->names),
		STATUS_OK);
}

static void close_all(struct fixture *fixture)
{
	blob_close(&fixture->file);
	signing_close(&fixture->signing);
	digests_clear(&fixture->digests);
}

static struct trust_anchor anchor_of(struct fixture *fixture, enum signing_who who,
				     unsigned uses)
{
	struct signing *signing = &fixture->signing;
	struct trust_anchor anchor = {
		.has_serial = true,
		.modulus = signing_modulus(signing, who),
		.uses = uses,
	};
	struct message_digest digest;

	CHECK(message_digest_of(&fixture->digests, HASH_SHA1, signing_name(signing, who),
				&digest) == STATUS_OK);
	memcpy(anchor.subject_sha1, digest.bytes, 20);
	CHECK(message_digest_of(&fixture->digests, HASH_SHA1,
				signing_serial(signing, who), &digest) == STATUS_OK);
	memcpy(anchor.serial_sha1, digest.bytes, 20);
	return anchor;
}

static bool trusts(struct fixture *fixture, const struct trust_anchor *anchors,
		   size_t count, int64_t now, bool compat)
{
	const struct trust_setup setup = {
		.digests = &fixture->digests,
		.anchors = anchors,
		.anchor_count = count,
		.now = now,
		.clamav_compat = compat,
	};
	bool is_trusted = false;

	CHECK_EQ(trust_check(fixture->signature, fixture->names, &setup, &is_trusted),
		 STATUS_OK);
	return is_trusted;
}

static bool make(struct fixture *fixture, const struct certificate_wish *leaf,
		 const struct certificate_wish *root, struct signature_wish wish)
{
	open_keys(fixture);
	wish.file_digest = slice_of("0123456789abcdef0123456789abcdef");
	wish.certificates[0] = signing_certificate(&fixture->signing, leaf);
	wish.certificates[1] = signing_certificate(&fixture->signing, root);
	struct slice stamper = signing_certificate(&fixture->signing, &stamper_wish);
	if (wish.newer_stamp)
		wish.stamp_certificate = stamper;
	else
		wish.certificates[2] = stamper;
	return put_signature(fixture, &wish);
}

#define MAKE(fixture, leaf, root, ...) \
	REQUIRE(make(fixture, leaf, root, (struct signature_wish){ __VA_ARGS__ }))

TEST("a signature says who signed what")
{
	struct fixture fixture;

	MAKE(&fixture, &leaf_wish, &root_wish, .stamp = "250203040506Z");
	const struct authenticode *signature = fixture.signature;
	CHECK_EQ(signature->certificate_count, 3);
	CHECK(signature->signer.is_there && signature->stamper.is_there);
	CHECK_EQ(signature->stamper.time, 1738555506);
	CHECK_EQ(signature->hash, HASH_SHA256);
	CHECK(slice_is(signature->file_digest, "0123456789abcdef0123456789abcdef"));
	CHECK_EQ(signature->certificates[0].uses, CERTIFICATE_SIGNS_CODE);
	CHECK_EQ(signature->certificates[1].uses, EVERYTHING);
	CHECK_EQ(signature->certificates[2].uses, CERTIFICATE_SIGNS_TIMES);
	CHECK_EQ(signature->certificates[1].not_before, 1577836800);
	close_all(&fixture);
}

TEST("an anchor that is the signer's certificate is enough, if it may sign code")
{
	struct fixture fixture;

	MAKE(&fixture, &leaf_wish, &root_wish, .stamp = NULL);
	struct trust_anchor leaf = anchor_of(&fixture, SIGNING_LEAF,
					     CERTIFICATE_SIGNS_CODE);
	CHECK(trusts(&fixture, &leaf, 1, NOW, false));
	leaf.uses = CERTIFICATE_SIGNS_TIMES;
	CHECK(!trusts(&fixture, &leaf, 1, NOW, false));
	leaf.uses = EVERYTHING;
	CHECK(trusts(&fixture, &leaf, 1, NOW, false));
	leaf.not_before = NOW;
	CHECK(!trusts(&fixture, &leaf, 1, NOW, false));
	leaf.not_before = 0;
	leaf.serial_sha1[0] ^= 1;
	CHECK(!trusts(&fixture, &leaf, 1, NOW, false));
	leaf.has_serial = false;
	CHECK(trusts(&fixture, &leaf, 1, NOW, false));
	leaf.modulus = signing_modulus(&fixture.signing, SIGNING_ROOT);
	CHECK(!trusts(&fixture, &leaf, 1, NOW, false));
	CHECK(!trusts(&fixture, NULL, 0, NOW, false));
	close_all(&fixture);
}

TEST("an anchor that issued it is enough, if it signs certificates and code")
{
	struct fixture fixture;

	MAKE(&fixture, &leaf_wish, &root_wish, .stamp = NULL);
	struct trust_anchor root = anchor_of(&fixture, SIGNING_ROOT, EVERYTHING);
	CHECK(trusts(&fixture, &root, 1, NOW, false));
	root.uses = CERTIFICATE_SIGNS_CODE;
	CHECK(!trusts(&fixture, &root, 1, NOW, false));
	root.uses = CERTIFICATE_SIGNS_CERTIFICATES;
	CHECK(!trusts(&fixture, &root, 1, NOW, false));
	root.uses = EVERYTHING;
	root.modulus = signing_modulus(&fixture.signing, SIGNING_STAMPER);
	CHECK(!trusts(&fixture, &root, 1, NOW, false));
	close_all(&fixture);
}

TEST("a certificate that has expired counts only where its time was stamped")
{
	static const struct certificate_wish old = {
		.subject = SIGNING_LEAF,
		.not_after = "250601000000Z",
		.for_code = true,
		.no_certificates = true,
	};
	struct fixture fixture;

	MAKE(&fixture, &old, &root_wish, .stamp = NULL);
	struct trust_anchor root = anchor_of(&fixture, SIGNING_ROOT, EVERYTHING);
	CHECK(!trusts(&fixture, &root, 1, NOW, false));
	close_all(&fixture);

	MAKE(&fixture, &old, &root_wish, .stamp = "250203040506Z");
	root = anchor_of(&fixture, SIGNING_ROOT, EVERYTHING);
	CHECK(trusts(&fixture, &root, 1, NOW, false));
	CHECK(trusts(&fixture, &root, 1, LATER, false));
	struct trust_anchor leaf = anchor_of(&fixture, SIGNING_LEAF,
					     CERTIFICATE_SIGNS_CODE);
	CHECK(!trusts(&fixture, &leaf, 1, NOW, false));
	close_all(&fixture);

	MAKE(&fixture, &old, &root_wish, .stamp = "250603040506Z");
	root = anchor_of(&fixture, SIGNING_ROOT, EVERYTHING);
	CHECK(!trusts(&fixture, &root, 1, NOW, false));
	close_all(&fixture);
}

TEST("a stamp from a time at which the stamper was not valid is one for clamscan alone")
{
	static const struct certificate_wish early = {
		.subject = SIGNING_LEAF,
		.not_before = "100101000000Z",
		.for_code = true,
		.no_certificates = true,
	};
	struct fixture fixture;

	MAKE(&fixture, &early, &root_wish, .stamp = "190203040506Z");
	struct trust_anchor root = anchor_of(&fixture, SIGNING_ROOT, EVERYTHING);
	CHECK(!trusts(&fixture, &root, 1, NOW, false));
	CHECK(trusts(&fixture, &root, 1, NOW, true));
	close_all(&fixture);
}

TEST("a signature by another key, or of other content, does not hold")
{
	struct fixture fixture;

	MAKE(&fixture, &leaf_wish, &root_wish, .is_forged = true);
	struct trust_anchor root = anchor_of(&fixture, SIGNING_ROOT, EVERYTHING);
	CHECK(!trusts(&fixture, &root, 1, NOW, false));
	close_all(&fixture);

	MAKE(&fixture, &leaf_wish, &root_wish, .stamp = NULL);
	root = anchor_of(&fixture, SIGNING_ROOT, EVERYTHING);
	fixture.signature->content.len--;
	CHECK(!trusts(&fixture, &root, 1, NOW, false));
	close_all(&fixture);
}

TEST("who is no authority issues nothing, but for clamscan")
{
	static const struct certificate_wish between[] = {
		{ .subject = SIGNING_ROOT, .issuer = SIGNING_STAMPER },
		{ .subject = SIGNING_ROOT,
		  .issuer = SIGNING_STAMPER,
		  .is_no_authority = true },
	};
	struct fixture fixture;

	for (size_t i = 0; i < ARRAY_LEN(between); i++) {
		bool is_authority = !between[i].is_no_authority;

		MAKE(&fixture, &leaf_wish, &between[i], .stamp = NULL);
		struct trust_anchor top = anchor_of(&fixture, SIGNING_STAMPER,
						    EVERYTHING);
		CHECK_EQ(trusts(&fixture, &top, 1, NOW, false), is_authority);
		CHECK(trusts(&fixture, &top, 1, NOW, true));
		close_all(&fixture);
	}
}

static void look(const uint8_t *bytes, size_t len, void *context)
{
	struct authenticode *signature;
	struct blob *blob = context;

	if (!blob_open_bytes(blob, bytes, len))
		return;
	/* Signatures end with the file, wherever that is. */
	struct pe_image image = *blob->executable.pe;
	if (len > 1024) {
		image.directories[PE_SIGNATURES].len = (uint32_t)(len - 1024);
		enum status status = authenticode_read(&image, &blob->arena, &signature);
		CHECK(status == STATUS_OK || status == STATUS_END);
	}
	blob_close(blob);
}

TEST("every prefix is safe")
{
	struct fixture fixture;
	struct blob work;

	MAKE(&fixture, &leaf_wish, &root_wish, .stamp = "250203040506Z");
	every_prefix_is_safe(look, fixture.file.bytes, fixture.file.len, &work);
	close_all(&fixture);
}

TEST("the digest of a file leaves out its checksum and its signature")
{
	struct message_digest first, second;
	struct fixture fixture;

	MAKE(&fixture, &leaf_wish, &root_wish, .stamp = NULL);
	struct blob *file = &fixture.file;
	const struct pe_image *image = file->executable.pe;
	REQUIRE(authenticode_digest(image, &file->arena, &fixture.digests, HASH_SHA256,
				    &first) == STATUS_OK);
	file->bytes[64 + 88] ^= 1;
	file->bytes[1030] ^= 1;
	REQUIRE(authenticode_digest(image, &file->arena, &fixture.digests, HASH_SHA256,
				    &second) == STATUS_OK);
	CHECK_MEM(first.bytes, second.bytes, 32);
	file->bytes[600] ^= 1;
	REQUIRE(authenticode_digest(image, &file->arena, &fixture.digests, HASH_SHA256,
				    &second) == STATUS_OK);
	CHECK(memcmp(first.bytes, second.bytes, 32) != 0);
	close_all(&fixture);
}

TEST("a stamp of the newer kind is one, but not for clamscan")
{
	static const struct certificate_wish old = {
		.subject = SIGNING_LEAF,
		.not_after = "250601000000Z",
		.for_code = true,
		.no_certificates = true,
	};
	static const struct {
		struct signature_wish wish;
		bool is_trusted;
	} cases[] = {
		{ { .newer_stamp = "20250203040506Z" }, true },
		{ { .newer_stamp = "20250203040506.789Z" }, true },
		/* After its end; another form of time; of another signature. */
		{ { .newer_stamp = "20250603040506Z" }, false },
		{ { .newer_stamp = "202502030405Z" }, false },
		{ { .newer_stamp = "20250203040506+0100Z" }, false },
		{ { .newer_stamp = "20250203040506Z", .stamps_another = true }, false },
		/* An older one that does not hold spoils it, whatever stands beside. */
		{ { .stamp = "190203040506Z", .newer_stamp = "20250203040506Z" }, false },
	};
	struct fixture fixture;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		REQUIRE(make(&fixture, &old, &root_wish, cases[i].wish));
		struct trust_anchor root = anchor_of(&fixture, SIGNING_ROOT, EVERYTHING);
		CHECK_EQ(trusts(&fixture, &root, 1, NOW, false), cases[i].is_trusted);
		CHECK(!trusts(&fixture, &root, 1, NOW, true));
		/* Nobody says that the stamper may. */
		struct trust_anchor leaf = anchor_of(&fixture, SIGNING_LEAF,
						     CERTIFICATE_SIGNS_CODE);
		CHECK(!trusts(&fixture, &leaf, 1, NOW, false));
		close_all(&fixture);
	}
	/* One that does not hold takes nothing from a signer who is valid now. */
	MAKE(&fixture, &leaf_wish, &root_wish, .newer_stamp = "20250203040506Z",
	     .stamps_another = true);
	struct trust_anchor root = anchor_of(&fixture, SIGNING_ROOT, EVERYTHING);
	CHECK_EQ(fixture.signature->stamp_count, 1);
	CHECK_EQ(fixture.signature->certificate_count, 3);
	CHECK_EQ(fixture.signature->own_certificate_count, 2);
	CHECK(trusts(&fixture, &root, 1, NOW, false));
	CHECK(trusts(&fixture, &root, 1, NOW, true));
	close_all(&fixture);
}

TEST("keys of elliptic curves sign like others, but not for clamscan")
{
	static const struct certificate_wish leaf_of_stamper = {
		.subject = SIGNING_LEAF,
		.issuer = SIGNING_STAMPER,
		.for_code = true,
		.no_certificates = true,
	};
	static const struct certificate_wish authority = { .subject = SIGNING_STAMPER };
	struct fixture fixture;

	/* The leaf's key; its issuer's; the leaf's, and another signed. */
	for (unsigned i = 0; i < 3; i++) {
		struct signature_wish wish = { .is_forged = i == 2 };

		open_keys(&fixture);
		signing_use_ec(&fixture.signing, i == 1 ? SIGNING_STAMPER : SIGNING_LEAF);
		if (i == 1)
			fixture.signing.leaf_issuer = SIGNING_STAMPER;
		wish.file_digest = slice_of("0123456789abcdef0123456789abcdef");
		wish.certificates[0] = signing_certificate(
			&fixture.signing, i == 1 ? &leaf_of_stamper : &leaf_wish);
		wish.certificates[1] = signing_certificate(&fixture.signing, &root_wish);
		wish.certificates[2] = signing_certificate(&fixture.signing, &authority);
		REQUIRE(put_signature(&fixture, &wish));
		CHECK_EQ(fixture.signature->certificate_count, 3);
		CHECK_EQ(fixture.signature->certificates[0].key.is_ec, i != 1);
		struct trust_anchor root = anchor_of(&fixture, SIGNING_ROOT, EVERYTHING);
		CHECK_EQ(trusts(&fixture, &root, 1, NOW, false), i != 2);
		CHECK(!trusts(&fixture, &root, 1, NOW, true));
		close_all(&fixture);
	}
}

TEST("signatures that stand in a signature are read, and none in those")
{
	struct fixture fixture;
	struct signature_wish inner = {
		.file_digest = slice_of("0123456789abcdef0123456789abcdef"),
	};
	struct signature_wish middle = inner;

	open_keys(&fixture);
	inner.certificates[0] = signing_certificate(&fixture.signing, &leaf_wish);
	middle.further = signing_signature(&fixture.signing, &inner);
	inner.further = signing_signature(&fixture.signing, &middle);
	REQUIRE(put_signature(&fixture, &inner));
	CHECK_EQ(fixture.signature->more_count, 1);
	CHECK_EQ(fixture.signature->certificate_count, 1);
	const struct authenticode *more = &fixture.signature->more[0];
	CHECK(more->signer.is_there);
	CHECK_EQ(more->certificate_count, 0);
	CHECK(!more->more);
	close_all(&fixture);
}

TEST_MAIN()
