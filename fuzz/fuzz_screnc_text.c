/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/screnc_text.h"
#include "unpacking.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct unpacked unpacked = unpack_source(&screnc_text_unpacker,
						 source_of_memory(data, size), 1 << 20);

	unpacked_free(&unpacked);
	return 0;
}
