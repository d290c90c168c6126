/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The AES encryption of zip archives ("AES Encryption Information: Encryption
 * Specification AE-1 and AE-2", winzip.com), and what is under it, stored or deflated.
 * A member is: salt, two bytes that tell most wrong passwords, the encrypted bytes, and
 * ten bytes of their HMAC-SHA-1. Keys are made of password and salt by PBKDF2, as are the
 * two bytes; the cipher is AES in counter mode, with a counter that begins at 1, the lowest
 * byte first.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "codec/codec.h"

/* As the member's extra field has it: keys of 128, 192 and 256 bits. */
enum winzip_strength { WINZIP_128 = 1, WINZIP_192, WINZIP_256 };

enum {
	WINZIP_KEY_MAX = 32,
	WINZIP_SALT_MAX = 16,
	WINZIP_CHECK_LEN = 2, /* behind the salt */
	WINZIP_MAC_LEN = 10,
};

/* Bytes of salt; 0: there is no such strength. */
size_t winzip_salt_len(unsigned strength);

struct winzip_keys {
	uint8_t cipher[WINZIP_KEY_MAX];
	uint8_t mac[WINZIP_KEY_MAX];
	size_t len; /* of each */
	uint8_t check[WINZIP_CHECK_LEN];
};

/*
 * The keys that a password makes: a thousand rounds for each 20 bytes, which is meant to
 * take its time (half a millisecond). `strength` is one of the three, and the salt as long
 * as it asks.
 */
void winzip_make_keys(struct slice password, struct slice salt, unsigned strength,
		      struct winzip_keys *out);

/*
 * The codec's parameters. They are read again at each reset(), and so are to stay where
 * they are; the codec begins behind the two bytes. It ends behind the HMAC, and says
 * MALFORMED there if that is another.
 */
struct winzip_parameters {
	struct winzip_keys keys;
	bool is_deflated;
	uint64_t len; /* of the encrypted bytes */
};

extern const struct codec winzip_codec;
