/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pictures as shades of grey, for their hash: PNG, JPEG, GIF (its first frame),
 * TIFF (its first directory), BMP.
 * As in what ClamAV decodes them with, transparency is dropped, not blended.
 *
 * libpng works in the arena; libjpeg has a memory of its own, from malloc(), and
 * comes back with an error when the process may have no more.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/status.h"
#include "bytes/source.h"
#include "type/type.h"
#include "view/image_hash.h"

/* Is it a type that pictures may have? Of GRAPHICS some are read. */
bool image_type(enum file_type type);

/*
 * Decodes one. The shades are the arena's.
 *   OK
 *   MALFORMED, TRUNCATED   it is damaged
 *   UNSUPPORTED            no picture that is read here
 *   LIMIT                  too many pixels, or too many passes over them
 *   NO_MEMORY, CHANGED, IO
 */
MUST_CHECK enum status image_read(const struct source *source, enum file_type type,
				  struct arena *arena, struct image *out);
