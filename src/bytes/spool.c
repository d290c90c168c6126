/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes/spool.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>

#include "base/checked.h"

void spool_init(struct spool *spool, int fd, uint64_t limit_bytes)
{
	*spool = (struct spool){ .fd = fd, .limit = fd >= 0 ? limit_bytes : 0 };
}

enum status spool_append(struct spool *spool, const void *bytes, size_t len)
{
	const uint8_t *from = bytes;
	size_t done = 0;

	if (!range_fits(spool->used, len, spool->limit))
		return STATUS_LIMIT;
	spool->peak = max_u64(spool->peak, spool->used + len);
	while (done < len) {
		ssize_t n = pwrite(spool->fd, from + done, len - done,
				   (off_t)(spool->used + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return STATUS_IO;
		done += (size_t)n;
	}
	spool->used += len;
	return STATUS_OK;
}

struct source spool_source(const struct spool *spool, uint64_t mark)
{
	struct source whole = source_of_fd(spool->fd, spool->used, NULL, 0);

	assert(mark <= spool->used);
	return source_window(&whole, mark, spool->used - mark);
}

void spool_rewind(struct spool *spool, uint64_t mark)
{
	assert(mark <= spool->used);
	spool->used = mark;
}
