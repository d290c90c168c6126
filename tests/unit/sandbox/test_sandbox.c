/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "test.h"

#ifdef CUSTOS_ENGINE_IN_PROCESS

TEST("processes are locked up")
{
	SKIP("sanitizers need calls that a locked process does not have");
}

#else

/* What a locked process did, as its parent sees it. */
struct end {
	bool is_signal;
	int code;
};

static struct sandbox sandbox = {
	.role = SANDBOX_SCAN,
	.memory_bytes = 64 << 20,
	.file_bytes = 4096,
	.descriptors = 16,
};

static struct end end_of(pid_t pid)
{
	int how = 0;

	CHECK(waitpid(pid, &how, 0) == pid);
	if (WIFSIGNALED(how))
		return (struct end){ true, WTERMSIG(how) };
	return (struct end){ false, WEXITSTATUS(how) };
}

/* Runs `act` in a locked process: its exit status, unless it is killed. */
static struct end run_locked(int (*act)(void))
{
	int ends[2];

	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
	pid_t zygote = fork();
	if (zygote == 0) {
		if (dup2(ends[1], SANDBOX_SOCKET_FD) < 0 || !sandbox_prepare(&sandbox))
			_exit(70);
		pid_t pid = sandbox_fork(&sandbox);
		if (pid == 0)
			_exit(sandbox_lock(&sandbox) ? act() : 71);
		struct end end = end_of(pid);
		if (end.is_signal)
			raise(end.code);
		_exit(end.code);
	}
	struct end end = end_of(zygote);
	close(ends[0]);
	close(ends[1]);
	return end;
}

static int do_nothing(void)
{
	return 42;
}

static int ask_for_parent(void)
{
	return (int)syscall(SYS_getppid);
}

static int use_memory(void)
{
	/* Half of it can be had, all of it cannot. */
	void *half = malloc(32 << 20);
	void *all = malloc(64 << 20);

	return half && !all ? 42 : 1;
}

static int count_raised(void)
{
	/* The ones that every kernel has. */
	return walls_has(&sandbox.walls, WALL_CAPS) &&
			       walls_has(&sandbox.walls, WALL_NO_PRIVS) &&
			       walls_has(&sandbox.walls, WALL_LIMITS) &&
			       walls_has(&sandbox.walls, WALL_SECCOMP) ?
		       42 :
		       1;
}

TEST("a locked process can compute, and end")
{
	struct end end = run_locked(do_nothing);

	CHECK(!end.is_signal);
	CHECK_EQ(end.code, 42);
}

TEST("a call that is not on its list kills it")
{
	struct end end = run_locked(ask_for_parent);

	CHECK(end.is_signal);
	CHECK_EQ(end.code, SIGSYS);
}

TEST("it has the memory that it was given, and no more")
{
	CHECK_EQ(run_locked(use_memory).code, 42);
}

TEST("it knows which walls it has")
{
	CHECK_EQ(run_locked(count_raised).code, 42);
}

static void *wait_for_ever(void *context)
{
	for (;;)
		pause();
	return context;
}

static int prepare_with_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, wait_for_ever, NULL) != 0)
		return 1;
	errno = 0;
	if (sandbox_prepare(&sandbox))
		return 2;
	/* What the kernel says of sharing memory, and no other reason. */
	return errno == EINVAL ? 42 : 3;
}

TEST("a process with two threads is not locked up")
{
	int ends[2];

	REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(ends[1], SANDBOX_SOCKET_FD);
		_exit(prepare_with_thread());
	}
	CHECK_EQ(end_of(pid).code, 42);
	close(ends[0]);
	close(ends[1]);
}

static int prepare_as_orphan(void)
{
	errno = 0;
	if (sandbox_prepare(&sandbox))
		return 2;
	return errno == EPIPE ? 42 : 3;
}

TEST("nor is one whose parent is gone")
{
	int ends[2];

	REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
	close(ends[0]);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(ends[1], SANDBOX_SOCKET_FD);
		_exit(prepare_as_orphan());
	}
	CHECK_EQ(end_of(pid).code, 42);
	close(ends[1]);
}

#endif

TEST_MAIN()
