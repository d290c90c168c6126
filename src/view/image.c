/* SPDX-License-Identifier: Apache-2.0 */
#include "view/image.h"

#include "base/checked.h"

bool image_type(enum file_type type)
{
	return type == TYPE_PNG || type == TYPE_JPEG || type == TYPE_GIF ||
	       type == TYPE_GRAPHICS;
}

enum status image_read(const struct source *source, enum file_type type,
		       struct arena *arena, struct image *out)
{
	if (type == TYPE_PNG)
		return image_read_png(source, arena, out);
	if (type == TYPE_JPEG)
		return image_read_jpeg(source, arena, out);
	if (type == TYPE_GIF)
		return image_read_gif(source, arena, out);
	if (type == TYPE_GRAPHICS)
		return image_read_bmp(source, arena, out);
	return STATUS_UNSUPPORTED;
}

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
