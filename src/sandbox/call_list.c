/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that is not in the table kills the process. The architecture is
 * part of the filter: the calls of i386 (int 0x80) and of x32 are none of ours
 * and kill, too.
 *
 * No call that takes a path, and no form of stat: landlock does not stop stat,
 * so it must not be here. Sizes come from the parent.
 */
#include "sandbox/call_list.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

enum condition {
	ANY,
	ON_SOCKET,      /* first argument is the socket to the parent */
	ON_WRITE_FD,    /* first argument is what may be written */
	EMPTYING,       /* … and the second is 0 */
	PRIVATE_MEMORY, /* mmap(): anonymous, private, never executable */
};

struct rule {
	struct call_entry entry;
	enum condition condition;
};

#define CALL(name, roles, condition, reason) \
	{ \
		{ SCMP_SYS(name), roles, #name, reason }, condition \
	}
#define BOTH (CALLS_SCAN | CALLS_COMPILE)

static const struct rule rules[] = {
	CALL(pread64, BOTH, ANY, "reads the files it was handed"),
	CALL(recvmsg, BOTH, ON_SOCKET, "takes jobs and their descriptors"),
	CALL(sendmsg, BOTH, ON_SOCKET, "answers"),
	CALL(close, BOTH, ANY, "gives a descriptor back when its job is done"),
	CALL(pwrite64, BOTH, ON_WRITE_FD, "fills the spool, or the segment it compiles"),
	CALL(ftruncate, CALLS_SCAN, EMPTYING,
	     "gives the spool's space back between files"),
	CALL(mmap, BOTH, PRIVATE_MEMORY, "malloc() of large pieces"),
	CALL(munmap, BOTH, ANY, "free() of large pieces"),
	CALL(mremap, BOTH, ANY, "realloc() of large pieces; cannot add a permission"),
	CALL(brk, BOTH, ANY, "malloc() of small pieces"),
	CALL(madvise, BOTH, ANY, "free() returns pages that it keeps the addresses of"),
	CALL(futex, BOTH, ANY, "pthread_once() and locks inside of libraries"),
	CALL(clock_gettime, BOTH, ANY, "deadlines, where the vDSO has no clock"),
	CALL(getrandom, BOTH, ANY, "malloc() seeds the keys of its free lists"),
	CALL(rt_sigreturn, BOTH, ANY,
	     "leaves a signal handler, should a library have one"),
	CALL(restart_syscall, BOTH, ANY, "goes on after SIGSTOP and SIGCONT"),
	CALL(exit, BOTH, ANY, "ends"),
	CALL(exit_group, BOTH, ANY, "ends"),
};

static int add_rule(scmp_filter_ctx context, const struct rule *rule);
static bool export_filter(scmp_filter_ctx context, struct call_list *out);

const struct call_entry *call_list_entry(size_t index)
{
	return index < ARRAY_LEN(rules) ? &rules[index].entry : NULL;
}

bool call_list_compile(unsigned role, struct call_list *out)
{
	scmp_filter_ctx context = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int error;

	if (!context) {
		errno = ENOMEM;
		return false;
	}
	error = seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	for (size_t i = 0; i < ARRAY_LEN(rules) && error == 0; i++) {
		if (rules[i].entry.roles & role)
			error = add_rule(context, &rules[i]);
	}
	bool ok = error == 0 && export_filter(context, out);
	seccomp_release(context);
	if (error != 0)
		errno = -error;
	return ok;
}

bool call_list_is_available(void)
{
	const uint32_t action = SECCOMP_RET_KILL_PROCESS;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

bool call_list_load(const struct call_list *list)
{
	const struct sock_fprog program = {
		.len = list->len,
		.filter = (struct sock_filter *)list->code,
	};

	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

static int add_rule(scmp_filter_ctx context, const struct rule *rule)
{
	const int call = rule->entry.number;
	const uint32_t allow = SCMP_ACT_ALLOW;

	switch (rule->condition) {
	case ANY:
		return seccomp_rule_add(context, allow, call, 0);
	case ON_SOCKET:
		return seccomp_rule_add(context, allow, call, 1,
					SCMP_A0_32(SCMP_CMP_EQ, SANDBOX_SOCKET_FD, 0));
	case ON_WRITE_FD:
		return seccomp_rule_add(context, allow, call, 1,
					SCMP_A0_32(SCMP_CMP_EQ, SANDBOX_WRITE_FD, 0));
	case EMPTYING:
		return seccomp_rule_add(context, allow, call, 2,
					SCMP_A0_32(SCMP_CMP_EQ, SANDBOX_WRITE_FD, 0),
					SCMP_A1_64(SCMP_CMP_EQ, 0, 0));
	case PRIVATE_MEMORY:
		return seccomp_rule_add(
			context, allow, call, 2,
			SCMP_A2_64(SCMP_CMP_MASKED_EQ,
				   ~(uint64_t)(PROT_READ | PROT_WRITE), 0),
			SCMP_A3_64(SCMP_CMP_EQ, MAP_PRIVATE | MAP_ANONYMOUS, 0));
	}
	return -EINVAL;
}

/* libseccomp 2.5 exports to a descriptor only. */
static bool export_filter(scmp_filter_ctx context, struct call_list *out)
{
	AUTO_CLOSE int fd = memfd_create("filter", MFD_CLOEXEC);
	if (fd < 0)
		return false;

	int error = seccomp_export_bpf(context, fd);
	if (error < 0) {
		errno = -error;
		return false;
	}
	ssize_t size = pread(fd, out->code, sizeof(out->code), 0);
	if (size <= 0 || (size_t)size == sizeof(out->code)) {
		errno = E2BIG;
		return false;
	}
	out->len = (unsigned short)((size_t)size / sizeof(out->code[0]));
	return true;
}
