/* SPDX-License-Identifier: Apache-2.0 */
/* The patterns of subsignatures in words. */
#pragma once

#include "base/slice.h"
#include "database/wording.h"

/* A list of programs, as SUB_PATTERN has it; any of them is a match. */
void decode_programs(struct slice programs, struct wording *out);
