/* SPDX-License-Identifier: Apache-2.0 */
#include "host/mounts.h"

#include <fcntl.h>
#include <unistd.h>

#include "gen.h"
#include "test.h"

static const char table[] =
	"27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw\n"
	"22 27 0:21 / /proc rw - proc proc rw\n"
	"23 27 0:22 / /sys rw - sysfs sysfs rw\n"
	"31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
	"24 27 0:6 / /dev rw shared:3 - devtmpfs devtmpfs rw\n"
	"25 24 0:23 / /dev/shm rw - tmpfs tmpfs rw\n"
	"40 27 0:40 / /mnt/with\\040blank\\011and\\012more\\134 rw - nfs4 "
	"server:/x\\040y rw\n"
	"41 27 0:41 / /home rw - autofs auto.home rw,fd=5,indirect\n"
	"42 41 0:42 / /home/a rw - nfs server:/a rw\n"
	"43 42 0:43 / /home/a/disk rw - ext4 /dev/vdb rw\n"
	"44 23 0:44 / /sys/kernel/odd rw - debugfs debugfs rw\n"
	"45 44 0:45 / /sys/kernel/odd/files rw - tmpfs tmpfs rw\n"
	"46 27 0:46 / /f rw - fuse.a\\040b x rw\n"
	"this is no line of a table\n"
	"47 27 0:47 / /cut rw\n"
	"48 27 0:47 / /cut rw -\n"
	"x 27 0:47 / /cut rw - ext4 x rw\n";

static struct mounts parse(const char *text)
{
	struct mounts mounts = { 0 };

	CHECK_EQ(mounts_parse(slice_of(text), &mounts), STATUS_OK);
	return mounts;
}

static void check_slice(struct slice got, const char *want)
{
	CHECK_EQ(got.len, strlen(want));
	if (got.len == strlen(want) && got.len > 0)
		CHECK_MEM(got.base, want, got.len);
}

TEST("lines of the table are read, others passed over")
{
	struct mounts mounts = parse(table);

	CHECK_EQ(mounts.count, 13);
	REQUIRE(mounts_find(&mounts, 24) != NULL);
	CHECK_STR(mounts_find(&mounts, 24)->type, "devtmpfs");
	CHECK_EQ(mounts_find(&mounts, 24)->parent, 27);
	check_slice(mounts_find(&mounts, 24)->point, "/dev");
	CHECK(mounts_find(&mounts, 47) == NULL);
	CHECK(mounts_find(&mounts, 48) == NULL);
	mounts_clear(&mounts);
}

TEST("escapes in a mount point and in a type are taken back")
{
	struct mounts mounts = parse(table);

	REQUIRE(mounts_find(&mounts, 40) && mounts_find(&mounts, 46));
	check_slice(mounts_find(&mounts, 40)->point, "/mnt/with blank\tand\nmore\\");
	CHECK_STR(mounts_find(&mounts, 46)->type, "fuse.a b");
	mounts_clear(&mounts);
}

TEST("what is no escape stays as it is")
{
	struct mounts mounts = parse("5 1 0:1 / /a\\04\\899\\400b\\ rw - ext4 x rw");

	REQUIRE(mounts.count == 1);
	check_slice(mounts.list[0].point, "/a\\04\\899\\400b\\");
	mounts_clear(&mounts);
}

TEST("types fall into classes")
{
	CHECK_EQ(mount_class_of("ext4"), MOUNT_LOCAL);
	CHECK_EQ(mount_class_of("devtmpfs"), MOUNT_LOCAL); /* rootkits like /dev */
	CHECK_EQ(mount_class_of("nfs4"), MOUNT_DISTANT);
	CHECK_EQ(mount_class_of("fuse"), MOUNT_DISTANT);
	CHECK_EQ(mount_class_of("fuse.sshfs"), MOUNT_DISTANT);
	CHECK_EQ(mount_class_of("fuseblk"), MOUNT_DISTANT);
	CHECK_EQ(mount_class_of("fusectl"), MOUNT_KERNEL);
	CHECK_EQ(mount_class_of("proc"), MOUNT_KERNEL);
	CHECK_EQ(mount_class_of("autofs"), MOUNT_TRIGGER);
	CHECK(mount_is_fuse("fuse.x"));
	CHECK(!mount_is_fuse("fusectl"));
	CHECK(!mount_is_fuse("nfs"));
}

TEST("a table with network or automount in it says so")
{
	struct mounts all = parse(table);
	struct mounts none = parse("27 1 254:0 / / rw - ext4 /dev/vda rw\n"
				   "22 27 0:21 / /proc rw - proc proc rw\n");

	CHECK(mounts_have_distant(&all));
	CHECK(!mounts_have_distant(&none));
	mounts_clear(&all);
	mounts_clear(&none);
}

TEST("a path is guessed to be on the mount that is nearest above it, or covers it")
{
	struct mounts mounts = parse(table);
	struct mounts stacked = parse("1 0 0:1 / / rw - ext4 x rw\n"
				      "2 1 0:2 / /a rw - autofs x rw\n"
				      "3 2 0:3 / /a rw - nfs x rw\n");

	CHECK_EQ(mounts_guess(&mounts, slice_of("/home/a/x"))->id, 42);
	CHECK_EQ(mounts_guess(&mounts, slice_of("/home/a"))->id, 42);
	CHECK_EQ(mounts_guess(&mounts, slice_of("/home/ab"))->id, 41);
	CHECK_EQ(mounts_guess(&mounts, slice_of("/other"))->id, 27);
	CHECK_EQ(mounts_guess(&stacked, slice_of("/a/b"))->id, 3);
	mounts_clear(&mounts);
	mounts_clear(&stacked);
	CHECK(mounts_guess(&mounts, slice_of("/a")) == NULL);
}

TEST("mounts with files are found inside those without, up to the next with files")
{
	struct mounts mounts = parse(table);
	struct slice below;
	size_t index = 0;

	REQUIRE(mounts_next_inside(&mounts, mounts_find(&mounts, 23), &index, &below));
	check_slice(below, "kernel/odd/files");
	CHECK(!mounts_next_inside(&mounts, mounts_find(&mounts, 23), &index, &below));
	index = 0;
	REQUIRE(mounts_next_inside(&mounts, mounts_find(&mounts, 41), &index, &below));
	check_slice(below, "a");
	CHECK(!mounts_next_inside(&mounts, mounts_find(&mounts, 41), &index, &below));
	mounts_clear(&mounts);
}

TEST("a table whose mounts are mounted on each other ends")
{
	struct mounts mounts = parse("5 6 0:1 / /a rw - proc p rw\n"
				     "6 5 0:1 / /a/b rw - proc p rw\n"
				     "7 6 0:1 / /a/b/c rw - ext4 x rw\n"
				     "8 9 0:1 / /z rw - proc p rw\n");
	struct slice below;
	size_t index = 0;

	CHECK(!mounts_next_inside(&mounts, mounts_find(&mounts, 8), &index, &below));
	mounts_clear(&mounts);
}

TEST("no text at all is an empty table")
{
	struct mounts mounts = parse("");

	CHECK_EQ(mounts.count, 0);
	mounts_clear(&mounts);
}

TEST("any bytes are read without harm")
{
	struct gen gen = gen_start();

	for (int i = 0; i < 2000; i++) {
		char text[sizeof(table)];
		struct mounts mounts;
		size_t len = gen_below(&gen, sizeof(table));

		memcpy(text, table, len);
		for (size_t flips = gen_below(&gen, 20); len > 0 && flips > 0; flips--)
			text[gen_below(&gen, len)] = " \n\\-0"[gen_below(&gen, 5)];
		REQUIRE(mounts_parse((struct slice){ (uint8_t *)text, len }, &mounts) ==
			STATUS_OK);
		mounts_clear(&mounts);
	}
}

TEST("the table of this process names the mount that a descriptor is on")
{
	struct mounts mounts;
	int id, fd = open("/proc/self", O_PATH | O_CLOEXEC);

	if (fd < 0)
		SKIP("there is no /proc");
	REQUIRE(mounts_read(&mounts) == STATUS_OK);
	CHECK(mounts.count > 0);
	CHECK_EQ(mount_id_of_fd(fd, &id), STATUS_OK);
	if (CHECK(mounts_find(&mounts, id)))
		CHECK_EQ(mounts_find(&mounts, id)->class, MOUNT_KERNEL);
	CHECK_EQ(mount_id_of_fd(100000, &id), STATUS_IO);
	close(fd);
	mounts_clear(&mounts);
}

TEST_MAIN()
