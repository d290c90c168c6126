/* SPDX-License-Identifier: Apache-2.0 */
#include "host/copy.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/cleanup.h"
#include "host/temp_file.h"

enum { PIECE_BYTES = 256 * 1024 };

static MUST_CHECK enum status copy_piece(struct copy *copy, uint8_t *buffer,
					 uint64_t *left);
static MUST_CHECK bool write_all(int fd, const uint8_t *bytes, size_t len,
				 uint64_t offset);

enum status copy_place(uint64_t size, int *ret_fd)
{
	int fd = -1;

	if (size <= COPY_MEMORY_MAX)
		fd = memfd_create("custos-copy", MFD_CLOEXEC);
	if (fd < 0)
		fd = temp_file_open();
	if (fd < 0)
		return errno == EMFILE || errno == ENFILE ? STATUS_LIMIT : STATUS_IO;
	*ret_fd = fd;
	return STATUS_OK;
}

uint64_t copy_room(int place)
{
	struct statvfs room;
	uint64_t free_bytes;

	if (fstatvfs(place, &room) != 0 ||
	    !mul_u64(room.f_bavail, room.f_frsize, &free_bytes))
		return UINT64_MAX;
	return free_bytes / 2;
}

enum status copy_stream(struct copy *copy)
{
	AUTO_FREE uint8_t *buffer = malloc(PIECE_BYTES);
	uint64_t left = UINT64_MAX;
	enum status status = STATUS_OK;

	if (!buffer) {
		errno = ENOMEM;
		return STATUS_IO;
	}
	while (status == STATUS_OK && left > 0)
		status = copy_piece(copy, buffer, &left);
	return status;
}

enum status copy_extents(struct copy *copy, uint64_t size, const struct extent *extents,
			 size_t count)
{
	AUTO_FREE uint8_t *buffer = malloc(PIECE_BYTES);
	enum status status = STATUS_OK;

	if (!buffer) {
		errno = ENOMEM;
		return STATUS_IO;
	}
	for (size_t i = 0; status == STATUS_OK && i < count && !copy->is_cut; i++) {
		uint64_t left = extents[i].len;

		if (extents[i].offset >= copy->limit)
			break;
		if (lseek(copy->from, (off_t)extents[i].offset, SEEK_SET) < 0)
			return STATUS_IO;
		copy->len = extents[i].offset;
		while (status == STATUS_OK && left > 0)
			status = copy_piece(copy, buffer, &left);
	}
	if (status == STATUS_OK && !copy->is_cut && copy->len < size) {
		/* A hole at the end. */
		copy->len = min_u64(size, copy->limit);
		copy->is_cut = size > copy->limit;
		if (ftruncate(copy->to, (off_t)copy->len) != 0)
			copy->is_cut = true;
	}
	return status;
}

/* *left is set to 0 at the end of the file, and where the copy is cut. */
static enum status copy_piece(struct copy *copy, uint8_t *buffer, uint64_t *left)
{
	size_t want = (size_t)min_u64(*left, PIECE_BYTES);
	ssize_t got = read(copy->from, buffer, want);

	if (copy->stop && *copy->stop)
		return STATUS_END;
	if (got < 0 && errno == EAGAIN && copy->waits)
		poll(&(struct pollfd){ copy->from, POLLIN, 0 }, 1, -1);
	else if (got < 0 && errno != EINTR)
		return STATUS_IO;
	if (got < 0)
		return STATUS_OK;
	if (got == 0) {
		*left = 0;
		return STATUS_OK;
	}

	size_t len = (size_t)got;

	if (!range_fits(copy->len, len, copy->limit)) {
		len = (size_t)(copy->limit - min_u64(copy->len, copy->limit));
		copy->is_cut = true;
	}
	/* A full disk cuts the copy: what is there is still looked at. */
	if (!write_all(copy->to, buffer, len, copy->len)) {
		copy->is_cut = true;
		*left = 0;
		return STATUS_OK;
	}
	copy->len += len;
	*left -= len;
	if (copy->is_cut)
		*left = 0;
	if (copy->progress)
		copy->progress(copy->context, len);
	return STATUS_OK;
}

static bool write_all(int fd, const uint8_t *bytes, size_t len, uint64_t offset)
{
	size_t done = 0;

	while (done < len) {
		ssize_t put = pwrite(fd, &bytes[done], len - done,
				     (off_t)(offset + done));

		if (put < 0 && errno != EINTR)
			return false;
		if (put > 0)
			done += (size_t)put;
	}
	return true;
}
