/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/pkware.h"

#include <zlib.h>

#include "codec/ahead.h"
#include "codec/inflate.h"

struct unlock {
	const struct pkware_parameters *parameters;
	struct pkware_keys keys;
	void *inflate;
	uint64_t left; /* stored bytes still to come */
	struct ahead ahead;
};

static enum status unlock_init(struct arena *arena, const void *parameters, void **state);
static enum status unlock_reset(void *state);
static enum status unlock_step(void *state, struct codec_io *io);

const struct codec pkware_codec = {
	.name = "pkware",
	.init = unlock_init,
	.step = unlock_step,
	.reset = unlock_reset,
};

/* zlib's function inverts before and after; the cipher does not. */
static uint32_t crc_step(uint32_t crc, uint8_t byte)
{
	return ~(uint32_t)crc32_z(~crc, &byte, 1);
}

static void update(struct pkware_keys *keys, uint8_t plain)
{
	uint32_t *key = keys->key;

	key[0] = crc_step(key[0], plain);
	key[1] = (key[1] + (key[0] & 0xff)) * 134775813u + 1;
	key[2] = crc_step(key[2], (uint8_t)(key[1] >> 24));
}

struct pkware_keys pkware_keys_of(struct slice password)
{
	struct pkware_keys keys = { { 0x12345678, 0x23456789, 0x34567890 } };

	for (size_t i = 0; i < password.len; i++)
		update(&keys, password.base[i]);
	return keys;
}

uint8_t pkware_decrypt(struct pkware_keys *keys, uint8_t byte)
{
	uint32_t mix = (keys->key[2] & 0xffff) | 2;
	uint8_t plain = (uint8_t)(byte ^ mix * (mix ^ 1) >> 8);

	update(keys, plain);
	return plain;
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

	unlock->keys = unlock->parameters->keys;
	unlock->left = unlock->parameters->stored_len;
	unlock->ahead.len = 0;
	return inflate_codec.reset(unlock->inflate);
}

static enum status unlock_step(void *state, struct codec_io *io)
{
	struct unlock *unlock = state;
	struct ahead *ahead = &unlock->ahead;
	size_t len = ahead_room(ahead, io);

	for (size_t i = 0; i < len; i++) {
		uint8_t byte = io->in[io->in_pos + ahead->len];

		ahead->bytes[ahead->len++] = pkware_decrypt(&unlock->keys, byte);
	}
	if (unlock->parameters->is_deflated)
		return ahead_inflate(ahead, io, unlock->inflate, false);
	if (unlock->left == 0)
		return STATUS_END;
	if (ahead->len == 0 && io->in_ends)
		return STATUS_TRUNCATED;
	unlock->left -= ahead_copy(ahead, io, unlock->left);
	return STATUS_OK;
}
