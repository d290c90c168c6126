/* SPDX-License-Identifier: Apache-2.0 */
#include "host/hash_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/digest.h"

enum { PIECE_LEN = 256 * 1024 };

static enum status update(struct digest_state *state, int fd);

enum status hash_file(int fd, uint8_t ret_sha256[32])
{
	struct digest out[DIGEST_COUNT];
	struct digest_state state;
	struct digests digests;
	enum status status = digests_load(&digests);

	if (status != STATUS_OK)
		return status;
	status = digest_state_init(&state, &digests);
	if (status == STATUS_OK) {
		status = digest_start(&state, DIGEST_BIT_SHA256);
		if (status == STATUS_OK)
			status = update(&state, fd);
		if (status == STATUS_OK) {
			digest_finish(&state, out);
			memcpy(ret_sha256, out[DIGEST_SHA256].bytes, 32);
		}
		digest_state_clear(&state);
	}
	digests_clear(&digests);
	return status;
}

static enum status update(struct digest_state *state, int fd)
{
	AUTO_FREE uint8_t *piece = malloc(PIECE_LEN);
	off_t at = 0;

	if (!piece)
		return STATUS_NO_MEMORY;
	for (;;) {
		ssize_t got = pread(fd, piece, PIECE_LEN, at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return STATUS_IO;
		if (got == 0)
			return STATUS_OK;
		digest_update(state, piece, (size_t)got);
		at += got;
	}
}
