/* SPDX-License-Identifier: Apache-2.0 */
#include "host/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "scratch.h"
#include "test.h"

static mode_t mode_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

TEST("a setting beats the default, and an ordinary user's default is below home")
{
	char *path = folder_state("/somewhere");

	CHECK_STR(path, "/somewhere");
	free(path);
	path = folder_cache(NULL);
	if (geteuid() == 0)
		CHECK_STR(path, FOLDER_SYSTEM_CACHE);
	free(path);
}

TEST("folders are made with those above them, and are there the second time")
{
	scratch_enter();
	CHECK_EQ(folder_make("a/b/c", 0700), STATUS_OK);
	CHECK_EQ(folder_make("a/b/c", 0700), STATUS_OK);
	CHECK_EQ(mode_of("a/b"), 0700);
	scratch_write("file", "x");
	CHECK_EQ(folder_make("file/below", 0700), STATUS_IO);
	CHECK_EQ(errno, ENOTDIR);
	scratch_leave();
}

TEST("only a folder that nobody else can look into is private")
{
	int fd = -1;

	scratch_enter();
	CHECK_EQ(folder_open_private("none", &fd), STATUS_END);
	REQUIRE(mkdir("folder", 0700) == 0);
	CHECK_EQ(folder_open_private("folder", &fd), STATUS_OK);
	close(fd);
	chmod("folder", 0750);
	CHECK_EQ(folder_open_private("folder", &fd), STATUS_CHANGED);
	chmod("folder", 0701);
	CHECK_EQ(folder_open_private("folder", &fd), STATUS_CHANGED);
	if (geteuid() == 0) {
		chmod("folder", 0700);
		REQUIRE(chown("folder", 65534, 65534) == 0);
		CHECK_EQ(folder_open_private("folder", &fd), STATUS_CHANGED);
	}
	scratch_write("file", "x");
	CHECK_EQ(folder_open_private("file", &fd), STATUS_IO);
	scratch_leave();
}

TEST("a text is read whole, or not at all")
{
	char *text = NULL;
	size_t len = 0;

	scratch_enter();
	AUTO_CLOSE int fd = open(".", O_RDONLY | O_DIRECTORY);
	CHECK_EQ(folder_read(fd, "none", 100, &text, &len), STATUS_END);
	scratch_write("text", "12345");
	chmod("text", 0644);
	REQUIRE(folder_read(fd, "text", 5, &text, &len) == STATUS_OK);
	CHECK_EQ(len, 5);
	CHECK_STR(text, "12345");
	free(text);
	CHECK_EQ(folder_read(fd, "text", 4, &text, &len), STATUS_LIMIT);
	chmod("text", 0664);
	CHECK_EQ(folder_read(fd, "text", 5, &text, &len), STATUS_CHANGED);
	chmod("text", 0646);
	CHECK_EQ(folder_read(fd, "text", 5, &text, &len), STATUS_CHANGED);
	REQUIRE(symlink("text", "link") == 0 && mkfifo("fifo", 0600) == 0);
	CHECK_EQ(folder_read(fd, "link", 5, &text, &len), STATUS_IO);
	CHECK_EQ(folder_read(fd, "fifo", 5, &text, &len), STATUS_CHANGED);
	scratch_leave();
}

TEST("a text is replaced, with its mode, and nothing is left beside it")
{
	char *text = NULL;
	size_t len = 0;

	scratch_enter();
	AUTO_CLOSE int fd = open(".", O_RDONLY | O_DIRECTORY);
	REQUIRE(folder_replace(fd, "text", slice_of("old"), 0644) == STATUS_OK);
	REQUIRE(folder_replace(fd, "text", slice_of("newer"), 0600) == STATUS_OK);
	CHECK_EQ(mode_of("text"), 0600);
	REQUIRE(folder_read(fd, "text", 100, &text, &len) == STATUS_OK);
	CHECK_STR(text, "newer");
	free(text);
	/* What cannot be put in its place leaves the place as it was. */
	REQUIRE(mkdir("taken", 0700) == 0);
	CHECK_EQ(folder_replace(fd, "taken", slice_of("x"), 0600), STATUS_IO);
	CHECK_EQ(unlink("text"), 0);
	CHECK_EQ(rmdir("taken"), 0);
	CHECK_EQ(rmdir(scratch_path()), 0);
	CHECK_EQ(mkdir(scratch_path(), 0700), 0);
	scratch_leave();
}

TEST_MAIN()
