/* SPDX-License-Identifier: Apache-2.0 */
#include "host/target.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

/* In memory: there, holes are kept and told by page, and quickly. */
static int open_new(void)
{
	return memfd_create("target", MFD_CLOEXEC);
}

/* Does this file system keep holes, and tell where they are? */
static bool keeps_holes(int fd)
{
	struct target_facts facts;
	bool kept = ftruncate(fd, 1 << 20) == 0 && target_look(fd, &facts) == STATUS_OK &&
		    facts.allocated < facts.size && lseek(fd, 0, SEEK_DATA) < 0;

	return ftruncate(fd, 0) == 0 && kept;
}

TEST("facts are those of the file")
{
	struct target_facts facts;
	int fd;

	fd = open_new();
	REQUIRE(write(fd, "12345", 5) == 5);
	REQUIRE(target_look(fd, &facts) == STATUS_OK);
	CHECK_EQ(facts.size, 5);
	CHECK_EQ(facts.uid, geteuid());
	CHECK(S_ISREG(facts.mode));
	CHECK_EQ(target_look(-1, &facts), STATUS_IO);
	close(fd);
}

TEST("what is written, cut, grown or touched has changed; what is read has not")
{
	struct target_facts facts;
	char byte;
	int fd;

	fd = open_new();
	REQUIRE(write(fd, "12345", 5) == 5 && target_look(fd, &facts) == STATUS_OK);
	CHECK_EQ(pread(fd, &byte, 1, 0), 1);
	CHECK(!target_changed(fd, &facts));
	CHECK_EQ(ftruncate(fd, 4), 0);
	CHECK(target_changed(fd, &facts));
	REQUIRE(target_look(fd, &facts) == STATUS_OK);
	CHECK(!target_changed(fd, &facts));
	/* Same size, and the time of the change put back. */
	usleep(20000);
	REQUIRE(pwrite(fd, "x", 1, 0) == 1);
	struct timespec times[2] = {
		{ .tv_nsec = UTIME_OMIT },
		{ facts.modified.seconds, facts.modified.nanoseconds },
	};
	CHECK_EQ(futimens(fd, times), 0);
	CHECK(target_changed(fd, &facts));
	close(fd);
	CHECK(target_changed(fd, &facts)); /* cannot be asked */
}

TEST("another file is a change")
{
	struct target_facts facts;
	int a, b;

	a = open_new();
	b = open_new();
	REQUIRE(target_look(a, &facts) == STATUS_OK);
	CHECK(target_changed(b, &facts));
	close(a);
	close(b);
}

TEST("of a sparse file, the pieces with data are found")
{
	struct target_facts facts;
	struct extent *extents;
	size_t count;
	int fd;

	fd = open_new();
	if (!keeps_holes(fd)) {
		close(fd);
		SKIP("this file system does not tell its holes");
	}
	REQUIRE(ftruncate(fd, 1LL << 40) == 0);
	REQUIRE(pwrite(fd, "x", 1, 1 << 20) == 1 && pwrite(fd, "y", 1, 1LL << 39) == 1);
	REQUIRE(target_look(fd, &facts) == STATUS_OK);
	REQUIRE(target_extents(fd, &facts, &extents, &count) == STATUS_OK);
	if (CHECK_EQ(count, 2)) {
		CHECK(extents[0].offset <= 1 << 20 &&
		      extents[0].offset + extents[0].len > 1 << 20);
		CHECK(extents[1].offset <= 1ULL << 39 &&
		      extents[1].offset + extents[1].len > 1ULL << 39);
		CHECK(extents[1].len < 1 << 20);
	}
	free(extents);
	close(fd);
}

TEST("a file without holes is read as a whole, one of nothing but a hole not at all")
{
	struct target_facts facts;
	struct extent *extents;
	size_t count;
	int fd;

	fd = open_new();
	REQUIRE(write(fd, "data", 4) == 4);
	REQUIRE(target_look(fd, &facts) == STATUS_OK);
	REQUIRE(target_extents(fd, &facts, &extents, &count) == STATUS_OK);
	CHECK(extents == NULL);
	CHECK_EQ(count, 0);
	if (keeps_holes(fd)) {
		REQUIRE(ftruncate(fd, 1 << 30) == 0 &&
			target_look(fd, &facts) == STATUS_OK);
		REQUIRE(target_extents(fd, &facts, &extents, &count) == STATUS_OK);
		CHECK_EQ(count, 1);
		CHECK(extents && extents[0].len == 0);
		free(extents);
	}
	close(fd);
}

TEST("more pieces than are kept are joined, and none is lost")
{
	enum { PIECES = TARGET_EXTENTS_MAX * 2 + 7, STEP = 16 * 1024 };
	struct target_facts facts;
	struct extent *extents;
	size_t count, at = 0;
	int fd;

	fd = open_new();
	if (!keeps_holes(fd)) {
		close(fd);
		SKIP("this file system does not tell its holes");
	}
	/* One hole in the middle is larger than all others, and is to be kept. */
	for (off_t i = 0; i < PIECES; i++)
		REQUIRE(pwrite(fd, "x", 1, i * STEP + (i > PIECES / 2 ? 1 << 30 : 0)) ==
			1);
	REQUIRE(target_look(fd, &facts) == STATUS_OK);
	REQUIRE(target_extents(fd, &facts, &extents, &count) == STATUS_OK);
	CHECK(count > 1 && count <= TARGET_EXTENTS_MAX);
	for (uint64_t i = 0; i < PIECES; i++) {
		uint64_t byte = i * STEP + (i > PIECES / 2 ? 1 << 30 : 0);

		while (at < count && extents[at].offset + extents[at].len <= byte)
			at++;
		if (!CHECK(at < count && extents[at].offset <= byte))
			break;
	}
	for (size_t i = 0; i < count; i++) {
		CHECK(extents[i].len < 1 << 30);
		CHECK(extents[i].offset + extents[i].len <= facts.size);
		CHECK(i == 0 ||
		      extents[i - 1].offset + extents[i - 1].len < extents[i].offset);
	}
	free(extents);
	close(fd);
}

TEST_MAIN()
