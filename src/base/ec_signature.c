/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ec_signature.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

static EVP_PKEY *make_key(EVP_PKEY_CTX *context, const struct ec_key *key);

enum status ec_verify(const struct digests *digests, const struct ec_key *key,
		      const struct message_digest *digest, struct slice signature,
		      bool *ret_holds)
{
	static const char properties[] = "provider=default,-fips";
	EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(digests->library, "EC",
							 properties);
	EVP_PKEY *made = maker ? make_key(maker, key) : NULL;
	EVP_PKEY_CTX *verifier = NULL;

	*ret_holds = false;
	if (made)
		verifier = EVP_PKEY_CTX_new_from_pkey(digests->library, made, properties);
	if (verifier && EVP_PKEY_verify_init(verifier) == 1)
		*ret_holds = EVP_PKEY_verify(verifier, signature.base, signature.len,
					     digest->bytes, digest->len) == 1;
	bool is_short = !maker || (made && !verifier);
	EVP_PKEY_CTX_free(verifier);
	EVP_PKEY_free(made);
	EVP_PKEY_CTX_free(maker);
	ERR_clear_error();
	return is_short ? STATUS_NO_MEMORY : STATUS_OK;
}

/* NULL: it is no point of the curve. */
static EVP_PKEY *make_key(EVP_PKEY_CTX *context, const struct ec_key *key)
{
	static const char *const names[] = {
		[EC_P256] = "P-256",
		[EC_P384] = "P-384",
		[EC_P521] = "P-521",
	};
	OSSL_PARAM parameters[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
						 (char *)names[key->curve], 0),
		OSSL_PARAM_construct_octet_string(
			OSSL_PKEY_PARAM_PUB_KEY, (void *)key->point.base, key->point.len),
		OSSL_PARAM_construct_end(),
	};
	EVP_PKEY *made = NULL;

	if (EVP_PKEY_fromdata_init(context) != 1 ||
	    EVP_PKEY_fromdata(context, &made, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
		return NULL;
	return made;
}
