/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Doing more with the descriptors it has than it was given them for.
 */
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int run_fstat(const struct stage *stage)
{
	struct stat facts;

	return attack_result(syscall(SYS_fstat, stage->read_fd, &facts));
}

static int run_write(const struct stage *stage)
{
	return attack_result(syscall(SYS_write, stage->write_fd, "x", 1));
}

static int run_pwrite(const struct stage *stage)
{
	return attack_result(syscall(SYS_pwrite64, stage->write_fd, "x", 1, 0));
}

static int run_writev(const struct stage *stage)
{
	const struct iovec data = { (void *)"x", 1 };

	return attack_result(syscall(SYS_writev, stage->write_fd, &data, 1));
}

static int run_ftruncate(const struct stage *stage)
{
	return attack_result(syscall(SYS_ftruncate, stage->write_fd, 0));
}

static int run_fallocate(const struct stage *stage)
{
	return attack_result(syscall(SYS_fallocate, stage->write_fd, 0, 0, 4096));
}

static int run_sendfile(const struct stage *stage)
{
	off_t from = 0;

	return attack_result(
		syscall(SYS_sendfile, stage->write_fd, stage->read_fd, &from, 1));
}

static int run_setfl(const struct stage *stage)
{
	return attack_result(syscall(SYS_fcntl, stage->write_fd, F_SETFL, O_APPEND));
}

static int run_lock(const struct stage *stage)
{
	struct flock lock = { .l_type = F_RDLCK };

	return attack_result(syscall(SYS_fcntl, stage->read_fd, F_SETLK, &lock));
}

static int run_tiocsti(const struct stage *stage)
{
	return attack_result(syscall(SYS_ioctl, stage->read_fd, TIOCSTI, "x"));
}

static int run_fchmod(const struct stage *stage)
{
	return attack_result(syscall(SYS_fchmod, stage->write_fd, 0777));
}

static int run_fsetxattr(const struct stage *stage)
{
	return attack_result(
		syscall(SYS_fsetxattr, stage->write_fd, "user.custos", "x", 1, 0));
}

static int run_dup(const struct stage *stage)
{
	return attack_result(syscall(SYS_dup, stage->read_fd));
}

static int run_map(const struct stage *stage)
{
	return attack_result(syscall(SYS_mmap, NULL, 4096, 1 /* read */, 1 /* shared */,
				     stage->read_fd, 0));
}

static int run_rights_back(const struct stage *stage)
{
	union {
		struct cmsghdr part;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec data = { (void *)"take these", 10 };
	struct msghdr header = { .msg_iov = &data,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control) };

	control.part.cmsg_level = SOL_SOCKET;
	control.part.cmsg_type = SCM_RIGHTS;
	control.part.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.part), &stage->read_fd, sizeof(int));
	if (sendmsg(stage->socket, &header, 0) < 0)
		return errno;
	return ATTACK_SENDS_DESCRIPTORS;
}

static int run_rights_elsewhere(const struct stage *stage)
{
	struct iovec data = { (void *)"x", 1 };
	struct msghdr header = { .msg_iov = &data, .msg_iovlen = 1 };

	return attack_result(syscall(SYS_sendmsg, stage->read_fd, &header, 0));
}

static int run_over_spool(const struct stage *stage)
{
	ssize_t written = pwrite(stage->spool, "x", 1, (off_t)stage->file_bytes);

	if (written < 0)
		return errno;
	return written == 1 ? 0 : EFBIG;
}

const struct attack attacks_on_descriptors[] = {
	{ "fstat", "learn about a file it was given", run_fstat, { 0 } },
	{ "write", "write to a descriptor that is writable", run_write, { 0 } },
	{ "pwrite64", "write to a descriptor other than the spool", run_pwrite, { 0 } },
	{ "writev", "write to a descriptor that is writable", run_writev, { 0 } },
	{ "ftruncate", "empty a file that is not the spool", run_ftruncate, { 0 } },
	{ "fallocate", "fill the disk", run_fallocate, { EOPNOTSUPP } },
	{ "sendfile", "copy to a descriptor that is writable", run_sendfile, { 0 } },
	{ "fcntl F_SETFL", "change how a file is written", run_setfl, { 0 } },
	{ "fcntl F_SETLK", "keep others from a file", run_lock, { 0 } },
	{ "ioctl TIOCSTI", "type into somebody's terminal", run_tiocsti, { ENOTTY } },
	{ "fchmod", "change the mode of a file it was given", run_fchmod, { 0 } },
	{ "fsetxattr", "mark a file it was given", run_fsetxattr, { EOPNOTSUPP } },
	{ "dup", "have more descriptors", run_dup, { 0 } },
	{ "mmap of a file", "be killed by a file that shrinks", run_map, { 0 } },
	{ "sendmsg, descriptors",
	  "plant a descriptor in the parent",
	  run_rights_back,
	  { 0 } },
	{ "sendmsg elsewhere",
	  "talk to another than the parent",
	  run_rights_elsewhere,
	  { ENOTSOCK } },
	{ "pwrite64, too far",
	  "write more than the spool may hold",
	  run_over_spool,
	  { 0 } },
	{ NULL, NULL, NULL, { 0 } },
};
