/* SPDX-License-Identifier: Apache-2.0 */
#include "host/roots.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host/walk.h"
#include "test.h"

static int list_of(const char *text, size_t len)
{
	int fd = memfd_create("list", MFD_CLOEXEC);

	if (write(fd, text, len) != (ssize_t)len || lseek(fd, 0, SEEK_SET) != 0)
		return -1;
	return fd;
}

static void check_next(struct roots *roots, const char *want)
{
	struct slice got;

	if (!CHECK_EQ(roots_next(roots, &got), STATUS_OK))
		return;
	CHECK_STR((const char *)got.base, want);
	CHECK_EQ(got.len, strlen(want));
}

TEST("arguments come first, then the lines of the list")
{
	static const char *const arguments[] = { "one", "-" };
	static const char text[] = "two\n\n-\nthree and\ttab\r\nlast";
	struct roots roots = { .arguments = arguments,
			       .argument_count = 2,
			       .list_fd = list_of(text, sizeof(text) - 1),
			       .separator = '\n' };
	struct slice got;
	int fd = roots.list_fd;

	check_next(&roots, "one");
	check_next(&roots, "-");
	check_next(&roots, "two");
	check_next(&roots, "-");
	check_next(&roots, "three and\ttab\r");
	check_next(&roots, "last");
	CHECK_EQ(roots.number, 6);
	CHECK_EQ(roots_next(&roots, &got), STATUS_END);
	CHECK_EQ(roots_next(&roots, &got), STATUS_END);
	roots_clear(&roots);
	close(fd);
}

TEST("a list may be separated by NULs, and hold newlines")
{
	static const char text[] = "a\nb\0\0c";
	struct roots roots = { .list_fd = list_of(text, sizeof(text) - 1),
			       .separator = '\0' };
	struct slice got;
	int fd = roots.list_fd;

	check_next(&roots, "a\nb");
	check_next(&roots, "c");
	CHECK_EQ(roots_next(&roots, &got), STATUS_END);
	roots_clear(&roots);
	close(fd);
}

TEST("a line longer than any path is handed out cut, and the next one is whole")
{
	size_t long_len = 3 * WALK_PATH_MAX;
	char *text = malloc(long_len + 5);
	struct roots roots = { .list_fd = -1, .separator = '\n' };
	struct slice got;

	memset(text, 'x', long_len);
	memcpy(&text[long_len], "\nnext", 5);
	roots.list_fd = list_of(text, long_len + 5);

	int fd = roots.list_fd;

	REQUIRE(roots_next(&roots, &got) == STATUS_OK);
	CHECK_EQ(got.len, WALK_PATH_MAX + 1);
	check_next(&roots, "next");
	roots_clear(&roots);
	close(fd);
	free(text);
}

TEST("a list that cannot be read is an error, not an end")
{
	struct roots roots = { .list_fd = open("/", O_RDONLY | O_CLOEXEC),
			       .separator = '\n' };
	struct slice got;
	int fd = roots.list_fd;

	CHECK_EQ(roots_next(&roots, &got), STATUS_IO);
	CHECK_EQ(errno, EISDIR);
	roots_clear(&roots);
	close(fd);
}

TEST_MAIN()
