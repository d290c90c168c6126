/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two ways lead to the same walls. Root may unshare everything but the user
 * namespace at once, and does so before it drops its user id: these namespaces
 * then belong to the real root, and to nobody inside. Everyone else makes a
 * user namespace first and the others within. So: try, drop the id, make the
 * user namespace, try what is left once more.
 *
 * The user namespace gets no map. Nobody in it has a user id that could be
 * changed to, and files belong to the overflow id.
 */
#include "sandbox/namespaces.h"

#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/compiler.h"
#include "sandbox/caps.h"

static bool enter_net(void);
static bool enter_mount(void);
static bool enter_ipc(void);
static bool enter_uts(void);

static const struct {
	enum wall wall;
	bool (*enter)(void);
} table[] = {
	{ WALL_NET, enter_net },
	{ WALL_MOUNT, enter_mount },
	{ WALL_IPC, enter_ipc },
	{ WALL_UTS, enter_uts },
};

static void try_all(struct walls *walls);
static void drop_id(struct walls *walls);
static bool set_ids(void);
static pid_t plain_clone(unsigned long flags);

void namespaces_enter(struct walls *walls)
{
	const bool is_root = geteuid() == 0;

	if (is_root) {
		try_all(walls);
		drop_id(walls);
	}
	if (unshare(CLONE_NEWUSER) == 0)
		walls_raise(walls, WALL_USER);
	else
		walls_miss(walls, WALL_USER, errno);
	try_all(walls);
	if (is_root && !walls_has(walls, WALL_USER))
		caps_keep_admin();
}

pid_t namespaces_fork(struct walls *walls)
{
	pid_t pid = plain_clone(CLONE_NEWPID | SIGCHLD);

	if (pid >= 0) {
		walls_raise(walls, WALL_PID);
		return pid;
	}
	if (errno == EAGAIN || errno == ENOMEM)
		return -1;
	walls_miss(walls, WALL_PID, errno);
	return plain_clone(SIGCHLD);
}

static void try_all(struct walls *walls)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (walls_has(walls, table[i].wall))
			continue;
		if (table[i].enter())
			walls_raise(walls, table[i].wall);
		else
			walls_miss(walls, table[i].wall, errno);
	}
}

static bool enter_net(void)
{
	return unshare(CLONE_NEWNET) == 0;
}

/*
 * The root becomes an empty file system without room for anything. The steps:
 * nothing mounted here is seen outside; an empty file system over a folder that
 * every system has; that folder becomes the root; the old root is let go.
 */
static bool enter_mount(void)
{
	const unsigned long flags = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;

	return unshare(CLONE_NEWNS) == 0 &&
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("none", "/proc", "tmpfs", flags, "size=4k,nr_inodes=2,mode=0555") ==
		       0 &&
	       chdir("/proc") == 0 && syscall(SYS_pivot_root, ".", ".") == 0 &&
	       umount2(".", MNT_DETACH) == 0 && chdir("/") == 0;
}

static bool enter_ipc(void)
{
	return unshare(CLONE_NEWIPC) == 0;
}

static bool enter_uts(void)
{
	return unshare(CLONE_NEWUTS) == 0;
}

/* Keeps the capabilities for the moment: without user namespaces CAP_SYS_ADMIN is needed yet. */
static void drop_id(struct walls *walls)
{
	if (prctl(PR_SET_KEEPCAPS, 1) != 0 || !set_ids())
		walls_miss(walls, WALL_UID, errno);
	else
		walls_raise(walls, WALL_UID);
	(void)prctl(PR_SET_KEEPCAPS, 0);
}

static bool set_ids(void)
{
	if (setgroups(0, NULL) != 0 || getgroups(0, NULL) != 0)
		return false;
	return setresgid(SANDBOX_GID, SANDBOX_GID, SANDBOX_GID) == 0 &&
	       setresuid(SANDBOX_UID, SANDBOX_UID, SANDBOX_UID) == 0;
}

/*
 * glibc's fork() takes no flags. With one thread and no handlers the bare call
 * does the same.
 */
static pid_t plain_clone(unsigned long flags)
{
	return (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, 0);
}
