/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RSA with a public key, and nothing around it: signatures that no library knows the form
 * of are checked on what comes out of this. Public values alone, so that time tells nobody
 * anything.
 */
#pragma once

#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"

/*
 * `number` to the power of `exponent`, modulo `modulus`. All are big-endian; *out has as many
 * bytes as the modulus.
 *   OK
 *   MALFORMED  the number is not below the modulus
 *   NO_MEMORY
 */
MUST_CHECK enum status rsa_raise(struct slice modulus, uint32_t exponent,
				 struct slice number, uint8_t *out);
