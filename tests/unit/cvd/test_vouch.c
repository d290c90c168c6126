/* SPDX-License-Identifier: Apache-2.0 */
#include "cvd/vouch.h"

#include <stdlib.h>

#include "cvd_maker.h"
#include "sign_maker.h"
#include "test.h"

static const char *const names[] = { "COPYING", "a.ndb", NULL };
static const char *const texts[] = { "terms", "A:0:*:616263\n", NULL };
static const struct cvd_maker good = { .names = names,
				       .texts = texts,
				       .is_packed = true };

static struct arena arena;
static struct digests digests;
static struct digest_state state;
static struct cvd cvd;
static struct cvd_beside beside;
static struct slice trusted;
static struct cvd_trust trust;
static struct sign_maker *somebody;

static void begin(void)
{
	arena_init(&arena, 64 << 20);
	if (digests_load(&digests) != STATUS_OK ||
	    digest_state_init(&state, &digests) != STATUS_OK)
		abort();
	somebody = sign_maker_new("Somebody");
	trusted = sign_maker_pem(somebody);
	trust = (struct cvd_trust){ .signatures = &beside,
				    .signature_count = 1,
				    .certificates = &trusted,
				    .certificate_count = 1,
				    .digests = &digests,
				    .digest = &state,
				    .arena = &arena };
}

static void end(void)
{
	sign_maker_free(somebody);
	arena_clear(&arena);
	digest_state_clear(&state);
	digests_clear(&digests);
}

/* A container with a signature of all of it beside it, under these names. */
static enum status believe(const struct cvd_maker *maker, const char *name,
			   const char *sign_name)
{
	size_t len;
	uint8_t *bytes = cvd_make(maker, &len);
	char *text = sign_maker_sign(somebody, (struct slice){ bytes, len }, "SHA256");

	beside = (struct cvd_beside){ slice_of(sign_name),
				      source_of_memory(text, strlen(text)) };
	enum status status = cvd_believe(&cvd, slice_of(name),
					 source_of_memory(bytes, len), &trust);
	free(text);
	free(bytes);
	return status;
}

TEST("a container is believed for a signature beside it")
{
	begin();
	CHECK_EQ(believe(&good, "x.cvd", "x-7.cvd.sign"), STATUS_OK);
	CHECK(cvd.voucher.is_there);
	CHECK_STR(cvd.voucher.signer, "Somebody");
	CHECK_STR(cvd.voucher.instead_of, "its header holds no MD5");
	CHECK_EQ(cvd.member_count, 3);
	CHECK_EQ(believe(&good, "dir/x.cld", "other/x.cld.sign"), STATUS_OK);
	CHECK_STR(cvd.voucher.instead_of, "not signed by ClamAV (list of members)");
	/* Who is nobody's is nobody's also with a signature. */
	CHECK_EQ(believe(&good, "x.cud", "x-7.cud.sign"), STATUS_OK);
	CHECK(!cvd.voucher.is_there);
	end();
}

TEST("it is found by its name and the version")
{
	static const char *const others[] = {
		"x-8.cvd.sign",  "y-7.cvd.sign",  "x.cvd", "x-7.cld.sign",
		"x-7.cvd.sign2", "x-07.cvd.sign", ""
	};

	begin();
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		CHECK_EQ(believe(&good, "x.cvd", others[i]), STATUS_MALFORMED);
		CHECK(!trust.reason);
	}
	end();
}

TEST("a signature that does not hold says why, and changes nothing")
{
	struct sign_maker *other;

	begin();
	other = sign_maker_new("Other");
	trusted = sign_maker_pem(other);
	CHECK_EQ(believe(&good, "x.cvd", "x-7.cvd.sign"), STATUS_MALFORMED);
	CHECK_STR(cvd.reason, "its header holds no MD5");
	CHECK_STR(trust.reason, "signed by nobody who is trusted, or of another file");
	trust.certificate_count = 0;
	CHECK_EQ(believe(&good, "x.cvd", "x-7.cvd.sign"), STATUS_MALFORMED);
	trust.signature_count = 0;
	trust.reason = NULL;
	CHECK_EQ(believe(&good, "x.cvd", "x-7.cvd.sign"), STATUS_MALFORMED);
	CHECK(!trust.reason);
	sign_maker_free(other);
	end();
}

TEST("what is signed and does not fit together is refused all the same")
{
	static const char list[] = "ClamAV-VDB:22 Jun 2021 14-58 -0400:7:1:90:X:X:b:1\n"
				   "a.ndb:13:"
				   "0000000000000000000000000000000000000000000000000000"
				   "000000000000\nDSIG:abc\n";
	struct cvd_maker wrong = { .names = names, .texts = texts, .list = list };
	struct cvd_maker none = { .names = names, .texts = texts, .has_no_list = true };

	begin();
	CHECK_EQ(believe(&wrong, "x.cvd", "x-7.cvd.sign"), STATUS_MALFORMED);
	CHECK_STR(cvd.reason, "a member is not the one that its list names");
	CHECK_EQ(believe(&none, "x.cvd", "x-7.cvd.sign"), STATUS_OK);
	CHECK_EQ(cvd.member_count, 2);
	end();
}

TEST_MAIN()
