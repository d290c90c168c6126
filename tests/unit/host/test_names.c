/* SPDX-License-Identifier: Apache-2.0 */
#include "host/names.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "guard.h"
#include "scratch.h"
#include "test.h"

TEST("names are sorted by their bytes, without the two that are no names")
{
	static const char *const given[] = { "b",   ".", "a.b",  "..", "a",
					     "a/b", "B", "\xff", "" };
	static const char *const want[] = { "B", "a", "a/b", "a.b", "b", "\xff" };
	struct names names = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(given); i++)
		CHECK_EQ(names_add(&names, slice_of(given[i]), DT_REG), STATUS_OK);
	names_sort(&names);
	REQUIRE(CHECK_EQ(names.count, ARRAY_LEN(want)));
	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		CHECK_STR(names_get(&names, i), want[i]);
	names_clear(&names);
	CHECK_EQ(names.count, 0);
}

TEST("a directory is read with the types of its names")
{
	struct names names = { 0 };
	int fd;

	scratch_enter();
	scratch_write("file", "");
	scratch_folder("folder");
	fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK_EQ(names_read(&names, fd), STATUS_OK);
	names_sort(&names);
	if (CHECK_EQ(names.count, 2)) {
		CHECK_STR(names_get(&names, 0), "file");
		CHECK_STR(names_get(&names, 1), "folder");
		CHECK(names.list[1].type == DT_DIR || names.list[1].type == DT_UNKNOWN);
	}
	close(fd);
	errno = 0;
	CHECK_EQ(names_read(&names, fd), STATUS_IO);
	CHECK_EQ(errno, EBADF);
	names_clear(&names);
	scratch_leave();
}

TEST("ten thousand names are all there")
{
	struct names names = { 0 };
	char text[16];

	for (int i = 9999; i >= 0; i--) {
		snprintf(text, sizeof(text), "%04d", i);
		REQUIRE(names_add(&names, slice_of(text), DT_UNKNOWN) == STATUS_OK);
	}
	names_sort(&names);
	for (int i = 0; i < 10000; i++) {
		snprintf(text, sizeof(text), "%04d", i);
		REQUIRE(CHECK_STR(names_get(&names, (size_t)i), text));
	}
	names_clear(&names);
}

TEST("an entry that makes no sense ends the buffer")
{
	struct dirent64 entry = { .d_reclen = 24, .d_type = DT_REG, .d_name = "abc" };
	struct slice name;
	uint8_t type;

	for (size_t len = 0; len <= 24; len++) {
		struct guard guard = guard_copy(&entry, len);
		struct entries entries = { guard.bytes, guard.len, 0 };
		bool got = entries_next(&entries, &name, &type);

		CHECK_EQ(got, len == 24);
		if (got)
			CHECK_EQ(name.len, 3);
		guard_free(&guard);
	}
	entry.d_reclen = 8;

	struct entries entries = { (const void *)&entry, sizeof(entry), 0 };

	CHECK(!entries_next(&entries, &name, &type));
}

TEST_MAIN()
