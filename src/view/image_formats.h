/* SPDX-License-Identifier: Apache-2.0 */
/* The formats of pictures, one file each, and what they share. Not for anybody but image.c. */
#pragma once

#include "base/arena.h"
#include "base/compiler.h"
#include "base/status.h"
#include "bytes/source.h"
#include "view/image_hash.h"

/* A picture with more pixels is not decoded. */
enum { IMAGE_PIXELS_MAX = 64 << 20 };

/* Each as image_read(). */
MUST_CHECK enum status image_read_png(const struct source *source, struct arena *arena,
				      struct image *out);
MUST_CHECK enum status image_read_jpeg(const struct source *source, struct arena *arena,
				       struct image *out);
MUST_CHECK enum status image_read_gif(const struct source *source, struct arena *arena,
				      struct image *out);
MUST_CHECK enum status image_read_tiff(const struct source *source, struct arena *arena,
				       struct image *out);
MUST_CHECK enum status image_read_bmp(const struct source *source, struct arena *arena,
				      struct image *out);

/* Room for the shades of a picture of that size.  OK, MALFORMED, LIMIT, NO_MEMORY */
MUST_CHECK enum status image_room(uint32_t width, uint32_t height, struct arena *arena,
				  uint8_t **out);
