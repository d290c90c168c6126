/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an image looks like, in 64 bits: the hash that ClamAV's fuzzy_img rules name.
 *
 * The image in shades of grey is made 32 by 32 (Lanczos, three lobes, first the columns,
 * then the rows, between them not rounded), then a discrete cosine transform of it is
 * taken. Of its 8 by 8 lowest frequencies, row by row, each gives a bit: is it above
 * their median? The first is the highest.
 */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/status.h"

/* Shades of grey, row by row from the top, without gaps. Neither side is 0. */
struct image {
	uint32_t width, height;
	const uint8_t *shades;
};

/* OK; NO_MEMORY. Needs 128 bytes of the arena for each column. */
MUST_CHECK enum status image_hash(const struct image *image, struct arena *arena,
				  uint64_t *out);

/* How bright a colour is: of 1,000 parts 299 red, 587 green, 114 blue, rounded. */
static inline uint8_t image_shade(unsigned red, unsigned green, unsigned blue)
{
	return (uint8_t)((299 * red + 587 * green + 114 * blue + 500) / 1000);
}
