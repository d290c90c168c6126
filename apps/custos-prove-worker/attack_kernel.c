/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of the kernel with a history, and calls that change the machine. Those
 * stop, where they get through, at an argument that makes no sense.
 */
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/keyctl.h>
#include <linux/landlock.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static int run_io_uring(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_io_uring_setup, 1, NULL));
}

static int run_bpf(const struct stage *stage)
{
	union bpf_attr map = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = 4,
		.value_size = 4,
		.max_entries = 1,
	};

	(void)stage;
	return attack_result(syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof(map)));
}

static int run_perf(const struct stage *stage)
{
	struct perf_event_attr event = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(event),
		.config = PERF_COUNT_SW_DUMMY,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};

	(void)stage;
	return attack_result(syscall(SYS_perf_event_open, &event, 0, -1, -1, 0));
}

static int run_keyctl(const struct stage *stage)
{
	(void)stage;
	return attack_result(
		syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 1));
}

static int run_add_key(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_add_key, "user", "custos-prove", "x", 1,
				     KEY_SPEC_PROCESS_KEYRING));
}

static int run_unshare(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_unshare, CLONE_NEWUSER));
}

static int run_setns(const struct stage *stage)
{
	return attack_result(syscall(SYS_setns, stage->read_fd, 0));
}

/* In a namespace of its own, so that nobody sees it. */
static int run_mount(const struct stage *stage)
{
	if (syscall(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNS) != 0)
		return errno;
	return attack_result(
		syscall(SYS_mount, "none", stage->folder, "tmpfs", 0UL, "size=4k"));
}

static int run_umount(const struct stage *stage)
{
	return attack_result(syscall(SYS_umount2, stage->other, 0));
}

static int run_fsopen(const struct stage *stage)
{
	if (syscall(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNS) != 0)
		return errno;
	(void)stage;
	return attack_result(syscall(SYS_fsopen, "tmpfs", 0));
}

static int run_module(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_init_module, NULL, 0, ""));
}

static int run_kexec(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_kexec_load, 0, 0, NULL, ~0UL));
}

static int run_reboot(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_reboot, 0, 0, 0, NULL));
}

static int run_swapon(const struct stage *stage)
{
	return attack_result(syscall(SYS_swapon, stage->other, 0));
}

static int run_settime(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_settimeofday, NULL, NULL));
}

static int run_adjtime(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_clock_adjtime, CLOCK_REALTIME, NULL));
}

static int run_sethostname(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_sethostname, NULL, -1));
}

static int run_uname(const struct stage *stage)
{
	struct utsname names;

	(void)stage;
	return attack_result(syscall(SYS_uname, &names));
}

static int run_acct(const struct stage *stage)
{
	return attack_result(syscall(SYS_acct, stage->other));
}

static int run_syslog(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_syslog, 10 /* size of the buffer */, NULL, 0));
}

static int run_fanotify(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_fanotify_init, 0x200 /* FAN_REPORT_FID */, 0));
}

static int run_filter(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL));
}

static int run_landlock(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_landlock_create_ruleset, NULL, 0,
				     LANDLOCK_CREATE_RULESET_VERSION));
}

static int run_personality(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_personality, 0x0400000 /* READ_IMPLIES_EXEC */));
}

static int run_eventfd(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_eventfd2, 0, 0));
}

static int run_epoll(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_epoll_create1, 0));
}

static int run_pipe(const struct stage *stage)
{
	int ends[2];

	(void)stage;
	return attack_result(syscall(SYS_pipe2, ends, 0));
}

const struct attack attacks_on_kernel[] = {
	{ "io_uring_setup", "make system calls past the list", run_io_uring, { EFAULT } },
	{ "bpf", "load a program into the kernel", run_bpf, { 0 } },
	{ "perf_event_open", "measure the machine", run_perf, { 0 } },
	{ "keyctl", "get at keys", run_keyctl, { 0 } },
	{ "add_key", "leave a key", run_add_key, { 0 } },
	{ "unshare", "be root in a namespace", run_unshare, { 0 } },
	{ "setns", "enter another's namespace", run_setns, { EINVAL } },
	{ "mount", "change what files there are", run_mount, { 0 } },
	{ "umount2", "uncover what is under a mount", run_umount, { ENOENT } },
	{ "fsopen", "mount by another door", run_fsopen, { 0 } },
	{ "init_module", "load a module", run_module, { EFAULT, ENOEXEC, EINVAL } },
	{ "kexec_load", "load another kernel", run_kexec, { EINVAL } },
	{ "reboot", "reboot", run_reboot, { EINVAL } },
	{ "swapon", "read memory back from disk", run_swapon, { ENOENT } },
	{ "settimeofday", "change the time", run_settime, { 0 } },
	{ "clock_adjtime", "change the time", run_adjtime, { EFAULT } },
	{ "sethostname", "change the host's name", run_sethostname, { EINVAL } },
	{ "uname", "learn the host's name", run_uname, { 0 } },
	{ "acct", "log all processes", run_acct, { ENOENT } },
	{ "syslog", "read the kernel's log", run_syslog, { 0 } },
	{ "fanotify_init", "watch files", run_fanotify, { 0 } },
	{ "seccomp", "change its own list", run_filter, { EFAULT } },
	{ "landlock_create_ruleset", "change its own rules", run_landlock, { 0 } },
	{ "personality", "make all memory executable", run_personality, { 0 } },
	{ "eventfd2", "have more descriptors", run_eventfd, { 0 } },
	{ "epoll_create1", "have more descriptors", run_epoll, { 0 } },
	{ "pipe2", "have more descriptors", run_pipe, { 0 } },
	{ NULL, NULL, NULL, { 0 } },
};
