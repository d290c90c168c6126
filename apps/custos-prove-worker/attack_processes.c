/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Becoming more than one process, becoming another program or user, and
 * getting at other processes.
 */
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* In the child that an attack made: it has proved its point. */
static int result_of_fork(long pid)
{
	if (pid == 0)
		_exit(0);
	return attack_result(pid);
}

#ifdef SYS_fork
static int run_fork(const struct stage *stage)
{
	(void)stage;
	return result_of_fork(syscall(SYS_fork));
}

/* Not called bare: the child would return on its parent's stack. */
static int run_vfork(const struct stage *stage)
{
	(void)stage;
	return result_of_fork(vfork());
}
#endif

static int run_clone(const struct stage *stage)
{
	(void)stage;
	return result_of_fork(syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0));
}

static int run_clone3(const struct stage *stage)
{
	struct clone_args arguments = { .exit_signal = SIGCHLD };

	(void)stage;
	return result_of_fork(syscall(SYS_clone3, &arguments, sizeof(arguments)));
}

/* A program that is not there: found out behind the permission to start one. */
static int run_execve(const struct stage *stage)
{
	char *const none[] = { NULL };

	return attack_result(syscall(SYS_execve, stage->other, none, none));
}

static int run_execveat(const struct stage *stage)
{
	char *const none[] = { NULL };

	return attack_result(
		syscall(SYS_execveat, stage->read_fd, "", none, none, AT_EMPTY_PATH));
}

static int run_traceme(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_ptrace, PTRACE_TRACEME, 0, NULL, NULL));
}

static int run_seize(const struct stage *stage)
{
	return attack_result(
		syscall(SYS_ptrace, PTRACE_SEIZE, stage->parent, NULL, NULL));
}

static int run_readv(const struct stage *stage)
{
	char bytes[8];
	const struct iovec mine = { bytes, sizeof(bytes) };
	const struct iovec theirs = { (void *)stage->secret, sizeof(bytes) };

	return attack_result(
		syscall(SYS_process_vm_readv, stage->parent, &mine, 1, &theirs, 1, 0));
}

static int run_writev(const struct stage *stage)
{
	char bytes[8];
	const struct iovec none = { bytes, 0 };
	const struct iovec theirs = { (void *)stage->secret, 0 };

	return attack_result(
		syscall(SYS_process_vm_writev, stage->parent, &none, 1, &theirs, 1, 0));
}

static int run_pidfd(const struct stage *stage)
{
	return attack_result(syscall(SYS_pidfd_open, stage->parent, 0));
}

static int run_kill(const struct stage *stage)
{
	return attack_result(syscall(SYS_kill, stage->parent, 0));
}

static int run_tgkill(const struct stage *stage)
{
	return attack_result(syscall(SYS_tgkill, stage->parent, stage->parent, 0));
}

static int run_sigqueue(const struct stage *stage)
{
	siginfo_t info = { .si_code = SI_QUEUE };

	return attack_result(syscall(SYS_rt_sigqueueinfo, stage->parent, 0, &info));
}

static int run_prlimit(const struct stage *stage)
{
	struct rlimit limit;

	return attack_result(
		syscall(SYS_prlimit64, stage->parent, RLIMIT_CORE, NULL, &limit));
}

static int run_dumpable(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static int run_outlive(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_prctl, PR_SET_PDEATHSIG, 0, 0, 0, 0));
}

static int run_setuid(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_setresuid, 0, 0, 0));
}

static int run_setgroups(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_setgroups, 0, NULL));
}

static int run_setpriority(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_setpriority, PRIO_PROCESS, 0, 19));
}

static int run_affinity(const struct stage *stage)
{
	unsigned long mask = ~0UL;

	return attack_result(
		syscall(SYS_sched_getaffinity, stage->parent, sizeof(mask), &mask));
}

static int run_kcmp(const struct stage *stage)
{
	return attack_result(
		syscall(SYS_kcmp, stage->parent, stage->parent, 0 /* a file */, 3, 3));
}

const struct attack attacks_on_processes[] = {
#ifdef SYS_fork
	{ "fork", "have a second process", run_fork, { 0 } },
	{ "vfork", "have a second process", run_vfork, { 0 } },
#endif
	{ "clone", "have a second process", run_clone, { 0 } },
	{ "clone3", "have a second process", run_clone3, { 0 } },
	{ "execve", "start another program", run_execve, { ENOENT } },
	{ "execveat", "start a file it was given", run_execveat, { ENOEXEC } },
	{ "ptrace TRACEME", "have its own system calls changed", run_traceme, { 0 } },
	{ "ptrace SEIZE", "take over its parent", run_seize, { 0 } },
	{ "process_vm_readv", "read its parent's memory", run_readv, { 0 } },
	{ "process_vm_writev", "change its parent's memory", run_writev, { 0 } },
	{ "pidfd_open", "get hold of a process", run_pidfd, { 0 } },
	{ "kill", "send its parent a signal", run_kill, { 0 } },
	{ "tgkill", "send its parent a signal", run_tgkill, { 0 } },
	{ "rt_sigqueueinfo", "send its parent a signal", run_sigqueue, { 0 } },
	{ "prlimit64", "learn and change another's limits", run_prlimit, { 0 } },
	{ "prctl DUMPABLE", "leave a memory dump", run_dumpable, { 0 } },
	{ "prctl PDEATHSIG", "outlive its parent", run_outlive, { 0 } },
	{ "setresuid", "become root", run_setuid, { 0 } },
	{ "setgroups", "change its groups", run_setgroups, { 0 } },
	{ "setpriority", "change its priority", run_setpriority, { 0 } },
	{ "sched_getaffinity", "learn about another process", run_affinity, { 0 } },
	{ "kcmp", "learn about another's files", run_kcmp, { EBADF } },
	{ NULL, NULL, NULL, { 0 } },
};
