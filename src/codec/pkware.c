/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cipher goes over the input ahead of the decoder under it, so bytes that it has
 * passed wait in a buffer until they are used. Only then they are taken from the
 * caller: positions are those of the decoder under it, and the data's own end is where
 * it says.
 */
#include "codec/pkware.h"

#include <string.h>
#include <zlib.h>

#include "base/checked.h"
#include "codec/inflate.h"

enum { AHEAD = 1024 };

struct unlock {
	const struct pkware_parameters *parameters;
	struct pkware_keys keys;
	void *inflate;
	uint64_t left; /* stored bytes still to come */
	/* The caller's next bytes, decrypted: as many as `len`. */
	uint8_t ahead[AHEAD];
	size_t len;
};

static enum status unlock_init(struct arena *arena, const void *parameters, void **state);
static enum status unlock_reset(void *state);
static enum status unlock_step(void *state, struct codec_io *io);
static enum status step_stored(struct unlock *unlock, struct codec_io *io);

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
	unlock->len = 0;
	return inflate_codec.reset(unlock->inflate);
}

static enum status unlock_step(void *state, struct codec_io *io)
{
	struct unlock *unlock = state;
	size_t there = io->in_len - io->in_pos;
	struct codec_io under = *io;

	while (unlock->len < AHEAD && unlock->len < there) {
		uint8_t byte = io->in[io->in_pos + unlock->len];

		unlock->ahead[unlock->len++] = pkware_decrypt(&unlock->keys, byte);
	}
	if (!unlock->parameters->is_deflated)
		return step_stored(unlock, io);
	under.in = unlock->ahead;
	under.in_len = min_size(unlock->len, there);
	under.in_pos = 0;
	under.in_ends = io->in_ends && under.in_len == there;
	enum status status = inflate_codec.step(unlock->inflate, &under);
	io->in_pos += under.in_pos;
	io->out_pos = under.out_pos;
	unlock->len -= under.in_pos;
	memmove(unlock->ahead, &unlock->ahead[under.in_pos], unlock->len);
	return status;
}

static enum status step_stored(struct unlock *unlock, struct codec_io *io)
{
	size_t there = min_size(unlock->len, io->in_len - io->in_pos);
	size_t len = min_size(there, io->out_len - io->out_pos);

	if (unlock->left == 0)
		return STATUS_END;
	if (there == 0 && io->in_ends)
		return STATUS_TRUNCATED;
	len = (size_t)min_u64(len, unlock->left);
	memcpy(&io->out[io->out_pos], unlock->ahead, len);
	io->out_pos += len;
	io->in_pos += len;
	unlock->left -= len;
	unlock->len -= len;
	memmove(unlock->ahead, &unlock->ahead[len], unlock->len);
	return STATUS_OK;
}
