/* SPDX-License-Identifier: Apache-2.0 */
#include "host/volume.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/compiler.h"
#include "base/mix.h"

/* Linux 6.8; glibc 2.36 does not know it. */
#ifndef STATX_MNT_ID_UNIQUE
#define STATX_MNT_ID_UNIQUE 0x00004000U
#endif

enum {
	SLAVES_DEEP_MAX = 8, /* volumes made of volumes made of disks */
	BOOT_ID_LEN = 36,
};

/* Parts of the path of a disk under /sys/devices that can be plugged, or is a file. */
static const char *const loose[] = { "/usb",        "/mmc",    "/virtual/block/loop",
				     "/fw",         "/pcmcia", "/virtual/block/nbd",
				     "/thunderbolt" };

static bool has_true_times(const char *type);
static bool is_built_in(const char *folder, unsigned depth);
static bool are_slaves_built_in(const char *folder, unsigned depth, bool *ret_any);
static bool reads_zero(const char *folder, const char *name);
static bool id_of_mount(const struct statx *stat, uint64_t *ret_id);
static bool read_boot_id(uint64_t *ret_hash);

bool volume_of_fd(int fd, const char *type, uint64_t *ret_id)
{
	struct statx stat;
	struct statfs system;
	uint64_t id = 0;

	if (!has_true_times(type) ||
	    statx(fd, "", AT_EMPTY_PATH | AT_NO_AUTOMOUNT,
		  STATX_BASIC_STATS | STATX_MNT_ID_UNIQUE, &stat) != 0 ||
	    fstatfs(fd, &system) != 0)
		return false;
	/* Devices of Btrfs are made up by the kernel, as they come. */
	if (!volume_is_built_in("/sys/dev/block", stat.stx_dev_major, stat.stx_dev_minor))
		return id_of_mount(&stat, ret_id);
	for (size_t i = 0; i < ARRAY_LEN(system.f_fsid.__val); i++)
		id = mix_u64(id + (uint32_t)system.f_fsid.__val[i] + 1);
	*ret_id = mix_u64(id ^ (uint64_t)system.f_type) | 1;
	return true;
}

bool volume_is_built_in(const char *disks, unsigned device_major, unsigned device_minor)
{
	char link[PATH_MAX], folder[PATH_MAX];

	if (device_major == 0 ||
	    snprintf(link, sizeof(link), "%s/%u:%u", disks, device_major, device_minor) >=
		    (int)sizeof(link))
		return false;
	return realpath(link, folder) && is_built_in(folder, 0);
}

static bool has_true_times(const char *type)
{
	static const char *const types[] = { "ext4", "ext3",  "ext2",
					     "xfs",  "btrfs", "f2fs" };

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

/* A disk, a part of one, or what the kernel makes of others (LVM, encryption, RAID). */
static bool is_built_in(const char *folder, unsigned depth)
{
	char whole[PATH_MAX];
	bool has_slaves = false;

	for (size_t i = 0; i < ARRAY_LEN(loose); i++)
		if (strstr(folder, loose[i]))
			return false;
	if (!are_slaves_built_in(folder, depth, &has_slaves))
		return false;
	if (has_slaves)
		return true;
	if (reads_zero(folder, "removable"))
		return true;
	/* A part has the file in the folder above, that of its disk. */
	return snprintf(whole, sizeof(whole), "%s/..", folder) < (int)sizeof(whole) &&
	       reads_zero(whole, "removable");
}

static bool are_slaves_built_in(const char *folder, unsigned depth, bool *ret_any)
{
	char path[PATH_MAX], slave[PATH_MAX];
	const struct dirent *entry;

	*ret_any = false;
	if (snprintf(path, sizeof(path), "%s/slaves", folder) >= (int)sizeof(path))
		return false;

	AUTO_CLOSEDIR DIR *slaves = opendir(path);

	while (slaves && (entry = readdir(slaves))) {
		if (entry->d_name[0] == '.')
			continue;
		*ret_any = true;
		if (depth >= SLAVES_DEEP_MAX ||
		    snprintf(path, sizeof(path), "%s/slaves/%s", folder, entry->d_name) >=
			    (int)sizeof(path) ||
		    !realpath(path, slave) || !is_built_in(slave, depth + 1))
			return false;
	}
	return true;
}

static bool reads_zero(const char *folder, const char *name)
{
	char path[PATH_MAX], text[4] = "";

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
		return false;

	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd >= 0 && read(fd, text, sizeof(text) - 1) > 0 && text[0] == '0';
}

/* Numbers of mounts that are never given twice begin anew with each start of the kernel. */
static bool id_of_mount(const struct statx *stat, uint64_t *ret_id)
{
	uint64_t boot;

	if (!(stat->stx_mask & STATX_MNT_ID_UNIQUE) || !read_boot_id(&boot))
		return false;
	*ret_id = mix_u64(mix_u64(boot + stat->stx_mnt_id) +
			  ((uint64_t)stat->stx_dev_major << 32 | stat->stx_dev_minor)) |
		  1;
	return true;
}

static bool read_boot_id(uint64_t *ret_hash)
{
	AUTO_CLOSE int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	char text[BOOT_ID_LEN];
	uint64_t hash = 0;

	if (fd < 0 || read(fd, text, sizeof(text)) != (ssize_t)sizeof(text))
		return false;
	for (size_t i = 0; i < sizeof(text); i++)
		hash = mix_u64(hash + (uint8_t)text[i]);
	*ret_hash = hash;
	return true;
}
