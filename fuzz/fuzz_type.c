/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Type detection, over the two ends of the bytes as the scan hands them in: ours, and what
 * clamscan makes of it.
 */
#include <assert.h>

#include "type/as_clamscan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct types types, size_t size)
{
	assert((unsigned)types.primary < TYPE_COUNT && types.primary != TYPE_ANY);
	assert((types.primary == TYPE_EMPTY) == (size == 0));
	assert(types.also_count <= TYPES_ALSO_MAX);
	for (size_t i = 0; i < types.also_count; i++) {
		assert(types.also[i] != types.primary);
		assert(type_kind(types.also[i]) == TYPE_CONTAINER);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t head = size < TYPE_HEAD_LEN ? size : TYPE_HEAD_LEN;
	size_t tail = size < TYPE_TAIL_LEN ? size : TYPE_TAIL_LEN;
	struct types types = type_detect(reader_of(data, head),
					 reader_of(data + size - tail, tail), size);

	check(types, size);
	check(type_as_clamscan(reader_of(data, head), types), size);
	(void)type_reads_as_mail(reader_of(data, head));
	(void)type_outranks_page(reader_of(data, head), false);
	return 0;
}
