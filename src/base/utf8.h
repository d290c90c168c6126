/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/*
 * The character whose first byte is at `pos`: returns how many bytes it takes (1 to 4)
 * and its number in *ret_code; 0, and *ret_code left alone, if no valid character
 * begins there or the text ends before it does.
 */
size_t utf8_decode(struct slice text, size_t pos, uint32_t *ret_code);

/* Is all of it valid? Empty text is. */
bool utf8_valid(struct slice text);
