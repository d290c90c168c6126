/* SPDX-License-Identifier: Apache-2.0 */
#include "base/digest.h"
#include "base/hex.h"

#include <assert.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

static const char *const names[DIGEST_COUNT] = { "MD5", "SHA1", "SHA2-256" };
static const char *const longer_names[] = { "SHA2-384", "SHA2-512" };
static const size_t lengths[DIGEST_COUNT] = { 16, 20, 32 };

static bool fetch(struct digests *digests);
static EVP_MD *fetch_one(const struct digests *digests, const char *name);

enum status digests_load(struct digests *digests)
{
	struct digests loaded = { 0 };

	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
		return STATUS_NO_MEMORY;
	loaded.library = OSSL_LIB_CTX_new();
	if (!loaded.library)
		return STATUS_NO_MEMORY;
	loaded.provider = OSSL_PROVIDER_load(loaded.library, "default");
	if (!loaded.provider) {
		digests_clear(&loaded);
		return STATUS_UNSUPPORTED;
	}
	if (!fetch(&loaded)) {
		digests_clear(&loaded);
		return STATUS_UNSUPPORTED;
	}
	*digests = loaded;
	return STATUS_OK;
}

static bool fetch(struct digests *digests)
{
	for (size_t kind = 0; kind < DIGEST_COUNT; kind++) {
		digests->algorithms[kind] = fetch_one(digests, names[kind]);
		if (!digests->algorithms[kind])
			return false;
	}
	for (size_t i = 0; i < ARRAY_LEN(longer_names); i++) {
		digests->longer[i] = fetch_one(digests, longer_names[i]);
		if (!digests->longer[i])
			return false;
	}
	return true;
}

/* "-fips" drops a host-wide wish for certified code alone. */
static EVP_MD *fetch_one(const struct digests *digests, const char *name)
{
	return EVP_MD_fetch(digests->library, name, "provider=default,-fips");
}

void digests_clear(struct digests *digests)
{
	for (size_t i = 0; i < ARRAY_LEN(longer_names); i++)
		EVP_MD_free(digests->longer[i]);
	for (size_t kind = 0; kind < DIGEST_COUNT; kind++)
		EVP_MD_free(digests->algorithms[kind]);
	if (digests->provider)
		OSSL_PROVIDER_unload(digests->provider);
	OSSL_LIB_CTX_free(digests->library);
	*digests = (struct digests){ 0 };
}

enum status digest_state_init(struct digest_state *state, const struct digests *digests)
{
	struct digest_state made = { .digests = digests };

	for (size_t kind = 0; kind < DIGEST_COUNT; kind++) {
		/* The first use is what loads and asks; let that be now. */
		made.contexts[kind] = EVP_MD_CTX_new();
		if (!made.contexts[kind] ||
		    EVP_DigestInit_ex2(made.contexts[kind], digests->algorithms[kind],
				       NULL) != 1) {
			digest_state_clear(&made);
			return STATUS_NO_MEMORY;
		}
	}
	*state = made;
	return STATUS_OK;
}

void digest_state_clear(struct digest_state *state)
{
	for (size_t kind = 0; kind < DIGEST_COUNT; kind++)
		EVP_MD_CTX_free(state->contexts[kind]);
	*state = (struct digest_state){ 0 };
}

enum status digest_start(struct digest_state *state, unsigned kinds)
{
	assert((kinds & ~(unsigned)DIGEST_BITS_ALL) == 0);
	state->running = 0;
	for (size_t kind = 0; kind < DIGEST_COUNT; kind++) {
		if (!(kinds >> kind & 1))
			continue;
		if (EVP_DigestInit_ex2(state->contexts[kind],
				       state->digests->algorithms[kind], NULL) != 1)
			return STATUS_NO_MEMORY;
	}
	state->running = kinds;
	return STATUS_OK;
}

/* Here nothing allocates, so a refusal by OpenSSL is a bug of ours. */

void digest_update(struct digest_state *state, const void *bytes, size_t len)
{
	for (size_t kind = 0; kind < DIGEST_COUNT; kind++) {
		if (!(state->running >> kind & 1))
			continue;
		int done = EVP_DigestUpdate(state->contexts[kind], bytes, len);
		assert(done == 1);
	}
}

void digest_finish(struct digest_state *state, struct digest out[DIGEST_COUNT])
{
	for (size_t kind = 0; kind < DIGEST_COUNT; kind++) {
		unsigned len = 0;

		out[kind] = (struct digest){ 0 };
		if (!(state->running >> kind & 1))
			continue;
		int done = EVP_DigestFinal_ex(state->contexts[kind], out[kind].bytes,
					      &len);
		assert(done == 1 && len == lengths[kind]);
		out[kind].len = len;
	}
	state->running = 0;
}

enum status digest_of(struct digest_state *state, enum digest_kind kind,
		      struct slice bytes, struct digest *out)
{
	struct digest all[DIGEST_COUNT];
	enum status status = digest_start(state, 1U << kind);

	if (status != STATUS_OK)
		return status;
	digest_update(state, bytes.base, bytes.len);
	digest_finish(state, all);
	*out = all[kind];
	return STATUS_OK;
}

size_t digest_len(enum digest_kind kind)
{
	return lengths[kind];
}

bool digest_equal(const struct digest *a, const struct digest *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

void digest_hex(const struct digest *digest, char out[DIGEST_HEX_MAX])
{
	static const char digits[] = "0123456789abcdef";

	assert(digest->len <= DIGEST_LEN_MAX);
	for (size_t i = 0; i < digest->len; i++) {
		out[2 * i] = digits[digest->bytes[i] >> 4];
		out[2 * i + 1] = digits[digest->bytes[i] & 15];
	}
	out[2 * digest->len] = '\0';
}

bool digest_parse(struct slice hex, struct digest *out)
{
	struct digest parsed = { .len = hex.len / 2 };

	if (hex.len != 32 && hex.len != 40 && hex.len != 64)
		return false;
	for (size_t i = 0; i < parsed.len; i++) {
		int high = hex_digit(hex.base[2 * i]);
		int low = hex_digit(hex.base[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		parsed.bytes[i] = (uint8_t)(high << 4 | low);
	}
	*out = parsed;
	return true;
}
