/* SPDX-License-Identifier: Apache-2.0 */
#include "host/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.h"
#include "test.h"

static struct copy copy_to_memory(int from, uint64_t limit)
{
	struct copy copy = { .from = from, .to = -1, .limit = limit };

	CHECK_EQ(copy_place(0, &copy.to), STATUS_OK);
	return copy;
}

static void check_content(int fd, const char *want)
{
	char got[64] = "";

	CHECK_EQ(pread(fd, got, sizeof(got) - 1, 0), (ssize_t)strlen(want));
	CHECK_STR(got, want);
}

TEST("a pipe is copied to its end, however it comes")
{
	int ends[2];

	REQUIRE(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);

	pid_t pid = fork();

	if (pid == 0) {
		for (int i = 0; i < 3; i++) {
			usleep(5000);
			if (write(ends[1], "abc", 3) != 3)
				_exit(1);
		}
		_exit(0);
	}
	close(ends[1]);

	struct copy copy = copy_to_memory(ends[0], 100);

	copy.waits = true;
	CHECK_EQ(copy_stream(&copy), STATUS_OK);
	CHECK_EQ(copy.len, 9);
	CHECK(!copy.is_cut);
	check_content(copy.to, "abcabcabc");
	close(copy.to);
	close(ends[0]);
	waitpid(pid, NULL, 0);
}

TEST("a copy ends at its limit, and says so")
{
	int from = memfd_create("from", MFD_CLOEXEC);

	REQUIRE(write(from, "abcdef", 6) == 6);
	for (uint64_t limit = 0; limit <= 7; limit++) {
		struct copy copy = copy_to_memory(from, limit);

		REQUIRE(lseek(from, 0, SEEK_SET) == 0);
		CHECK_EQ(copy_stream(&copy), STATUS_OK);
		CHECK_EQ(copy.is_cut, limit < 6);
		CHECK_EQ(copy.len, limit < 6 ? limit : 6);
		close(copy.to);
	}
	close(from);
}

TEST("reading that fails is an error, and what came before is there")
{
	struct copy copy = copy_to_memory(open("/", O_RDONLY | O_CLOEXEC), 100);

	CHECK_EQ(copy_stream(&copy), STATUS_IO);
	CHECK_EQ(errno, EISDIR);
	CHECK_EQ(copy.len, 0);
	close(copy.from);
	close(copy.to);
}

TEST("pieces go to their places, and holes stay holes")
{
	int from = memfd_create("from", MFD_CLOEXEC);
	struct extent extents[] = { { 0, 2 }, { 1 << 20, 3 } };
	struct copy copy = copy_to_memory(from, 1LL << 40);
	struct stat stat;
	char text[4] = "";

	REQUIRE(pwrite(from, "ab", 2, 0) == 2 && pwrite(from, "cde", 3, 1 << 20) == 3);
	CHECK_EQ(copy_extents(&copy, 1LL << 30, extents, 2), STATUS_OK);
	CHECK_EQ(copy.len, 1LL << 30);
	CHECK(!copy.is_cut);
	REQUIRE(fstat(copy.to, &stat) == 0);
	CHECK_EQ(stat.st_size, 1LL << 30);
	CHECK(stat.st_blocks * 512 < 1 << 20);
	CHECK_EQ(pread(copy.to, text, 3, 1 << 20), 3);
	CHECK_STR(text, "cde");
	close(copy.to);
	close(from);
}

TEST("a limit inside a hole, or in a piece behind one, cuts there")
{
	int from = memfd_create("from", MFD_CLOEXEC);
	struct extent extents[] = { { 0, 2 }, { 1000, 3 } };

	REQUIRE(pwrite(from, "ab", 2, 0) == 2 && pwrite(from, "cde", 3, 1000) == 3);
	for (uint64_t limit = 0; limit < 2000; limit += 100) {
		struct copy copy = copy_to_memory(from, limit);

		CHECK_EQ(copy_extents(&copy, 1500, extents, 2), STATUS_OK);
		CHECK_EQ(copy.len, limit < 1500 ? limit : 1500);
		CHECK_EQ(copy.is_cut, limit < 1500);
		close(copy.to);
	}
	close(from);
}

TEST("what is large goes to a file without a name in the folder for such files")
{
	struct stat facts, folder;
	int fd;

	scratch_enter();
	setenv("TMPDIR", scratch_path(), 1);
	REQUIRE(stat(".", &folder) == 0);
	REQUIRE(copy_place(UINT64_MAX, &fd) == STATUS_OK);
	REQUIRE(fstat(fd, &facts) == 0);
	CHECK_EQ(facts.st_dev, folder.st_dev);
	CHECK_EQ(facts.st_nlink, 0);
	CHECK_EQ(facts.st_mode & 0777, 0600);
	CHECK(copy_room(fd) > 0);
	close(fd);
	unsetenv("TMPDIR");
	scratch_leave();
}

TEST_MAIN()
