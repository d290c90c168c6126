/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why nothing can be scanned or compiled.
 */
#pragma once

#include "base/compiler.h"

struct pool_error {
	char text[256]; /* one line, no newline; cut if longer */
};

PRINTF_LIKE(2, 3) void pool_error_set(struct pool_error *error, const char *format, ...);
