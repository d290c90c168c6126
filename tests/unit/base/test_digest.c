/* SPDX-License-Identifier: Apache-2.0 */
#include "base/digest.h"

#include <stdlib.h>
#include <sys/resource.h>

#include <openssl/crypto.h>

#include "test.h"

/* The examples of RFC 1321, RFC 3174 and FIPS 180-2. */
static const struct {
	const char *text;
	const char *hex[DIGEST_COUNT];
} vectors[] = {
	{ "",
	  { "d41d8cd98f00b204e9800998ecf8427e",
	    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" } },
	{ "abc",
	  { "900150983cd24fb0d6963f7d28e17f72",
	    "a9993e364706816aba3e25717850c26c9cd0d89d",
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" } },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	  { "8215ef0796a20bcaaae116d3876c664a",
	    "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" } },
};

static bool refuse_memory;

static void *test_malloc(size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return refuse_memory ? NULL : malloc(size);
}

static void *test_realloc(void *memory, size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return refuse_memory ? NULL : realloc(memory, size);
}

static void test_free(void *memory, const char *file, int line)
{
	(void)file, (void)line;
	free(memory);
}

/* Must come before OpenSSL's first allocation. */
__attribute__((constructor)) static void take_over_memory(void)
{
	CRYPTO_set_mem_functions(test_malloc, test_realloc, test_free);
}

TEST("known answers, all kinds at once and each by itself")
{
	struct digests digests;
	struct digest_state state;
	struct digest all[DIGEST_COUNT], one;
	char hex[DIGEST_HEX_MAX];

	REQUIRE(digests_load(&digests) == STATUS_OK);
	REQUIRE(digest_state_init(&state, &digests) == STATUS_OK);
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct slice text = slice_of(vectors[i].text);

		REQUIRE(digest_start(&state, DIGEST_BITS_ALL) == STATUS_OK);
		digest_update(&state, text.base, text.len);
		digest_finish(&state, all);
		for (int kind = 0; kind < DIGEST_COUNT; kind++) {
			digest_hex(&all[kind], hex);
			CHECK_STR(hex, vectors[i].hex[kind]);
			REQUIRE(digest_of(&state, (enum digest_kind)kind, text, &one) ==
				STATUS_OK);
			CHECK(digest_equal(&one, &all[kind]));
			CHECK_EQ(one.len, digest_len((enum digest_kind)kind));
		}
	}
	digest_state_clear(&state);
	digests_clear(&digests);
}

TEST("only what was asked for is computed, and a start drops what was unfinished")
{
	struct digests digests;
	struct digest_state state;
	struct digest all[DIGEST_COUNT];
	char hex[DIGEST_HEX_MAX];

	REQUIRE(digests_load(&digests) == STATUS_OK);
	REQUIRE(digest_state_init(&state, &digests) == STATUS_OK);
	REQUIRE(digest_start(&state, DIGEST_BITS_ALL) == STATUS_OK);
	digest_update(&state, "noise", 5);
	REQUIRE(digest_start(&state, DIGEST_BIT_SHA1) == STATUS_OK);
	digest_update(&state, "ab", 2);
	digest_update(&state, "c", 1);
	digest_finish(&state, all);
	CHECK_EQ(all[DIGEST_MD5].len, 0);
	CHECK_EQ(all[DIGEST_SHA256].len, 0);
	digest_hex(&all[DIGEST_SHA1], hex);
	CHECK_STR(hex, vectors[1].hex[DIGEST_SHA1]);
	digest_hex(&all[DIGEST_MD5], hex);
	CHECK_STR(hex, "");
	digest_state_clear(&state);
	digests_clear(&digests);
}

TEST("pieces of any size give what the whole gives")
{
	struct digests digests;
	struct digest_state state;
	struct digest whole[DIGEST_COUNT], pieces[DIGEST_COUNT];
	uint8_t bytes[200];

	REQUIRE(digests_load(&digests) == STATUS_OK);
	REQUIRE(digest_state_init(&state, &digests) == STATUS_OK);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7);
	REQUIRE(digest_start(&state, DIGEST_BITS_ALL) == STATUS_OK);
	digest_update(&state, bytes, sizeof(bytes));
	digest_finish(&state, whole);
	for (size_t step = 1; step < sizeof(bytes); step++) {
		REQUIRE(digest_start(&state, DIGEST_BITS_ALL) == STATUS_OK);
		for (size_t at = 0; at < sizeof(bytes); at += step) {
			size_t left = sizeof(bytes) - at;
			digest_update(&state, bytes + at, left < step ? left : step);
		}
		digest_finish(&state, pieces);
		for (int kind = 0; kind < DIGEST_COUNT; kind++)
			CHECK(digest_equal(&whole[kind], &pieces[kind]));
	}
	digest_state_clear(&state);
	digests_clear(&digests);
}

TEST("a machine without memory is told, and the state is good again when there is some")
{
	struct digests digests;
	struct digest_state state;
	struct digest digest;
	struct slice text = slice_of("abc");
	char hex[DIGEST_HEX_MAX];

	REQUIRE(digests_load(&digests) == STATUS_OK);
	REQUIRE(digest_state_init(&state, &digests) == STATUS_OK);
	refuse_memory = true;
	CHECK_EQ(digest_of(&state, DIGEST_SHA1, text, &digest), STATUS_NO_MEMORY);
	digest_update(&state, "x", 1);
	refuse_memory = false;
	REQUIRE(digest_of(&state, DIGEST_SHA1, text, &digest) == STATUS_OK);
	digest_hex(&digest, hex);
	CHECK_STR(hex, vectors[1].hex[DIGEST_SHA1]);
	digest_state_clear(&state);
	digests_clear(&digests);
}

TEST("it works where no file can be opened")
{
	struct digests digests;
	struct digest_state state;
	struct digest digest;
	struct rlimit before, none;

	REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
	none = before;
	none.rlim_cur = 0;
	REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
	CHECK_EQ(digests_load(&digests), STATUS_OK);
	CHECK_EQ(digest_state_init(&state, &digests), STATUS_OK);
	CHECK_EQ(digest_of(&state, DIGEST_MD5, slice_of("abc"), &digest), STATUS_OK);
	CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
	digest_state_clear(&state);
	digests_clear(&digests);
}

TEST("hex is read in either case, in the three lengths and no other")
{
	struct digest digest;
	char hex[DIGEST_HEX_MAX];

	REQUIRE(digest_parse(slice_of("900150983CD24fb0d6963f7d28e17f72"), &digest));
	CHECK_EQ(digest.len, 16);
	digest_hex(&digest, hex);
	CHECK_STR(hex, vectors[1].hex[DIGEST_MD5]);
	CHECK(digest_parse(slice_of(vectors[1].hex[DIGEST_SHA1]), &digest));
	CHECK(digest_parse(slice_of(vectors[1].hex[DIGEST_SHA256]), &digest));
	CHECK(!digest_parse(slice_of(""), &digest));
	CHECK(!digest_parse(slice_of("900150983cd24fb0d6963f7d28e17f7"), &digest));
	CHECK(!digest_parse(slice_of("900150983cd24fb0d6963f7d28e17f7g"), &digest));
	CHECK(!digest_parse(slice_of("900150983cd24fb0d6963f7d28e17f7\xff"), &digest));
	CHECK_EQ(digest.len, 32);
}

TEST_MAIN()
