/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines that are fields with a separator between them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"

/*
 * Cuts at each separator. Returns how many fields there are; when those are more than
 * `max`, only the first `max` are written.
 */
size_t field_split(struct slice line, char separator, struct slice *fields, size_t max);

/* A decimal number, all digits, at most `max`. False, and *out left alone, if it is none. */
MUST_CHECK bool field_number(struct slice text, uint64_t max, uint64_t *out);
