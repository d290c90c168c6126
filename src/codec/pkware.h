/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The traditional encryption of zip archives (PKWARE's APPNOTE, section 6.1), and what
 * is under it, stored or deflated. The cipher is weak; we only take it off.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "codec/codec.h"

enum { PKWARE_HEAD_LEN = 12 };

struct pkware_keys {
	uint32_t key[3];
};

/* The keys that a password makes. */
struct pkware_keys pkware_keys_of(struct slice password);

/* The next byte; the keys go on. */
uint8_t pkware_decrypt(struct pkware_keys *keys, uint8_t byte);

/*
 * The codec's parameters. They are read again at each reset(), and so are to stay where
 * they are; the codec begins behind the member's head of PKWARE_HEAD_LEN bytes.
 */
struct pkware_parameters {
	struct pkware_keys keys; /* as they are behind the head */
	bool is_deflated;
	uint64_t stored_len; /* of what is not deflated */
};

extern const struct codec pkware_codec;
