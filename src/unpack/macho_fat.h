/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "unpack/unpack.h"

/* Universal Mach-O files: one program for each of several processors. */
extern const struct unpacker macho_fat_unpacker;
