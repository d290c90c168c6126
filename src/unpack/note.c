/* SPDX-License-Identifier: Apache-2.0 */
/* Apart from the registry: unpackers call this, and the registry knows them all. */
#include "unpack/unpack.h"

void unpack_note(struct unpack *unpack, enum status status, uint64_t offset)
{
	unpack->note(unpack->note_context, status, offset);
}
