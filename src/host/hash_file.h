/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>

#include "base/compiler.h"
#include "base/status.h"

/*
 * SHA-256 of all that can be read from a descriptor, from its first byte on;
 * its position stays.  OK; NO_MEMORY, UNSUPPORTED, IO (errno says why).
 */
MUST_CHECK enum status hash_file(int fd, uint8_t ret_sha256[32]);
