/* SPDX-License-Identifier: Apache-2.0 */
#include "host/opener.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "scratch.h"
#include "test.h"

static int look(const char *path, enum look_how how)
{
	int fd = -1;

	errno = 0;
	if (opener_look(AT_FDCWD, path, how, &fd) != STATUS_OK)
		return -1;
	return fd;
}

static mode_t mode_of(int fd)
{
	struct stat stat;

	return fstat(fd, &stat) == 0 ? stat.st_mode & S_IFMT : 0;
}

TEST("a look opens nothing: a FIFO without a writer does not block, a link is a link")
{
	scratch_enter();
	REQUIRE(mkfifo("fifo", 0600) == 0 && symlink("fifo", "link") == 0);
	AUTO_CLOSE int fifo = look("fifo", LOOK_INSIDE);
	AUTO_CLOSE int link = look("link", LOOK_INSIDE);
	AUTO_CLOSE int followed = look("link", LOOK_FOLLOW);

	CHECK_EQ(mode_of(fifo), S_IFIFO);
	CHECK_EQ(mode_of(link), S_IFLNK);
	CHECK_EQ(mode_of(followed), S_IFIFO);
	CHECK_EQ(fcntl(fifo, F_GETFL) & O_PATH, O_PATH);
	CHECK_EQ(fcntl(fifo, F_GETFD), FD_CLOEXEC);
	CHECK_EQ(look("nothing", LOOK_INSIDE), -1);
	CHECK_EQ(errno, ENOENT);
	CHECK_EQ(look("", LOOK_FOLLOW), -1);
	CHECK_EQ(errno, ENOENT);
	scratch_leave();
}

TEST("what was looked at is opened, though something else has its name by then")
{
	int own_fds, fd;
	char text[8] = "";

	scratch_enter();
	REQUIRE(opener_own_fds(&own_fds) == STATUS_OK);
	scratch_write("file", "first");

	int seen = look("file", LOOK_INSIDE);

	REQUIRE(rename("file", "elsewhere") == 0 && mkfifo("file", 0600) == 0);
	REQUIRE(opener_read(own_fds, seen, geteuid(), &fd) == STATUS_OK);
	CHECK_EQ(read(fd, text, sizeof(text)), 5);
	CHECK_STR(text, "first");
	CHECK_EQ(fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK), O_RDONLY | O_NONBLOCK);
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
	close(seen);
	close(own_fds);
	scratch_leave();
}

TEST("reading leaves the access time alone")
{
	struct stat before, after;
	struct timespec times[2] = { { 1000, 0 }, { 2000, 0 } };
	int own_fds, fd;
	char byte;

	scratch_enter();
	REQUIRE(opener_own_fds(&own_fds) == STATUS_OK);
	scratch_write("file", "x");
	REQUIRE(utimensat(AT_FDCWD, "file", times, 0) == 0);

	int seen = look("file", LOOK_INSIDE);

	REQUIRE(fstat(seen, &before) == 0 &&
		opener_read(own_fds, seen, geteuid(), &fd) == STATUS_OK);
	CHECK_EQ(read(fd, &byte, 1), 1);
	REQUIRE(fstat(fd, &after) == 0);
	CHECK_EQ(after.st_atim.tv_sec, before.st_atim.tv_sec);
	close(fd);
	/* As somebody who is not the owner, it is opened all the same. */
	CHECK_EQ(opener_read(own_fds, seen, geteuid() + 1, &fd), STATUS_OK);
	close(fd);
	close(seen);
	close(own_fds);
	scratch_leave();
}

/* A process that holds a lease on `path`, until it is told to let go, or for ever. */
static pid_t hold_lease(const char *path, bool lets_go)
{
	int ready[2];
	char byte = 0;
	pid_t pid = pipe2(ready, O_CLOEXEC) == 0 ? fork() : -1;

	if (pid == 0) {
		int fd = open(path, O_RDWR | O_CLOEXEC);

		/* What tells it ends it, unless it does not listen. */
		signal(SIGIO, lets_go ? SIG_DFL : SIG_IGN);
		if (fcntl(fd, F_SETLEASE, F_WRLCK) != 0)
			_exit(1);
		(void)!write(ready[1], "y", 1);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (pid > 0 && read(ready[0], &byte, 1) != 1) {
		waitpid(pid, NULL, 0);
		pid = -1;
	}
	close(ready[0]);
	return pid;
}

TEST("who holds a lease is given a moment, and no more")
{
	int own_fds, fd;

	scratch_enter();
	REQUIRE(opener_own_fds(&own_fds) == STATUS_OK);
	for (int lets_go = 0; lets_go <= 1; lets_go++) {
		scratch_write(lets_go ? "b" : "a", "x");

		int seen = look(lets_go ? "b" : "a", LOOK_INSIDE);
		pid_t holder = hold_lease(lets_go ? "b" : "a", lets_go);

		if (holder < 0) {
			scratch_leave();
			SKIP("leases are not to be had here");
		}
		CHECK_EQ(opener_read(own_fds, seen, geteuid(), &fd),
			 lets_go ? STATUS_OK : STATUS_IO);
		if (lets_go)
			close(fd);
		else
			CHECK_EQ(errno, EBUSY);
		kill(holder, SIGKILL);
		waitpid(holder, NULL, 0);
		close(seen);
	}
	close(own_fds);
	scratch_leave();
}

TEST("a directory is opened, anything else is not")
{
	int fd;

	scratch_enter();
	scratch_folder("folder");
	scratch_write("file", "");
	REQUIRE(mkfifo("fifo", 0600) == 0 && symlink("folder", "link") == 0);
	REQUIRE(opener_directory(AT_FDCWD, "folder", &fd) == STATUS_OK);
	close(fd);
	static const char *const others[] = { "file", "fifo", "link" };
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		CHECK_EQ(opener_directory(AT_FDCWD, others[i], &fd), STATUS_IO);
		CHECK_EQ(errno, ENOTDIR);
	}
	scratch_leave();
}

TEST("another mount is seen, and not entered unasked")
{
	if (!opener_sees_mounts())
		SKIP("this kernel has no openat2");

	AUTO_CLOSE int root = look("/", LOOK_ANYWHERE);
	int fd;

	CHECK_EQ(opener_look(root, "proc", LOOK_INSIDE, &fd), STATUS_IO);
	CHECK_EQ(errno, EXDEV);
	CHECK_EQ(opener_directory(root, "proc", &fd), STATUS_IO);
	CHECK_EQ(errno, EXDEV);
	REQUIRE(opener_look(root, "proc", LOOK_ANYWHERE, &fd) == STATUS_OK);
	close(fd);
}

TEST("a path that is too long for the system is gone to in steps")
{
	enum { NAME = 200, DEPTH = 40 };
	char name[NAME + 1], *path = calloc(DEPTH + 1, NAME + 1);
	size_t len = 0;

	memset(name, 'n', NAME);
	name[NAME] = '\0';
	scratch_enter();
	for (int i = 0; i < DEPTH; i++) {
		REQUIRE(mkdir(name, 0700) == 0 && chdir(name) == 0);
		memcpy(&path[len], name, NAME);
		len += NAME;
		path[len++] = '/';
	}
	scratch_write("file", "x");
	REQUIRE(chdir(scratch_path()) == 0);
	CHECK(len > PATH_MAX);

	AUTO_CLOSE int folder = look(path, LOOK_FOLLOW);

	CHECK_EQ(mode_of(folder), S_IFDIR);
	memcpy(&path[len - 5], "/file", 5); /* not there: the name before it is cut */
	AUTO_CLOSE int none = look(path, LOOK_FOLLOW);
	CHECK_EQ(none, -1);
	memset(path, 'x', len);
	AUTO_CLOSE int one_name = look(path, LOOK_FOLLOW);
	CHECK_EQ(one_name, -1);
	CHECK_EQ(errno, ENAMETOOLONG);
	free(path);
	scratch_leave();
}

TEST("that no descriptor is free is told apart from all else")
{
	struct rlimit limit, none;
	int fd;

	REQUIRE(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	none = limit;
	none.rlim_cur = 0;
	REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
	CHECK_EQ(opener_look(AT_FDCWD, "/", LOOK_INSIDE, &fd), STATUS_LIMIT);
	CHECK_EQ(opener_directory(AT_FDCWD, "/", &fd), STATUS_LIMIT);
	REQUIRE(setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

TEST_MAIN()
