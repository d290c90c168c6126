/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "unpack/unpack.h"

/* Texts with scripts in Microsoft's encoding: the same text with these decoded. */
extern const struct unpacker screnc_text_unpacker;
