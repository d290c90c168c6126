/* SPDX-License-Identifier: Apache-2.0 */
#include "host/target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/checked.h"

/*
 * Asking for one extent costs two calls; a file made of holes could keep us
 * busy for hours. Behind so many extents the rest is read as if it were data.
 */
enum { EXTENTS_ASKED_MAX = 65536 };

/* Extents as they come in, joined over ever wider holes when there are too many. */
struct collector {
	struct extent *list;
	size_t count;
	uint64_t join_below; /* holes smaller than this are read with the data */
};

static MUST_CHECK enum status collect(int fd, uint64_t size, struct collector *collector);
static bool next_extent(int fd, uint64_t from, uint64_t size, struct extent *out);
static void collector_add(struct collector *collector, struct extent extent);
static void collector_shrink(struct collector *collector);

static struct target_time time_of(struct statx_timestamp stamp)
{
	return (struct target_time){ stamp.tv_sec, stamp.tv_nsec };
}

enum status target_look(int fd, struct target_facts *out)
{
	struct statx stat;

	if (statx(fd, "", AT_EMPTY_PATH | AT_NO_AUTOMOUNT,
		  STATX_BASIC_STATS | STATX_BTIME, &stat) != 0)
		return STATUS_IO;
	*out = (struct target_facts){
		.device = (uint64_t)stat.stx_dev_major << 32 | stat.stx_dev_minor,
		.inode = stat.stx_ino,
		.size = stat.stx_size,
		.allocated = stat.stx_blocks * 512,
		.modified = time_of(stat.stx_mtime),
		.touched = time_of(stat.stx_ctime),
		.born = time_of(stat.stx_btime),
		.has_birth = (stat.stx_mask & STATX_BTIME) != 0,
		.uid = stat.stx_uid,
		.mode = stat.stx_mode,
	};
	return STATUS_OK;
}

static bool time_equal(struct target_time a, struct target_time b)
{
	return a.seconds == b.seconds && a.nanoseconds == b.nanoseconds;
}

bool target_changed(int fd, const struct target_facts *before)
{
	struct target_facts now;

	if (target_look(fd, &now) != STATUS_OK)
		return true;
	return now.device != before->device || now.inode != before->inode ||
	       now.size != before->size || !time_equal(now.modified, before->modified) ||
	       !time_equal(now.touched, before->touched);
}

enum status target_extents(int fd, const struct target_facts *facts,
			   struct extent **ret_extents, size_t *ret_count)
{
	struct collector collector = { 0 };

	*ret_extents = NULL;
	*ret_count = 0;
	if (facts->allocated >= facts->size || facts->size > INT64_MAX)
		return STATUS_OK;
	collector.list = calloc(TARGET_EXTENTS_MAX, sizeof(*collector.list));
	if (!collector.list)
		return STATUS_NO_MEMORY;

	enum status status = collect(fd, facts->size, &collector);
	bool whole = collector.count == 1 && collector.list[0].len == facts->size;

	if (status != STATUS_OK || whole) {
		/* That the system cannot tell is no error: all of it is read. */
		free(collector.list);
		return STATUS_OK;
	}
	if (collector.count == 0)
		collector.count = 1; /* zeroed: nothing but a hole */

	struct extent *fitted = realloc(collector.list,
					collector.count * sizeof(*collector.list));

	*ret_extents = fitted ? fitted : collector.list;
	*ret_count = collector.count;
	return STATUS_OK;
}

static enum status collect(int fd, uint64_t size, struct collector *collector)
{
	uint64_t pos = 0;

	for (size_t asked = 0; pos < size; asked++) {
		struct extent extent = { pos, size - pos };

		if (asked < EXTENTS_ASKED_MAX && !next_extent(fd, pos, size, &extent)) {
			if (errno == ENXIO)
				return STATUS_OK; /* a hole up to the end */
			return STATUS_IO;
		}
		collector_add(collector, extent);
		pos = extent.offset + extent.len;
	}
	return STATUS_OK;
}

/* False with ENXIO: no more data. What makes no sense is refused (EIO). */
static bool next_extent(int fd, uint64_t from, uint64_t size, struct extent *out)
{
	off_t data = lseek(fd, (off_t)from, SEEK_DATA);

	if (data < 0)
		return false;
	if ((uint64_t)data >= size) {
		errno = ENXIO; /* it grew meanwhile */
		return false;
	}

	off_t hole = lseek(fd, data, SEEK_HOLE);

	if (hole < 0)
		return false;
	if ((uint64_t)data < from || hole <= data) {
		errno = EIO;
		return false;
	}
	out->offset = (uint64_t)data;
	out->len = min_u64((uint64_t)hole, size) - (uint64_t)data;
	return true;
}

static void collector_add(struct collector *collector, struct extent extent)
{
	if (collector->count > 0) {
		struct extent *last = &collector->list[collector->count - 1];
		uint64_t end = last->offset + last->len;

		if (extent.offset - end < collector->join_below) {
			last->len = extent.offset + extent.len - last->offset;
			return;
		}
	}
	if (collector->count == TARGET_EXTENTS_MAX)
		collector_shrink(collector);
	collector->list[collector->count++] = extent;
}

/* Joins over the smallest holes until half of the room is free. */
static void collector_shrink(struct collector *collector)
{
	if (collector->join_below == 0)
		collector->join_below = 4096;
	while (collector->count > TARGET_EXTENTS_MAX / 2) {
		size_t count = collector->count;

		collector->join_below *= 2;
		collector->count = 0;
		for (size_t i = 0; i < count; i++)
			collector_add(collector, collector->list[i]);
	}
}
