/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Catalogues: read, asked, and their signature followed to an anchor that is its first
 * certificate's key.
 */
#include <assert.h>

#include "view/digest_catalog.h"
#include "view/trust_chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void follow(const struct digest_catalog *catalog, const struct digests *digests)
{
	static struct certificate_names names[AUTHENTICODE_CERTIFICATES_MAX];
	const struct authenticode *signature = catalog->signature;
	struct trust_anchor anchor = { .uses = 7 };
	const struct trust_setup setup = { .digests = digests,
					   .anchors = &anchor,
					   .anchor_count = 1,
					   .now = 1780000000 };
	bool is_trusted;

	assert(trust_names(signature, digests, names) == STATUS_OK);
	if (signature->certificate_count == 0)
		return;
	anchor.modulus = signature->certificates[0].key.rsa.modulus;
	memcpy(anchor.subject_sha1, names[0].subject, 20);
	if (anchor.modulus.len > 0 && anchor.modulus.base[0] == 0)
		anchor.modulus = (struct slice){ anchor.modulus.base + 1,
						 anchor.modulus.len - 1 };
	assert(trust_check(signature, names, &setup, &is_trusted) == STATUS_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t digest[32];
	static struct digests digests;
	struct digest_catalog catalog;
	struct arena arena;

	if (!digests.library && digests_load(&digests) != STATUS_OK)
		return 0;
	arena_init(&arena, 1 << 20);
	if (digest_catalog_open((struct slice){ data, size }, &arena, &catalog) ==
	    STATUS_OK) {
		for (unsigned i = 0; i < 4; i++) {
			const struct catalog_question question = {
				.of = i & 1 ? CATALOG_FILE : CATALOG_PROGRAM,
				.hash = i & 2 ? HASH_SHA256 : HASH_SHA1,
				.digest = { digest, i & 2 ? 32 : 20 },
			};
			(void)digest_catalog_has(&catalog, &question);
		}
		follow(&catalog, &digests);
	}
	arena_clear(&arena);
	return 0;
}
