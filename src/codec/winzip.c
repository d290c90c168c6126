/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HMAC is of the encrypted bytes, all of them: what stands behind the end of deflated
 * data, too.
 *
 * OpenSSL's newer interface keeps its state in memory that has to be given back, and a
 * codec has no end where that could be done. Its older one has plain structs.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "codec/winzip.h"

#include <string.h>

#include <openssl/aes.h>
#include <openssl/sha.h>

#include "base/checked.h"
#include "bytes/store.h"
#include "codec/ahead.h"
#include "codec/inflate.h"

enum { ROUNDS = 1000, SHA1_LEN = 20, SHA1_BLOCK = 64 };

/* SHA-1 with a key, as it stands behind the key's blocks. */
struct mac {
	SHA_CTX inner, outer;
};

struct unlock {
	const struct winzip_parameters *parameters;
	void *inflate;
	AES_KEY key;
	uint64_t counter;
	uint8_t stream[AES_BLOCK_SIZE]; /* the cipher's bytes of this block, */
	size_t stream_used;             /* and how many of them are used up */
	struct mac mac;
	uint64_t left;  /* encrypted bytes that the cipher has not passed */
	bool is_at_end; /* of what is under it: the rest is hashed and compared */
	uint8_t sum[WINZIP_MAC_LEN];
	size_t sum_len;
	struct ahead ahead;
};

static void mac_begin(struct mac *mac, struct slice key);
static void mac_end(struct mac *mac, uint8_t out[SHA1_LEN]);
static enum status unlock_init(struct arena *arena, const void *parameters, void **state);
static enum status unlock_reset(void *state);
static enum status unlock_step(void *state, struct codec_io *io);
static void decrypt_ahead(struct unlock *unlock, const struct codec_io *io);
static void decrypt(struct unlock *unlock, const uint8_t *in, uint8_t *out, size_t len);
static enum status step_body(struct unlock *unlock, struct codec_io *io);
static enum status step_end(struct unlock *unlock, struct codec_io *io);

const struct codec winzip_codec = {
	.name = "winzip",
	.init = unlock_init,
	.step = unlock_step,
	.reset = unlock_reset,
};

size_t winzip_salt_len(unsigned strength)
{
	return strength >= WINZIP_128 && strength <= WINZIP_256 ? 4 + 4 * strength : 0;
}

/* PBKDF2 (RFC 8018, 5.2) with HMAC-SHA-1. */
void winzip_make_keys(struct slice password, struct slice salt, unsigned strength,
		      struct winzip_keys *out)
{
	uint8_t made[2 * WINZIP_KEY_MAX + WINZIP_CHECK_LEN + SHA1_LEN];
	size_t key_len = 8 + 8 * (size_t)strength;
	struct mac keyed;

	mac_begin(&keyed, password);
	for (unsigned block = 0; block * SHA1_LEN < 2 * key_len + WINZIP_CHECK_LEN;
	     block++) {
		uint8_t number[4], sum[SHA1_LEN];
		uint8_t *to = &made[block * SHA1_LEN];
		struct mac mac = keyed;

		store_u32be(number, block + 1);
		SHA1_Update(&mac.inner, salt.base, salt.len);
		SHA1_Update(&mac.inner, number, sizeof(number));
		mac_end(&mac, sum);
		memcpy(to, sum, SHA1_LEN);
		for (unsigned round = 1; round < ROUNDS; round++) {
			mac = keyed;
			SHA1_Update(&mac.inner, sum, SHA1_LEN);
			mac_end(&mac, sum);
			for (size_t i = 0; i < SHA1_LEN; i++)
				to[i] ^= sum[i];
		}
	}
	out->len = key_len;
	memcpy(out->cipher, made, key_len);
	memcpy(out->mac, &made[key_len], key_len);
	memcpy(out->check, &made[2 * key_len], WINZIP_CHECK_LEN);
}

static void mac_begin(struct mac *mac, struct slice key)
{
	uint8_t pad[SHA1_BLOCK] = { 0 };

	if (key.len > SHA1_BLOCK)
		SHA1(key.base, key.len, pad);
	else
		memcpy(pad, key.base, key.len);
	for (size_t i = 0; i < SHA1_BLOCK; i++)
		pad[i] ^= 0x36;
	SHA1_Init(&mac->inner);
	SHA1_Update(&mac->inner, pad, SHA1_BLOCK);
	for (size_t i = 0; i < SHA1_BLOCK; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	SHA1_Init(&mac->outer);
	SHA1_Update(&mac->outer, pad, SHA1_BLOCK);
}

static void mac_end(struct mac *mac, uint8_t out[SHA1_LEN])
{
	SHA1_Final(out, &mac->inner);
	SHA1_Update(&mac->outer, out, SHA1_LEN);
	SHA1_Final(out, &mac->outer);
}

static enum status unlock_init(struct arena *arena, const void *parameters, void **state)
{
	struct unlock *unlock = arena_new(arena, struct unlock);

	if (!unlock)
		return STATUS_NO_MEMORY;
	unlock->parameters = parameters;
	enum status status = inflate_codec.init(arena, NULL, &unlock->inflate);
	if (status == STATUS_OK)
		status = unlock_reset(unlock);
	*state = unlock;
	return status;
}

static enum status unlock_reset(void *state)
{
	struct unlock *unlock = state;
	const struct winzip_keys *keys = &unlock->parameters->keys;

	unlock->counter = 0;
	unlock->stream_used = AES_BLOCK_SIZE;
	unlock->left = unlock->parameters->len;
	unlock->is_at_end = false;
	unlock->sum_len = 0;
	unlock->ahead.len = 0;
	/* Without keys yet: nothing is read before the next reset. */
	if (keys->len > 0)
		AES_set_encrypt_key(keys->cipher, (int)keys->len * 8, &unlock->key);
	mac_begin(&unlock->mac, (struct slice){ keys->mac, keys->len });
	return inflate_codec.reset(unlock->inflate);
}

static enum status unlock_step(void *state, struct codec_io *io)
{
	struct unlock *unlock = state;
	enum status status = STATUS_END;

	if (!unlock->is_at_end) {
		decrypt_ahead(unlock, io);
		status = step_body(unlock, io);
	}
	if (status != STATUS_END)
		return status;
	unlock->is_at_end = true;
	return step_end(unlock, io);
}

static void decrypt_ahead(struct unlock *unlock, const struct codec_io *io)
{
	struct ahead *ahead = &unlock->ahead;
	size_t len = (size_t)min_u64(ahead_room(ahead, io), unlock->left);

	decrypt(unlock, &io->in[io->in_pos + ahead->len], &ahead->bytes[ahead->len], len);
	ahead->len += len;
}

static void decrypt(struct unlock *unlock, const uint8_t *in, uint8_t *out, size_t len)
{
	SHA1_Update(&unlock->mac.inner, in, len);
	for (size_t i = 0; i < len; i++) {
		if (unlock->stream_used == AES_BLOCK_SIZE) {
			uint8_t block[AES_BLOCK_SIZE] = { 0 };

			store_u64le(block, ++unlock->counter);
			AES_encrypt(block, unlock->stream, &unlock->key);
			unlock->stream_used = 0;
		}
		out[i] = in[i] ^ unlock->stream[unlock->stream_used++];
	}
	unlock->left -= len;
}

/* END: that of what is under the cipher. */
static enum status step_body(struct unlock *unlock, struct codec_io *io)
{
	struct ahead *ahead = &unlock->ahead;

	if (unlock->parameters->is_deflated)
		return ahead_inflate(ahead, io, unlock->inflate, unlock->left == 0);
	if (ahead->len == 0 && unlock->left > 0 && io->in_ends)
		return STATUS_TRUNCATED;
	ahead_copy(ahead, io, UINT64_MAX);
	return ahead->len == 0 && unlock->left == 0 ? STATUS_END : STATUS_OK;
}

/* What is not used up is of no use; then the HMAC. */
static enum status step_end(struct unlock *unlock, struct codec_io *io)
{
	struct ahead *ahead = &unlock->ahead;
	uint8_t sum[SHA1_LEN];

	ahead_use(ahead, io, min_size(ahead->len, io->in_len - io->in_pos));
	while (unlock->left > 0 && io->in_pos < io->in_len) {
		decrypt_ahead(unlock, io);
		ahead_use(ahead, io, ahead->len);
	}
	while (unlock->left == 0 && unlock->sum_len < WINZIP_MAC_LEN &&
	       io->in_pos < io->in_len)
		unlock->sum[unlock->sum_len++] = io->in[io->in_pos++];
	if (unlock->sum_len < WINZIP_MAC_LEN)
		return io->in_ends ? STATUS_TRUNCATED : STATUS_OK;
	mac_end(&unlock->mac, sum);
	return memcmp(sum, unlock->sum, WINZIP_MAC_LEN) == 0 ? STATUS_END :
							       STATUS_MALFORMED;
}
