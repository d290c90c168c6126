/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Containers of rule files. The first byte chooses the kind and whether the sums of the
 * archive's headers are mended. Of one that is believed, all is read twice.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cvd/container.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct digests digests;
static struct digest_state state;

static void mend_sums(uint8_t *bytes, size_t len)
{
	for (size_t at = CVD_HEADER_LEN; at + 512 <= len; at += 512) {
		unsigned sum = 8 * ' ';

		if (bytes[at] == 0 || bytes[at + 124] < ' ' || bytes[at + 124] > '7')
			continue;
		for (size_t i = 0; i < 512; i++)
			sum += i >= 148 && i < 156 ? 0U : bytes[at + i];
		snprintf((char *)bytes + at + 148, 8, "%06o", sum & 0777777);
	}
}

static void read_members(struct cvd *cvd)
{
	size_t index = 0, count = 0;
	uint8_t piece[256];

	assert(cvd_start(cvd) == STATUS_OK);
	while (cvd_next(cvd, &index) == STATUS_OK) {
		struct stream member = cvd_stream(cvd);
		uint64_t len = 0;
		enum status status = STATUS_OK;

		assert(index == count && index < cvd->member_count);
		assert(tape_name_is_plain(cvd->members[index].name));
		while (status == STATUS_OK) {
			size_t got;
			status = stream_read(&member, piece, sizeof(piece), &got);
			len += got;
		}
		assert(status == STATUS_END && len == cvd->members[index].size);
		count++;
	}
	assert(count == cvd->member_count);
	cvd_finish(cvd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct cvd cvd;

	if (size == 0 ||
	    (!digests.library && (digests_load(&digests) != STATUS_OK ||
				  digest_state_init(&state, &digests) != STATUS_OK)))
		return 0;
	/* Not one byte more than there is. */
	uint8_t *copy = malloc(size > 1 ? size - 1 : 1);
	if (!copy)
		return 0;
	memcpy(copy, data + 1, size - 1);
	if (data[0] & 1)
		mend_sums(copy, size - 1);
	arena_init(&arena, 2 << 20);
	enum cvd_kind kind = data[0] & 2 ? CVD_PATCHED : CVD_UNSIGNED;
	enum status status = cvd_open(&cvd, kind, source_of_memory(copy, size - 1),
				      &arena, &state);
	if (status == STATUS_OK)
		status = cvd_check(&cvd);
	if (status == STATUS_OK) {
		read_members(&cvd);
		read_members(&cvd);
	} else {
		assert(status != STATUS_MALFORMED || cvd.reason);
		assert(status == STATUS_MALFORMED || status == STATUS_NO_MEMORY);
	}
	arena_clear(&arena);
	free(copy);
	return 0;
}
