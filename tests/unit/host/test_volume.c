/* SPDX-License-Identifier: Apache-2.0 */
#include "host/volume.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "host/folder.h"
#include "test.h"

/* A tree as below /sys: `block` with links, `devices` with disks. */
static char tree[] = "/tmp/custos-volume-XXXXXX";

static char *below(const char *path)
{
	char *text;

	if (asprintf(&text, "%s/%s", tree, path) < 0)
		abort();
	return text;
}

static void folder(const char *path)
{
	AUTO_FREE char *whole = below(path);

	REQUIRE(folder_make(whole, 0700) == STATUS_OK);
}

static void file(const char *path, const char *text)
{
	AUTO_FREE char *whole = below(path);
	AUTO_FCLOSE FILE *out = fopen(whole, "w");

	REQUIRE(out && fputs(text, out) >= 0);
}

static void link_to(const char *path, const char *target)
{
	AUTO_FREE char *whole = below(path);

	REQUIRE(symlink(target, whole) == 0);
}

static void make_tree(void)
{
	REQUIRE(mkdtemp(tree));
	folder("block");
	folder("devices/pci0/virtio1/block/vda/vda1");
	file("devices/pci0/virtio1/block/vda/removable", "0\n");
	folder("devices/pci0/usb1/block/sdb/sdb1");
	file("devices/pci0/usb1/block/sdb/removable", "0\n");
	folder("devices/pci0/ata1/block/sr0");
	file("devices/pci0/ata1/block/sr0/removable", "1\n");
	folder("devices/virtual/block/dm-0/slaves");
	file("devices/virtual/block/dm-0/removable", "0\n");
	link_to("devices/virtual/block/dm-0/slaves/vda1",
		"../../../../pci0/virtio1/block/vda/vda1");
	folder("devices/virtual/block/dm-1/slaves");
	file("devices/virtual/block/dm-1/removable", "0\n");
	link_to("devices/virtual/block/dm-1/slaves/sdb1",
		"../../../../pci0/usb1/block/sdb/sdb1");
	folder("devices/virtual/block/dm-2/slaves");
	file("devices/virtual/block/dm-2/removable", "0\n");
	link_to("devices/virtual/block/dm-2/slaves/dm-2", "../../dm-2");
	folder("devices/virtual/block/loop0");
	file("devices/virtual/block/loop0/removable", "0\n");
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
	AUTO_FREE char *disks = NULL;
	AUTO_FREE char *command = NULL;

	make_tree();
	disks = below("block");
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
	REQUIRE(asprintf(&command, "rm -rf %s", tree) > 0);
	CHECK_EQ(system(command), 0);
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
