/* SPDX-License-Identifier: Apache-2.0 */
/* gzip files: docs/formats/gzip.md. */
#pragma once

#include "unpack/unpack.h"

extern const struct unpacker gzip_unpacker;
