/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tar: the first byte chooses what is made right before reading. A sum that fits by
 * accident would never be found, so with its first bit set all sums are mended.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unpack/tar.h"
#include "unpacking.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void mend_sums(uint8_t *bytes, size_t len)
{
	for (size_t at = 0; at + 512 <= len; at += 512) {
		unsigned sum = 8 * ' ';

		/* Blocks that begin like a header: with a name, and a size or its end. */
		if (bytes[at] == 0 || (bytes[at + 135] != 0 && bytes[at + 135] != ' '))
			continue;
		for (size_t i = 0; i < 512; i++)
			sum += i >= 148 && i < 156 ? 0U : bytes[at + i];
		snprintf((char *)bytes + at + 148, 8, "%06o", sum);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;

	uint8_t *copy = malloc(size);
	if (!copy)
		return 0;
	memcpy(copy, data + 1, size - 1);
	if (data[0] & 1)
		mend_sums(copy, size - 1);
	struct unpacked unpacked = unpack_source(
		&tar_unpacker, source_of_memory(copy, size - 1), 4 << 20);
	unpacked_free(&unpacked);
	free(copy);
	return 0;
}
