/* SPDX-License-Identifier: Apache-2.0 */
#include "base/message_digest.h"

#include <assert.h>

#include <openssl/evp.h>

static const EVP_MD *algorithm(const struct digests *digests, enum message_hash hash);

enum status message_digest_begin(struct message_digester *digester,
				 const struct digests *digests, enum message_hash hash)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	if (!context ||
	    EVP_DigestInit_ex2(context, algorithm(digests, hash), NULL) != 1) {
		EVP_MD_CTX_free(context);
		return STATUS_NO_MEMORY;
	}
	digester->context = context;
	return STATUS_OK;
}

void message_digest_update(struct message_digester *digester, struct slice bytes)
{
	int done = EVP_DigestUpdate(digester->context, bytes.base, bytes.len);

	assert(done == 1);
}

void message_digest_end(struct message_digester *digester, struct message_digest *out)
{
	unsigned len = 0;
	int done = EVP_DigestFinal_ex(digester->context, out->bytes, &len);

	assert(done == 1 && len <= MESSAGE_DIGEST_MAX);
	out->len = len;
	EVP_MD_CTX_free(digester->context);
	digester->context = NULL;
}

enum status message_digest_of(const struct digests *digests, enum message_hash hash,
			      struct slice bytes, struct message_digest *out)
{
	struct message_digester digester;
	enum status status = message_digest_begin(&digester, digests, hash);

	if (status != STATUS_OK)
		return status;
	message_digest_update(&digester, bytes);
	message_digest_end(&digester, out);
	return STATUS_OK;
}

size_t message_digest_len(enum message_hash hash)
{
	static const size_t lengths[MESSAGE_HASHES] = { 16, 20, 32, 48, 64 };

	return lengths[hash];
}

static const EVP_MD *algorithm(const struct digests *digests, enum message_hash hash)
{
	if ((size_t)hash < DIGEST_COUNT)
		return digests->algorithms[hash];
	return digests->longer[(size_t)hash - DIGEST_COUNT];
}
