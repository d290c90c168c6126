/* SPDX-License-Identifier: Apache-2.0 */
#include "cvd/signature.h"

#include "base/rsa.h"
#include "bytes/store.h"

enum {
	MD5_LEN = 16,
	HASH_LEN = 32,
	SALT_LEN = 32,
	PADDED_LEN = 256,                      /* of the longer keys */
	BLOCK_LEN = PADDED_LEN - HASH_LEN - 1, /* what the mask covers */
};

/* What a signature of the second form holds: mask(block), hash, 0xbc. */
struct padded {
	uint8_t block[BLOCK_LEN];
	uint8_t hash[HASH_LEN];
	uint8_t end;
};

static bool read_number(struct slice text, uint8_t *out, size_t len);
static enum status unmask(struct padded *padded, struct digest_state *state);
static bool is_padding(const struct padded *padded);
static enum status hash_again(const struct padded *padded, const struct digest *sha256,
			      struct digest_state *state, struct digest *out);

/* The number of the text, raised: as many bytes as the modulus has. */
static enum status open_signature(const struct cvd_key *key, struct slice text,
				  uint8_t *out)
{
	uint8_t number[CVD_KEY_BYTES_MAX];

	if (!read_number(text, number, key->modulus.len))
		return STATUS_MALFORMED;
	return rsa_raise(key->modulus, key->exponent,
			 (struct slice){ number, key->modulus.len }, out);
}

enum status cvd_signature_of_md5(const struct cvd_key *key, struct slice text,
				 const struct digest *md5)
{
	uint8_t opened[CVD_KEY_BYTES_MAX];
	enum status status = open_signature(key, text, opened);
	size_t zeros = key->modulus.len - MD5_LEN;

	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; i < zeros; i++)
		if (opened[i] != 0)
			return STATUS_MALFORMED;
	if (md5->len != MD5_LEN || memcmp(&opened[zeros], md5->bytes, MD5_LEN) != 0)
		return STATUS_MALFORMED;
	return STATUS_OK;
}

enum status cvd_signature_of_sha256(const struct cvd_key *key, struct slice text,
				    const struct digest *sha256,
				    struct digest_state *state)
{
	struct padded padded;
	struct digest again;

	_Static_assert(sizeof(padded) == PADDED_LEN, "bytes alone");
	if (key->modulus.len != PADDED_LEN || sha256->len != HASH_LEN)
		return STATUS_MALFORMED;
	enum status status = open_signature(key, text, padded.block);
	if (status == STATUS_OK)
		status = unmask(&padded, state);
	if (status != STATUS_OK)
		return status;
	if (!is_padding(&padded))
		return STATUS_MALFORMED;
	status = hash_again(&padded, sha256, state, &again);
	if (status != STATUS_OK)
		return status;
	return memcmp(again.bytes, padded.hash, HASH_LEN) == 0 ? STATUS_OK :
								 STATUS_MALFORMED;
}

static int digit_of(uint8_t letter)
{
	if (letter >= 'a' && letter <= 'z')
		return letter - 'a';
	if (letter >= 'A' && letter <= 'Z')
		return letter - 'A' + 26;
	if (letter >= '0' && letter <= '9')
		return letter - '0' + 52;
	if (letter == '+')
		return 62;
	return letter == '/' ? 63 : -1;
}

/* Six bits a digit, the lowest first, into `len` bytes, the highest first. */
static bool read_number(struct slice text, uint8_t *out, size_t len)
{
	uint32_t bits = 0;
	unsigned count = 0;
	size_t at = len;

	if (text.len == 0)
		return false;
	memset(out, 0, len);
	for (size_t i = 0; i < text.len; i++) {
		int digit = digit_of(text.base[i]);

		if (digit < 0)
			return false;
		bits |= (uint32_t)digit << count;
		count += 6;
		if (count < 8)
			continue;
		if (at > 0)
			out[--at] = (uint8_t)bits;
		else if ((uint8_t)bits != 0)
			return false;
		bits >>= 8;
		count -= 8;
	}
	if (bits != 0 && at == 0)
		return false;
	if (bits != 0)
		out[at - 1] = (uint8_t)bits;
	return true;
}

/* MGF1 with SHA-256 (RFC 8017, B.2.1). The key has 2,047 bits: the top one is no part. */
static enum status unmask(struct padded *padded, struct digest_state *state)
{
	uint8_t seed[HASH_LEN + 4];
	struct digest mask;

	memcpy(seed, padded->hash, HASH_LEN);
	for (size_t at = 0; at < BLOCK_LEN; at += HASH_LEN) {
		store_u32be(&seed[HASH_LEN], (uint32_t)(at / HASH_LEN));
		enum status status = digest_of(state, DIGEST_SHA256,
					       (struct slice){ seed, sizeof(seed) },
					       &mask);
		if (status != STATUS_OK)
			return status;
		for (size_t i = 0; i < HASH_LEN && at + i < BLOCK_LEN; i++)
			padded->block[at + i] ^= mask.bytes[i];
	}
	padded->block[0] &= 0x7f;
	return STATUS_OK;
}

/* Zeros, a one, and the salt. */
static bool is_padding(const struct padded *padded)
{
	const size_t one = BLOCK_LEN - SALT_LEN - 1;

	for (size_t i = 0; i < one; i++)
		if (padded->block[i] != 0)
			return false;
	return padded->block[one] == 1 && padded->end == 0xbc;
}

static enum status hash_again(const struct padded *padded, const struct digest *sha256,
			      struct digest_state *state, struct digest *out)
{
	uint8_t text[8 + HASH_LEN + SALT_LEN] = { 0 };

	memcpy(&text[8], sha256->bytes, HASH_LEN);
	memcpy(&text[8 + HASH_LEN], &padded->block[BLOCK_LEN - SALT_LEN], SALT_LEN);
	return digest_of(state, DIGEST_SHA256, (struct slice){ text, sizeof(text) }, out);
}
