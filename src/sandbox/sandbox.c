/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/caps.h"
#include "sandbox/landlock.h"
#include "sandbox/namespaces.h"
#include "sandbox/rlimits.h"

static bool has_one_thread(void);
static bool close_others(void);
static bool die_with_parent(void);
static bool lock_privileges(struct walls *walls);
static bool lock_limits(struct sandbox *sandbox);

bool sandbox_prepare(struct sandbox *sandbox)
{
	const unsigned calls = sandbox->role == SANDBOX_SCAN ? CALLS_SCAN : CALLS_COMPILE;

	if (!has_one_thread() || !call_list_is_available() ||
	    !call_list_compile(calls, &sandbox->calls))
		return false;
	namespaces_enter(&sandbox->walls);
	if (!lock_privileges(&sandbox->walls))
		return false;
	caps_drop_bounding();
	landlock_lock(&sandbox->walls);
	/* Only now: a change of user id clears it. */
	return die_with_parent();
}

pid_t sandbox_fork(struct sandbox *sandbox)
{
	return namespaces_fork(&sandbox->walls);
}

bool sandbox_lock(struct sandbox *sandbox)
{
	struct walls *walls = &sandbox->walls;

	if (!close_others() || !die_with_parent() || !lock_privileges(walls) ||
	    !lock_limits(sandbox))
		return false;
	if (!caps_drop_all())
		return false;
	walls_raise(walls, WALL_CAPS);
	/* Once more: this layer is the worker's own, and shuts it off from the zygote. */
	landlock_lock(walls);
	if (!call_list_load(&sandbox->calls))
		return false;
	walls_raise(walls, WALL_SECCOMP);
	return true;
}

/*
 * Other threads would keep what this one gives up. The kernel tells without /proc: to
 * stop sharing memory is possible, and changes nothing, for a process with one thread.
 */
static bool has_one_thread(void)
{
	return unshare(CLONE_VM) == 0 || errno != EINVAL;
}

static bool close_others(void)
{
	return syscall(SYS_close_range, 0, SANDBOX_SOCKET_FD - 1, 0) == 0 &&
	       syscall(SYS_close_range, SANDBOX_WRITE_FD + 1, ~0U, 0) == 0;
}

/*
 * Inside a pid namespace getppid() is 0 whether or not the parent lives, so
 * the socket is asked: it hangs up with the other end.
 */
static bool die_with_parent(void)
{
	struct pollfd socket = { .fd = SANDBOX_SOCKET_FD, .events = POLLIN };

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		return false;
	if (poll(&socket, 1, 0) < 0)
		return false;
	if (socket.revents & (POLLHUP | POLLERR | POLLNVAL)) {
		errno = EPIPE;
		return false;
	}
	return true;
}

static bool lock_privileges(struct walls *walls)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return false;
	walls_raise(walls, WALL_NO_PRIVS);
	return true;
}

static bool lock_limits(struct sandbox *sandbox)
{
	const struct rlimits limits = {
		.memory_bytes = sandbox->memory_bytes,
		.file_bytes = sandbox->file_bytes,
		.descriptors = sandbox->descriptors,
	};

	if (!rlimits_lock(&limits))
		return false;
	walls_raise(&sandbox->walls, WALL_LIMITS);
	return true;
}
