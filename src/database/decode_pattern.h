/* SPDX-License-Identifier: Apache-2.0 */
/* The patterns of subsignatures in words. */
#pragma once

#include "base/slice.h"
#include "database/wording.h"

/* A list of programs, as SUB_PATTERN has it; any of them is a match. */
void decode_programs(struct slice programs, struct wording *out);

/* Bytes in hexadecimal, and as text where they are one. */
void decode_bytes(struct slice bytes, struct wording *out);
