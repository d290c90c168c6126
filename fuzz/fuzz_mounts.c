/* SPDX-License-Identifier: Apache-2.0 */
/* Types and mount points of FUSE file systems are text that any user may choose. */
#include <assert.h>

#include "host/mounts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mounts mounts;

	if (mounts_parse((struct slice){ data, size }, &mounts) != STATUS_OK)
		return 0;
	for (size_t i = 0; i < mounts.count; i++) {
		const struct mount *mount = &mounts.list[i];
		struct slice below;
		size_t index = 0;

		assert(mounts_find(&mounts, mount->id));
		assert(mounts_guess(&mounts, mount->point));
		while (mounts_next_inside(&mounts, mount, &index, &below))
			assert(below.len > 0 && index <= mounts.count);
	}
	mounts_clear(&mounts);
	return 0;
}
