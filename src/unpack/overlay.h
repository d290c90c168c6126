/* SPDX-License-Identifier: Apache-2.0 */
/* What stands behind a program in its file: docs/formats/overlay.md. */
#pragma once

#include "unpack/unpack.h"

extern const struct unpacker overlay_unpacker;
