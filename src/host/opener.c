/* SPDX-License-Identifier: Apache-2.0 */
#include "host/opener.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"

enum {
	/* A lease is broken by our attempt; well-behaved holders let go at once. */
	LEASE_TRIES = 5,
	LEASE_WAIT_MS = 20,
};

static MUST_CHECK enum status opened(int fd, int *ret_fd);
static int open_inside(int folder, const char *path, int flags);
static int open_in_mount(int folder, const char *path, int flags);
static int open_quietly(int own_fds, int path_fd, uint32_t owner);

enum status opener_look(int folder, const char *path, enum look_how how, int *ret_fd)
{
	AUTO_CLOSE int on_the_way = -1;
	int flags = O_PATH | O_CLOEXEC;

	/* What is too long for the system in one piece is gone to in steps. */
	while (strlen(path) >= PATH_MAX) {
		char step[PATH_MAX];
		size_t cut = PATH_MAX - 1;
		int next;

		while (cut > 0 && path[cut] != '/')
			cut--;
		if (cut == 0) {
			errno = ENAMETOOLONG;
			return STATUS_IO;
		}
		memcpy(step, path, cut);
		step[cut] = '\0';
		next = openat(folder, step, O_PATH | O_DIRECTORY | O_CLOEXEC);
		cleanup_close(&on_the_way);
		on_the_way = next;
		if (next < 0)
			return opened(next, ret_fd);
		folder = on_the_way;
		path = &path[cut + strspn(&path[cut], "/")];
	}
	if (path[0] == '\0' && on_the_way >= 0)
		path = "."; /* a slash was the last of it */
	if (how == LOOK_FOLLOW)
		return opened(openat(folder, path, flags), ret_fd);
	flags |= O_NOFOLLOW;
	if (how == LOOK_ANYWHERE)
		return opened(openat(folder, path, flags), ret_fd);
	return opened(open_inside(folder, path, flags), ret_fd);
}

enum status opener_directory(int folder, const char *name, int *ret_fd)
{
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
	int fd = open_inside(folder, name, flags | O_NOATIME);

	if (fd < 0 && errno == EPERM)
		fd = open_inside(folder, name, flags);
	/* A symbolic link is "too many levels" of them to O_NOFOLLOW. */
	if (fd < 0 && errno == ELOOP)
		errno = ENOTDIR;
	return opened(fd, ret_fd);
}

enum status opener_own_fds(int *ret_fd)
{
	return opened(open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC), ret_fd);
}

enum status opener_read(int own_fds, int path_fd, uint32_t owner, int *ret_fd)
{
	int fd = open_quietly(own_fds, path_fd, owner);

	for (int i = 0; i < LEASE_TRIES && fd < 0 && errno == EAGAIN; i++) {
		struct timespec wait = { .tv_nsec = LEASE_WAIT_MS * 1000000L };

		nanosleep(&wait, NULL);
		fd = open_quietly(own_fds, path_fd, owner);
	}
	if (fd < 0 && errno == EAGAIN)
		errno = EBUSY;
	return opened(fd, ret_fd);
}

enum status opener_read_only(int own_fds, int fd, int *ret_fd)
{
	char name[16];

	snprintf(name, sizeof(name), "%d", fd);
	return opened(openat(own_fds, name, O_RDONLY | O_CLOEXEC), ret_fd);
}

bool opener_sees_mounts(void)
{
	AUTO_CLOSE int fd = open_in_mount(AT_FDCWD, ".", O_PATH | O_CLOEXEC);

	return fd >= 0 || errno != ENOSYS;
}

static int open_quietly(int own_fds, int path_fd, uint32_t owner)
{
	int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	char name[16];
	uid_t self = geteuid();
	int fd = -1;

	snprintf(name, sizeof(name), "%d", path_fd);
	if (self == 0 || self == owner)
		fd = openat(own_fds, name, flags | O_NOATIME);
	/* Root may be in a user namespace that does not know the owner. */
	if ((self != 0 && self != owner) || (fd < 0 && errno == EPERM))
		fd = openat(own_fds, name, flags);
	return fd;
}

static int open_inside(int folder, const char *path, int flags)
{
	int fd = open_in_mount(folder, path, flags);

	if (fd >= 0 || errno != ENOSYS)
		return fd;
	return openat(folder, path, flags);
}

static int open_in_mount(int folder, const char *path, int flags)
{
	struct open_how how = { .flags = (unsigned)flags, .resolve = RESOLVE_NO_XDEV };

	return (int)syscall(SYS_openat2, folder, path, &how, sizeof(how));
}

static enum status opened(int fd, int *ret_fd)
{
	if (fd >= 0) {
		*ret_fd = fd;
		return STATUS_OK;
	}
	if (errno == EMFILE || errno == ENFILE)
		return STATUS_LIMIT;
	return STATUS_IO;
}
