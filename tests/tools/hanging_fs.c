/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A FUSE file system that does not answer. What is asked of a name that begins
 * with "hang-" never comes back; the rest of the name says what that is:
 *
 *	/plain        a file: "plain\n"
 *	/zz-last      a file, behind all others
 *	/hang-open    opening it hangs
 *	/hang-read    reading hangs, after the first 4096 bytes
 *	/hang-list    a directory: listing it hangs
 *	/drip         reading gives one byte at a time, slowly
 *	/lies         says that it is a symbolic link when listed, and is a file
 *	/folder/file  a file: "in folder\n"
 *	/stuck/hang-stat  asking what it is hangs; the kernel then keeps all who
 *	              ask for another name in that directory waiting
 *	/stuck/next   such another name
 *
 * Usage: hanging_fs -f MOUNTPOINT
 */
#define FUSE_USE_VERSION 31
#include <errno.h>
#include <fuse3/fuse.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LONG_BYTES = 1024 * 1024, DRIP_MS = 300 };

static const struct entry {
	const char *path;
	mode_t mode;
	const char *text; /* NULL: LONG_BYTES of 'x' */
} entries[] = {
	{ "/", S_IFDIR | 0755, "" },
	{ "/plain", S_IFREG | 0644, "plain\n" },
	{ "/zz-last", S_IFREG | 0644, "last\n" },
	{ "/hang-open", S_IFREG | 0644, "never\n" },
	{ "/hang-read", S_IFREG | 0644, NULL },
	{ "/hang-list", S_IFDIR | 0755, "" },
	{ "/drip", S_IFREG | 0644, NULL },
	{ "/lies", S_IFREG | 0644, "a file\n" },
	{ "/folder", S_IFDIR | 0755, "" },
	{ "/folder/file", S_IFREG | 0644, "in folder\n" },
	{ "/stuck", S_IFDIR | 0755, "" },
	{ "/stuck/hang-stat", S_IFREG | 0644, "never\n" },
	{ "/stuck/next", S_IFREG | 0644, "next\n" },
};

enum { ENTRY_COUNT = sizeof(entries) / sizeof(entries[0]) };

static const struct entry *find(const char *path)
{
	for (int i = 0; i < ENTRY_COUNT; i++)
		if (strcmp(entries[i].path, path) == 0)
			return &entries[i];
	return NULL;
}

static void hang(void)
{
	for (;;)
		pause();
}

static int fs_getattr(const char *path, struct stat *stat, struct fuse_file_info *info)
{
	const struct entry *entry = find(path);

	(void)info;
	if (!entry)
		return -ENOENT;
	if (strcmp(path, "/stuck/hang-stat") == 0)
		hang();
	memset(stat, 0, sizeof(*stat));
	stat->st_mode = entry->mode;
	stat->st_nlink = 1;
	stat->st_size = entry->text ? (off_t)strlen(entry->text) : LONG_BYTES;
	stat->st_blocks = (stat->st_size + 511) / 512;
	stat->st_uid = getuid();
	return 0;
}

static int fs_open(const char *path, struct fuse_file_info *info)
{
	if (strcmp(path, "/hang-open") == 0)
		hang();
	info->direct_io = true; /* each read is asked of us as it comes */
	return 0;
}

static int fs_read(const char *path, char *buffer, size_t size, off_t offset,
		   struct fuse_file_info *info)
{
	const struct entry *entry = find(path);
	size_t len = entry->text ? strlen(entry->text) : LONG_BYTES;

	(void)info;
	if ((size_t)offset >= len)
		return 0;
	if (size > len - (size_t)offset)
		size = len - (size_t)offset;
	if (strcmp(path, "/hang-read") == 0) {
		if (offset >= 4096)
			hang();
		size = 4096;
	}
	if (strcmp(path, "/drip") == 0) {
		usleep(DRIP_MS * 1000);
		size = 1;
	}
	if (entry->text)
		memcpy(buffer, &entry->text[offset], size);
	else
		memset(buffer, 'x', size);
	return (int)size;
}

static int fs_readdir(const char *path, void *buffer, fuse_fill_dir_t fill, off_t offset,
		      struct fuse_file_info *info, enum fuse_readdir_flags flags)
{
	(void)offset;
	(void)info;
	(void)flags;
	if (strcmp(path, "/hang-list") == 0)
		hang();
	for (int i = 1; i < ENTRY_COUNT; i++) {
		const char *name = strrchr(entries[i].path, '/') + 1;
		size_t above = (size_t)(name - entries[i].path) - 1;
		struct stat stat = { .st_mode = entries[i].mode };

		if (strcmp(name, "lies") == 0)
			stat.st_mode = S_IFLNK | 0777;
		if (above != strlen(path) && !(above == 0 && strcmp(path, "/") == 0))
			continue;
		if (memcmp(entries[i].path, path, above) == 0)
			fill(buffer, name, &stat, 0, 0);
	}
	return 0;
}

int main(int argc, char **argv)
{
	static const struct fuse_operations operations = {
		.getattr = fs_getattr,
		.open = fs_open,
		.read = fs_read,
		.readdir = fs_readdir,
	};

	return fuse_main(argc, argv, &operations, NULL);
}
