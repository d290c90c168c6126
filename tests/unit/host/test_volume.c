/* SPDX-License-Identifier: Apache-2.0 */
#include "host/volume.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/compiler.h"
#include "scratch.h"
#include "test.h"

static void link_to(const char *path, const char *target)
{
	REQUIRE(symlink(target, path) == 0);
}

/* A tree as below /sys: `block` with links, `devices` with disks. */
static void make_tree(void)
{
	scratch_enter();
	scratch_folder("block");
	scratch_folder("devices/pci0/virtio1/block/vda/vda1");
	scratch_write("devices/pci0/virtio1/block/vda/removable", "0\n");
	scratch_folder("devices/pci0/usb1/block/sdb/sdb1");
	scratch_write("devices/pci0/usb1/block/sdb/removable", "0\n");
	scratch_folder("devices/pci0/ata1/block/sr0");
	scratch_write("devices/pci0/ata1/block/sr0/removable", "1\n");
	scratch_folder("devices/virtual/block/dm-0/slaves");
	scratch_write("devices/virtual/block/dm-0/removable", "0\n");
	link_to("devices/virtual/block/dm-0/slaves/vda1",
		"../../../../pci0/virtio1/block/vda/vda1");
	scratch_folder("devices/virtual/block/dm-1/slaves");
	scratch_write("devices/virtual/block/dm-1/removable", "0\n");
	link_to("devices/virtual/block/dm-1/slaves/sdb1",
		"../../../../pci0/usb1/block/sdb/sdb1");
	scratch_folder("devices/virtual/block/dm-2/slaves");
	scratch_write("devices/virtual/block/dm-2/removable", "0\n");
	link_to("devices/virtual/block/dm-2/slaves/dm-2", "../../dm-2");
	scratch_folder("devices/virtual/block/loop0");
	scratch_write("devices/virtual/block/loop0/removable", "0\n");
	link_to("block/254:0", "../devices/pci0/virtio1/block/vda");
	link_to("block/254:1", "../devices/pci0/virtio1/block/vda/vda1");
	link_to("block/8:17", "../devices/pci0/usb1/block/sdb/sdb1");
	link_to("block/11:0", "../devices/pci0/ata1/block/sr0");
	link_to("block/252:0", "../devices/virtual/block/dm-0");
	link_to("block/252:1", "../devices/virtual/block/dm-1");
	link_to("block/252:2", "../devices/virtual/block/dm-2");
	link_to("block/7:0", "../devices/virtual/block/loop0");
}

TEST("disks that can be taken out are told from those that cannot")
{
	const char *disks = "block";

	make_tree();
	CHECK(volume_is_built_in(disks, 254, 0));
	CHECK(volume_is_built_in(disks, 254, 1));
	CHECK(!volume_is_built_in(disks, 8, 17));
	CHECK(!volume_is_built_in(disks, 11, 0));
	/* Made of others: as those are. One that is made of itself is nothing. */
	CHECK(volume_is_built_in(disks, 252, 0));
	CHECK(!volume_is_built_in(disks, 252, 1));
	CHECK(!volume_is_built_in(disks, 252, 2));
	CHECK(!volume_is_built_in(disks, 7, 0));
	/* Of no disk, and of one that is not listed. */
	CHECK(!volume_is_built_in(disks, 0, 30));
	CHECK(!volume_is_built_in(disks, 9, 9));
	scratch_leave();
}

TEST("only file systems whose times can be relied on have a name")
{
	static const char *const none[] = { "overlay", "nfs4",    "fuse.sshfs", "vfat",
					    "tmpfs",   "exfat",   "9p",         "cifs",
					    "",        "ext4dev", "zfs",        "proc" };
	AUTO_CLOSE int fd = open("/", O_PATH | O_CLOEXEC);
	uint64_t first = 0, second = 0;
	bool has_name;

	REQUIRE(fd >= 0);
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		CHECK(!volume_of_fd(fd, none[i], &first));
	has_name = volume_of_fd(fd, "ext4", &first);
	CHECK_EQ(volume_of_fd(fd, "ext4", &second), has_name);
	CHECK_EQ(first, second);
	CHECK_EQ(has_name, first != 0);
	CHECK(!volume_of_fd(-1, "ext4", &first));
}

TEST_MAIN()
