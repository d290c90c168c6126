/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the public operation must yield is known to the last bit (RFC 8017, 9.2): 00 01,
 * ff up to the length of the modulus, 00, which algorithm, the digest. So it is made and
 * compared, and nothing that the other side wrote is parsed.
 */
#include "base/rsa_signature.h"

#include "base/rsa.h"

enum { INFO_MAX = 19, PADDING_LEN_MIN = 11 };

/* DigestInfo up to the digest itself. */
static const struct {
	uint8_t len;
	uint8_t bytes[INFO_MAX];
} infos[MESSAGE_HASHES] = {
	[HASH_MD5] = { 18,
		       { 0x30, 0x20, 0x30, 0x0c, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7,
			 0x0d, 0x02, 0x05, 0x05, 0x00, 0x04, 0x10 } },
	[HASH_SHA1] = { 15,
			{ 0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02,
			  0x1a, 0x05, 0x00, 0x04, 0x14 } },
	[HASH_SHA256] = { 19,
			  { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
			    0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 } },
	[HASH_SHA384] = { 19,
			  { 0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
			    0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30 } },
	[HASH_SHA512] = { 19,
			  { 0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
			    0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40 } },
};

static struct slice without_zeros(struct slice number);
static bool take_exponent(struct slice bytes, uint32_t *ret_exponent);
static bool make_block(uint8_t *block, size_t len, enum message_hash hash,
		       const struct message_digest *digest);

enum status rsa_verify(const struct rsa_key *key, enum message_hash hash,
		       const struct message_digest *digest, struct slice signature,
		       bool *ret_holds)
{
	uint8_t got[RSA_BYTES_MAX], want[RSA_BYTES_MAX];
	struct slice modulus = without_zeros(key->modulus);
	uint32_t exponent;

	*ret_holds = false;
	signature = without_zeros(signature);
	if (modulus.len < RSA_BYTES_MIN || modulus.len > RSA_BYTES_MAX ||
	    modulus.base[modulus.len - 1] % 2 == 0 || signature.len > modulus.len ||
	    !take_exponent(key->exponent, &exponent) ||
	    !make_block(want, modulus.len, hash, digest))
		return STATUS_OK;
	enum status status = rsa_raise(modulus, exponent, signature, got);
	if (status == STATUS_OK)
		*ret_holds = memcmp(got, want, modulus.len) == 0;
	return status == STATUS_MALFORMED ? STATUS_OK : status;
}

static struct slice without_zeros(struct slice number)
{
	while (number.len > 0 && number.base[0] == 0)
		number = (struct slice){ &number.base[1], number.len - 1 };
	return number;
}

static bool take_exponent(struct slice bytes, uint32_t *ret_exponent)
{
	struct slice number = without_zeros(bytes);
	uint32_t exponent = 0;

	for (size_t i = 0; i < number.len; i++)
		exponent = exponent << 8 | number.base[i];
	*ret_exponent = exponent;
	return number.len <= sizeof(exponent) && exponent > 1 && exponent % 2 == 1;
}

/* False: there is no room for it, or the digest is another one. */
static bool make_block(uint8_t *block, size_t len, enum message_hash hash,
		       const struct message_digest *digest)
{
	size_t info_len = infos[hash].len;
	size_t tail = info_len + digest->len;

	if (digest->len != message_digest_len(hash) || len < tail + PADDING_LEN_MIN)
		return false;
	memset(block, 0xff, len);
	block[0] = 0;
	block[1] = 1;
	block[len - tail - 1] = 0;
	memcpy(&block[len - tail], infos[hash].bytes, info_len);
	memcpy(&block[len - digest->len], digest->bytes, digest->len);
	return true;
}
