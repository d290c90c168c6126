/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading, finding and changing files by name.
 */
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char passwd[] = "/etc/passwd";

#ifdef SYS_open
static int run_open(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_open, passwd, O_RDONLY));
}
#endif

static int run_openat(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_openat, AT_FDCWD, passwd, O_RDONLY));
}

static int run_openat2(const struct stage *stage)
{
	const struct open_how how = { .flags = O_RDONLY };

	(void)stage;
	return attack_result(syscall(SYS_openat2, AT_FDCWD, passwd, &how, sizeof(how)));
}

#ifdef SYS_stat
static int run_stat(const struct stage *stage)
{
	struct stat facts;

	(void)stage;
	return attack_result(syscall(SYS_stat, passwd, &facts));
}
#endif

static int run_newfstatat(const struct stage *stage)
{
	struct stat facts;

	(void)stage;
	return attack_result(syscall(SYS_newfstatat, AT_FDCWD, passwd, &facts, 0));
}

static int run_statx(const struct stage *stage)
{
	struct statx facts;

	(void)stage;
	return attack_result(
		syscall(SYS_statx, AT_FDCWD, passwd, 0, STATX_BASIC_STATS, &facts));
}

static int run_faccessat(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_faccessat, AT_FDCWD, passwd, R_OK));
}

static int run_proc(const struct stage *stage)
{
	(void)stage;
	return attack_result(
		syscall(SYS_openat, AT_FDCWD, "/proc/self/status", O_RDONLY));
}

static int run_readlink(const struct stage *stage)
{
	char target[256];

	(void)stage;
	return attack_result(syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", target,
				     sizeof(target)));
}

static int run_getcwd(const struct stage *stage)
{
	char folder[256];

	(void)stage;
	return attack_result(syscall(SYS_getcwd, folder, sizeof(folder)));
}

static int run_create(const struct stage *stage)
{
	return attack_result(syscall(SYS_openat, AT_FDCWD, stage->other,
				     O_WRONLY | O_CREAT | O_EXCL, 0600));
}

static int run_unlink(const struct stage *stage)
{
	return attack_result(syscall(SYS_unlinkat, AT_FDCWD, stage->file, 0));
}

static int run_rename(const struct stage *stage)
{
	return attack_result(
		syscall(SYS_renameat2, AT_FDCWD, stage->file, AT_FDCWD, stage->other, 0));
}

static int run_link(const struct stage *stage)
{
	return attack_result(
		syscall(SYS_linkat, AT_FDCWD, stage->file, AT_FDCWD, stage->other, 0));
}

static int run_symlink(const struct stage *stage)
{
	return attack_result(syscall(SYS_symlinkat, passwd, AT_FDCWD, stage->other));
}

static int run_mkdir(const struct stage *stage)
{
	return attack_result(syscall(SYS_mkdirat, AT_FDCWD, stage->other, 0700));
}

static int run_chmod(const struct stage *stage)
{
	return attack_result(syscall(SYS_fchmodat, AT_FDCWD, stage->file, 0600));
}

static int run_chown(const struct stage *stage)
{
	return attack_result(syscall(SYS_fchownat, AT_FDCWD, stage->file, -1, -1, 0));
}

static int run_truncate(const struct stage *stage)
{
	return attack_result(syscall(SYS_truncate, stage->file, 0));
}

static int run_utimes(const struct stage *stage)
{
	return attack_result(syscall(SYS_utimensat, AT_FDCWD, stage->file, NULL, 0));
}

static int run_xattr(const struct stage *stage)
{
	char value[64];

	(void)stage;
	return attack_result(
		syscall(SYS_getxattr, passwd, "security.none", value, sizeof(value)));
}

static int run_chroot(const struct stage *stage)
{
	return attack_result(syscall(SYS_chroot, stage->folder));
}

static int run_inotify(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_inotify_init1, 0));
}

static int run_handle(const struct stage *stage)
{
	(void)stage;
	return attack_result(
		syscall(SYS_name_to_handle_at, AT_FDCWD, passwd, NULL, NULL, 0));
}

const struct attack attacks_on_files[] = {
#ifdef SYS_open
	{ "open", "read /etc/passwd", run_open, { 0 } },
#endif
	{ "openat", "read /etc/passwd", run_openat, { 0 } },
	{ "openat2", "read /etc/passwd", run_openat2, { 0 } },
#ifdef SYS_stat
	{ "stat", "learn about /etc/passwd", run_stat, { 0 } },
#endif
	{ "newfstatat", "learn about /etc/passwd", run_newfstatat, { 0 } },
	{ "statx", "learn about /etc/passwd", run_statx, { 0 } },
	{ "faccessat", "learn what is there", run_faccessat, { 0 } },
	{ "openat /proc", "learn about processes", run_proc, { 0 } },
	{ "readlinkat", "learn where links lead", run_readlink, { 0 } },
	{ "getcwd", "learn where it is", run_getcwd, { 0 } },
	{ "openat O_CREAT", "leave a file", run_create, { 0 } },
	{ "unlinkat", "remove a file", run_unlink, { 0 } },
	{ "renameat2", "replace a file", run_rename, { 0 } },
	{ "linkat", "keep hold of a file", run_link, { 0 } },
	{ "symlinkat", "lay a trap for another program", run_symlink, { 0 } },
	{ "mkdirat", "leave a folder", run_mkdir, { 0 } },
	{ "fchmodat", "change a file's mode", run_chmod, { 0 } },
	{ "fchownat", "change a file's owner", run_chown, { 0 } },
	{ "truncate", "empty a file", run_truncate, { 0 } },
	{ "utimensat", "change a file's times", run_utimes, { 0 } },
	{ "getxattr",
	  "read what is kept beside a file",
	  run_xattr,
	  { ENODATA, EOPNOTSUPP } },
	{ "chroot", "change what / is", run_chroot, { 0 } },
	{ "inotify_init1", "watch files", run_inotify, { 0 } },
	{ "name_to_handle_at", "open files past their folders", run_handle, { EFAULT } },
	{ NULL, NULL, NULL, { 0 } },
};
