/* SPDX-License-Identifier: Apache-2.0 */
#include "view/digest_catalog.h"

#include <stdlib.h>

#include "guard.h"
#include "signing.h"
#include "test.h"

#define DIGEST "0123456789abcdef0123456789abcdef"

static struct signing signing;
static struct arena arena;

static struct slice make(const char *digest, bool is_of_file)
{
	static const struct certificate_wish leaf = { .subject = SIGNING_LEAF };
	struct catalog_wish wish = { .digest = slice_of(digest),
				     .is_of_file = is_of_file };

	wish.certificates[0] = signing_certificate(&signing, &leaf);
	return signing_catalog(&signing, &wish);
}

static bool has(const struct digest_catalog *catalog, enum catalog_of of,
		enum message_hash hash, const char *digest)
{
	const struct catalog_question question = { of, hash, slice_of(digest) };

	return digest_catalog_has(catalog, &question);
}

TEST("a catalogue has digests of programs and files, each of its kind")
{
	struct digest_catalog catalog;

	signing_open(&signing);
	arena_init(&arena, 1 << 20);
	REQUIRE(digest_catalog_open(make(DIGEST, false), &arena, &catalog) == STATUS_OK);
	CHECK(catalog.signature->signer.is_there);
	CHECK_EQ(catalog.signature->certificate_count, 1);
	CHECK(has(&catalog, CATALOG_PROGRAM, HASH_SHA256, DIGEST));
	CHECK(!has(&catalog, CATALOG_FILE, HASH_SHA256, DIGEST));
	CHECK(!has(&catalog, CATALOG_PROGRAM, HASH_SHA1, DIGEST));
	CHECK(!has(&catalog, CATALOG_PROGRAM, HASH_SHA256,
		   "0123456789abcdef0123456789abcdeg"));
	CHECK(!has(&catalog, CATALOG_PROGRAM, HASH_SHA256, ""));
	REQUIRE(digest_catalog_open(make("0123456789abcdef0123", true), &arena,
				    &catalog) == STATUS_OK);
	CHECK(has(&catalog, CATALOG_FILE, HASH_SHA1, "0123456789abcdef0123"));
	CHECK(!has(&catalog, CATALOG_PROGRAM, HASH_SHA1, "0123456789abcdef0123"));
	arena_clear(&arena);
	signing_close(&signing);
}

TEST("one that is cut or of another content is none; one with other bytes is harmless")
{
	struct signature_wish program = { .file_digest = slice_of(DIGEST) };
	struct digest_catalog catalog;

	signing_open(&signing);
	struct slice whole = make(DIGEST, false);
	for (size_t len = 0; len < whole.len; len++) {
		struct guard part = guard_copy(whole.base, len);

		arena_init(&arena, 1 << 20);
		CHECK_EQ(digest_catalog_open((struct slice){ part.bytes, len }, &arena,
					     &catalog),
			 STATUS_MALFORMED);
		arena_clear(&arena);
		guard_free(&part);
	}
	arena_init(&arena, 16 << 20);
	CHECK_EQ(digest_catalog_open(signing_signature(&signing, &program), &arena,
				     &catalog),
		 STATUS_MALFORMED);
	for (size_t at = 0; at < whole.len; at++) {
		struct arena_mark mark = arena_mark(&arena);
		struct guard other = guard_copy(whole.base, whole.len);

		other.bytes[at] ^= 0x41;
		if (digest_catalog_open((struct slice){ other.bytes, whole.len }, &arena,
					&catalog) == STATUS_OK)
			(void)has(&catalog, CATALOG_PROGRAM, HASH_SHA256, DIGEST);
		guard_free(&other);
		arena_rewind(&arena, mark);
	}
	arena_clear(&arena);
	signing_close(&signing);
}

TEST_MAIN()
