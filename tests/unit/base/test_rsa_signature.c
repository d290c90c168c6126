/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rsa_signature.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "base/checked.h"
#include "test.h"

struct made {
	uint8_t modulus[129]; /* with a zero in front, as certificates have it */
	uint8_t signature[128];
	struct message_digest digest;
	struct rsa_key key;
};

static const uint8_t exponent[] = { 1, 0, 1 };

static bool make(struct made *made, const struct digests *digests, enum message_hash hash)
{
	static const char *const names[] = { "MD5", "SHA1", "SHA256", "SHA384",
					     "SHA512" };
	EVP_PKEY *key = EVP_RSA_gen(1024);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t len = sizeof(made->signature);
	BIGNUM *modulus = NULL;
	bool ok = key && context &&
		  EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &modulus) == 1 &&
		  BN_bn2binpad(modulus, made->modulus, 129) == 129 &&
		  EVP_DigestSignInit(context, NULL, EVP_get_digestbyname(names[hash]),
				     NULL, key) == 1 &&
		  EVP_DigestSign(context, made->signature, &len,
				 (const uint8_t *)"letter", 6) == 1 &&
		  message_digest_of(digests, hash, slice_of("letter"), &made->digest) ==
			  STATUS_OK;

	made->key = (struct rsa_key){
		{ made->modulus, sizeof(made->modulus) },
		{ exponent, sizeof(exponent) },
	};
	BN_free(modulus);
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	return CHECK(ok);
}

static bool holds(const struct made *made, enum message_hash hash)
{
	struct slice signature = { made->signature, sizeof(made->signature) };
	bool result = true;

	CHECK_EQ(rsa_verify(&made->key, hash, &made->digest, signature, &result),
		 STATUS_OK);
	return result;
}

TEST("a signature by the key's owner holds, with each digest")
{
	struct digests digests;
	struct made made;

	REQUIRE(digests_load(&digests) == STATUS_OK);
	for (unsigned hash = 0; hash < MESSAGE_HASHES; hash++) {
		if (!make(&made, &digests, (enum message_hash)hash))
			continue;
		CHECK(holds(&made, (enum message_hash)hash));
		CHECK(!holds(&made, (enum message_hash)((hash + 1) % MESSAGE_HASHES)));
		made.digest.bytes[3] ^= 1;
		CHECK(!holds(&made, (enum message_hash)hash));
	}
	digests_clear(&digests);
}

TEST("another key or signature does not hold, nor do numbers that are no key")
{
	struct digests digests;
	struct made made;

	REQUIRE(digests_load(&digests) == STATUS_OK);
	REQUIRE(make(&made, &digests, HASH_SHA256));
	made.signature[50] ^= 1;
	CHECK(!holds(&made, HASH_SHA256));
	made.signature[50] ^= 1;
	made.modulus[128] ^= 1; /* even */
	CHECK(!holds(&made, HASH_SHA256));
	made.modulus[128] ^= 1;
	made.key.exponent = slice_of("\x01");
	CHECK(!holds(&made, HASH_SHA256));
	made.key.exponent = slice_of("\x01\x01\x01\x01\x01");
	CHECK(!holds(&made, HASH_SHA256));
	made.key.exponent = (struct slice){ 0 };
	CHECK(!holds(&made, HASH_SHA256));
	made.key.exponent = (struct slice){ exponent, sizeof(exponent) };
	CHECK(holds(&made, HASH_SHA256));
	made.key.modulus.len = 40;
	CHECK(!holds(&made, HASH_SHA256));
	made.key.modulus.len = 0;
	CHECK(!holds(&made, HASH_SHA256));
	digests_clear(&digests);
}

TEST_MAIN()
