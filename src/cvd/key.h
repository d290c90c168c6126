/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The public keys of ClamAV's databases: docs/formats/cvd.md says what each is for.
 */
#pragma once

#include <stdint.h>

#include "base/slice.h"

enum cvd_key_use {
	CVD_KEY_HEADER, /* the MD5 in a container's header: 1,024 bits */
	CVD_KEY_INFO,   /* a container's list of members: 2,048 bits */
	CVD_KEY_DIFF,   /* a difference between two versions: 2,048 bits */
};

enum { CVD_KEYS = CVD_KEY_DIFF + 1, CVD_KEY_BYTES_MAX = 256 };

struct cvd_key {
	struct slice modulus;
	uint32_t exponent;
};

extern const struct cvd_key cvd_keys[CVD_KEYS];
