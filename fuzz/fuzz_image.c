/* SPDX-License-Identifier: Apache-2.0 */
/* The first byte chooses the format, the rest is the file. */
#include <assert.h>

#include "view/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum file_type types[] = { TYPE_PNG, TYPE_JPEG, TYPE_GIF,
						TYPE_GRAPHICS, TYPE_TIFF };
	struct image image;
	struct arena arena;
	uint64_t hash;

	if (size == 0)
		return 0;
	struct source file = source_of_memory(data, size);
	struct source source = source_window(&file, 1, size - 1);
	arena_init(&arena, 8 << 20);
	enum status status = image_read(&source, types[data[0] % 5], &arena, &image);
	if (status == STATUS_OK) {
		assert(image.width > 0 && image.height > 0);
		status = image_hash(&image, &arena, &hash);
		assert(status == STATUS_OK || status == STATUS_NO_MEMORY);
	}
	assert(status != STATUS_IO && status != STATUS_CHANGED);
	arena_clear(&arena);
	return 0;
}
