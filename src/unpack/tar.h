/* SPDX-License-Identifier: Apache-2.0 */
/* Tape archives: docs/formats/tar.md. */
#pragma once

#include "unpack/unpack.h"

extern const struct unpacker tar_unpacker;
