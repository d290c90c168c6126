/* SPDX-License-Identifier: Apache-2.0 */
/* zip archives, and what is one under another name (jar, docx, apk): docs/formats/zip.md. */
#pragma once

#include "unpack/unpack.h"

extern const struct unpacker zip_unpacker;
