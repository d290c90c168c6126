/* SPDX-License-Identifier: Apache-2.0 */
#include "view/image.h"

#include "view/image_formats.h"

bool image_type(enum file_type type)
{
	return type == TYPE_PNG || type == TYPE_JPEG || type == TYPE_GIF ||
	       type == TYPE_TIFF || type == TYPE_GRAPHICS;
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
	if (type == TYPE_TIFF)
		return image_read_tiff(source, arena, out);
	if (type == TYPE_GRAPHICS)
		return image_read_bmp(source, arena, out);
	return STATUS_UNSUPPORTED;
}
