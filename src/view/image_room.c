/* SPDX-License-Identifier: Apache-2.0 */
#include "base/checked.h"
#include "view/image_formats.h"

enum status image_room(uint32_t width, uint32_t height, struct arena *arena,
		       uint8_t **out)
{
	size_t pixels;

	if (width == 0 || height == 0)
		return STATUS_MALFORMED;
	if (!mul_size(width, height, &pixels) || pixels > IMAGE_PIXELS_MAX)
		return STATUS_LIMIT;
	*out = arena_alloc(arena, pixels);
	return *out ? STATUS_OK : STATUS_NO_MEMORY;
}
