/* SPDX-License-Identifier: Apache-2.0 */
#include "cvd/sign.h"

#include <stdlib.h>

#include "sign_maker.h"
#include "test.h"

static const char content[] = "what is signed";

static struct digests digests;
static struct arena arena;
static struct cvd_sign sign;

static enum status verify(const char *text, const char *of)
{
	return cvd_sign_verify(&sign, slice_of(text), source_of_memory(of, strlen(of)));
}

static struct slice trusted[2];

static void begin(void)
{
	arena_init(&arena, 4 << 20);
	if (digests_load(&digests) != STATUS_OK)
		abort();
	sign = (struct cvd_sign){ .certificates = trusted,
				  .certificate_count = 1,
				  .digests = &digests,
				  .arena = &arena };
}

static void end(void)
{
	arena_clear(&arena);
	digests_clear(&digests);
}

TEST("a signature is of its file, by somebody who is trusted")
{
	struct sign_maker *somebody = sign_maker_new("Somebody");
	struct sign_maker *other = sign_maker_new("Other");
	char *text = sign_maker_sign(somebody, slice_of(content), "SHA256");

	begin();
	trusted[0] = sign_maker_pem(somebody);
	CHECK_EQ(verify(text, content), STATUS_OK);
	CHECK_STR(sign.signer, "Somebody");
	CHECK_EQ(verify(text, "what is signee"), STATUS_MALFORMED);
	CHECK_STR(sign.reason, "signed by nobody who is trusted, or of another file");
	CHECK_EQ(verify(text, ""), STATUS_MALFORMED);
	trusted[0] = sign_maker_pem(other);
	CHECK_EQ(verify(text, content), STATUS_MALFORMED);
	trusted[1] = sign_maker_pem(somebody);
	sign.certificate_count = 2;
	CHECK_EQ(verify(text, content), STATUS_OK);
	sign.certificate_count = 0;
	CHECK_EQ(verify(text, content), STATUS_MALFORMED);
	end();
	free(text);
	sign_maker_free(somebody);
	sign_maker_free(other);
}

TEST("digests of which two files may have one are not believed")
{
	static const char *const weak[] = { "SHA1", "SHA224" };
	static const char *const strong[] = { "SHA384", "SHA512" };
	struct sign_maker *somebody = sign_maker_new("Somebody");

	begin();
	trusted[0] = sign_maker_pem(somebody);
	for (size_t i = 0; i < ARRAY_LEN(weak); i++) {
		char *text = sign_maker_sign(somebody, slice_of(content), weak[i]);
		CHECK_EQ(verify(text, content), STATUS_MALFORMED);
		CHECK_STR(sign.reason, "its signature is of a weak digest");
		free(text);
	}
	for (size_t i = 0; i < ARRAY_LEN(strong); i++) {
		char *text = sign_maker_sign(somebody, slice_of(content), strong[i]);
		CHECK_EQ(verify(text, content), STATUS_OK);
		free(text);
	}
	end();
	sign_maker_free(somebody);
}

TEST("what is no signature is refused, wherever it ends")
{
	struct sign_maker *somebody = sign_maker_new("Somebody");
	char *text = sign_maker_sign(somebody, slice_of(content), "SHA256");

	begin();
	trusted[0] = sign_maker_pem(somebody);
	CHECK_EQ(verify("", content), STATUS_MALFORMED);
	CHECK_EQ(verify("#clamsign-2.0\n", content), STATUS_MALFORMED);
	CHECK_EQ(verify("#clamsign-1.0\n", content), STATUS_MALFORMED);
	CHECK_STR(sign.reason, "it holds no signature of a known form");
	CHECK_EQ(verify("#clamsign-1.0\n230::other:AAAA\n", content), STATUS_MALFORMED);
	CHECK_EQ(verify("#clamsign-1.0\n230::pkcs7-pem:\n", content), STATUS_MALFORMED);
	CHECK_EQ(verify("#clamsign-1.0\n230::pkcs7-pem:AAAA\n", content),
		 STATUS_MALFORMED);
	CHECK_STR(sign.reason, "its signature is damaged");
	/* The last two are the end of the line, which may be missing. */
	for (size_t len = strlen(text) - 2; len > 0; len--) {
		text[len] = '\0';
		CHECK_EQ(verify(text, content), STATUS_MALFORMED);
	}
	end();
	free(text);
	sign_maker_free(somebody);
}

TEST("without memory nothing is said of the signature")
{
	struct sign_maker *somebody = sign_maker_new("Somebody");
	char *text = sign_maker_sign(somebody, slice_of(content), "SHA256");

	begin();
	arena_clear(&arena);
	arena_init(&arena, 1);
	trusted[0] = sign_maker_pem(somebody);
	CHECK_EQ(verify(text, content), STATUS_NO_MEMORY);
	end();
	free(text);
	sign_maker_free(somebody);
}

TEST_MAIN()
