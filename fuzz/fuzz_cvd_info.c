/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of a container's members, and the headers of containers and differences.
 */
#include <assert.h>

#include "bytes/reader.h"
#include "cvd/diff.h"
#include "cvd/info.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct digests digests;
static struct digest_state state;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { data, size };
	struct cvd_header header;
	struct cvd_diff diff;
	struct cvd_info info;
	struct arena arena;

	if (!digests.library && (digests_load(&digests) != STATUS_OK ||
				 digest_state_init(&state, &digests) != STATUS_OK))
		return 0;
	arena_init(&arena, 2 << 20);
	if (cvd_header_read(text, &header) == STATUS_OK)
		assert(header.md5.len < size);
	if (cvd_info_read(text, &arena, &info) == STATUS_OK) {
		assert(info.member_count <= CVD_MEMBERS_MAX);
		assert(info.signed_text.len <= size);
		for (size_t i = 0; i < info.member_count; i++)
			assert(cvd_info_find(&info, info.members[i].name) ==
			       &info.members[i]);
		assert(cvd_info_verify(&info, &state) == STATUS_MALFORMED);
	}
	enum status status = cvd_diff_open(&diff, source_of_memory(data, size), &arena,
					   &state);
	assert(status == STATUS_MALFORMED && diff.reason);
	arena_clear(&arena);
	return 0;
}
