/* SPDX-License-Identifier: Apache-2.0 */
/* Type detection, over the two ends of the bytes as the scan hands them in. */
#include <assert.h>

#include "type/type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t head = size < TYPE_HEAD_LEN ? size : TYPE_HEAD_LEN;
	size_t tail = size < TYPE_TAIL_LEN ? size : TYPE_TAIL_LEN;
	struct types types = type_detect(reader_of(data, head),
					 reader_of(data + size - tail, tail), size);

	assert((unsigned)types.primary < TYPE_COUNT && types.primary != TYPE_ANY);
	assert((types.primary == TYPE_EMPTY) == (size == 0));
	assert(types.also_count <= TYPES_ALSO_MAX);
	for (size_t i = 0; i < types.also_count; i++) {
		assert(types.also[i] != types.primary);
		assert(type_kind(types.also[i]) == TYPE_CONTAINER);
	}
	return 0;
}
