/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of system calls as the kernel will see it: the compiled program is
 * run here, by an interpreter of the few instructions such programs have, for
 * every number there is.
 */
#include "sandbox/call_list.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#if defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#define OTHER_ARCH AUDIT_ARCH_I386
#elif defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#define OTHER_ARCH AUDIT_ARCH_ARM
#endif

enum { CALLS_END = 1024, X32_BIT = 0x40000000 };

static uint32_t jump(const struct sock_filter *code, uint32_t value)
{
	bool holds = false;

	switch (BPF_OP(code->code)) {
	case BPF_JA:
		return code->k;
	case BPF_JEQ:
		holds = value == code->k;
		break;
	case BPF_JGT:
		holds = value > code->k;
		break;
	case BPF_JGE:
		holds = value >= code->k;
		break;
	case BPF_JSET:
		holds = (value & code->k) != 0;
		break;
	}
	return holds ? code->jt : code->jf;
}

/* What the kernel would do with this call; 0xdead if the program is not one we know. */
static uint32_t verdict_of(const struct call_list *list, const struct seccomp_data *call)
{
	uint32_t value = 0;

	for (uint32_t at = 0; at < list->len; at++) {
		const struct sock_filter *code = &list->code[at];
		switch (BPF_CLASS(code->code)) {
		case BPF_LD:
			if (code->k + 4 > sizeof(*call))
				return 0xdead;
			memcpy(&value, (const char *)call + code->k, 4);
			break;
		case BPF_ALU:
			if (BPF_OP(code->code) != BPF_AND)
				return 0xdead;
			value &= code->k;
			break;
		case BPF_JMP:
			at += jump(code, value);
			break;
		case BPF_RET:
			return code->k;
		default:
			return 0xdead;
		}
	}
	return 0xdead;
}

static struct seccomp_data call_of(int number)
{
	return (struct seccomp_data){ .nr = number, .arch = OUR_ARCH };
}

static bool is_allowed(const struct call_list *list, const struct seccomp_data *call)
{
	uint32_t verdict = verdict_of(list, call);

	CHECK(verdict == SECCOMP_RET_ALLOW || verdict == SECCOMP_RET_KILL_PROCESS);
	return verdict == SECCOMP_RET_ALLOW;
}

static bool is_listed(int number, unsigned role)
{
	const struct call_entry *entry;

	for (size_t i = 0; (entry = call_list_entry(i)) != NULL; i++) {
		if (entry->number == number && (entry->roles & role))
			return true;
	}
	return false;
}

static struct call_list compiled(unsigned role)
{
	struct call_list list = { 0 };

	CHECK(call_list_compile(role, &list));
	CHECK(list.len > 10);
	return list;
}

/* Is it allowed with no arguments, or with some? */
static bool is_ever_allowed(const struct call_list *list, int number)
{
	struct seccomp_data call = call_of(number);
	bool is_ever = is_allowed(list, &call);

	for (size_t i = 0; i < ARRAY_LEN(call.args); i++) {
		call.args[i] = i + 1;
		is_ever |= is_allowed(list, &call);
	}
	return is_ever;
}

TEST("whatever is not in the table kills, with any arguments")
{
	const unsigned roles[] = { CALLS_SCAN, CALLS_COMPILE };

	for (size_t r = 0; r < ARRAY_LEN(roles); r++) {
		struct call_list list = compiled(roles[r]);
		for (int number = 0; number < CALLS_END; number++) {
			if (!is_listed(number, roles[r]) &&
			    is_ever_allowed(&list, number))
				CHECK_EQ(number, -1);
		}
	}
}

TEST("calls of another architecture and of x32 kill")
{
	struct call_list list = compiled(CALLS_SCAN);
	struct seccomp_data call;

	for (int number = 0; number < CALLS_END; number++) {
		call = call_of(number);
		call.arch = OTHER_ARCH;
		CHECK(!is_allowed(&list, &call));
		call = call_of(number | X32_BIT);
		CHECK(!is_allowed(&list, &call));
		call = call_of(-1 - number);
		CHECK(!is_allowed(&list, &call));
	}
}

TEST("every entry has a name and a reason")
{
	const struct call_entry *entry;
	size_t count = 0;

	for (; (entry = call_list_entry(count)) != NULL; count++) {
		CHECK(strlen(entry->name) > 2);
		CHECK(strlen(entry->reason) > 3);
		CHECK(entry->roles != 0);
	}
	CHECK(count >= 15 && count <= 25);
}

TEST("memory may be had, but none that can be executed or is shared")
{
	struct call_list list = compiled(CALLS_SCAN);
	struct seccomp_data call = call_of(SYS_mmap);

	call.args[2] = PROT_READ | PROT_WRITE;
	call.args[3] = MAP_PRIVATE | MAP_ANONYMOUS;
	CHECK(is_allowed(&list, &call));
	call.args[2] = PROT_READ | PROT_EXEC;
	CHECK(!is_allowed(&list, &call));
	call.args[2] = PROT_READ | (UINT64_C(1) << 40);
	CHECK(!is_allowed(&list, &call));
	call.args[2] = PROT_READ;
	call.args[3] = MAP_SHARED | MAP_ANONYMOUS;
	CHECK(!is_allowed(&list, &call));
	call.args[3] = MAP_PRIVATE; /* a file */
	CHECK(!is_allowed(&list, &call));
	call.args[3] = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
	CHECK(!is_allowed(&list, &call));
}

TEST("a scanning worker writes its spool, empties it, and writes nothing else")
{
	struct call_list list = compiled(CALLS_SCAN);
	struct seccomp_data call = call_of(SYS_pwrite64);

	for (uint64_t fd = 0; fd < 80; fd++) {
		call.args[0] = fd;
		CHECK_EQ(is_allowed(&list, &call), fd == SANDBOX_WRITE_FD);
	}
	call = call_of(SYS_ftruncate);
	call.args[0] = SANDBOX_WRITE_FD;
	CHECK(is_allowed(&list, &call));
	call.args[1] = 1;
	CHECK(!is_allowed(&list, &call));
	call.args[1] = UINT64_C(1) << 32;
	CHECK(!is_allowed(&list, &call));
	call = call_of(SYS_write);
	call.args[0] = SANDBOX_WRITE_FD;
	CHECK(!is_allowed(&list, &call));
}

TEST("it speaks to the parent and to nobody else")
{
	struct call_list list = compiled(CALLS_SCAN);
	const int calls[] = { SYS_sendmsg, SYS_recvmsg };

	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		for (uint64_t fd = 0; fd < 80; fd++) {
			struct seccomp_data call = call_of(calls[i]);
			call.args[0] = fd;
			CHECK_EQ(is_allowed(&list, &call), fd == SANDBOX_SOCKET_FD);
		}
	}
}

TEST("no call that takes a path, makes a process or asks for a file's data is listed")
{
	const int never[] = {
		SYS_openat, SYS_openat2,        SYS_newfstatat, SYS_statx,    SYS_fstat,
		SYS_socket, SYS_connect,        SYS_execve,     SYS_execveat, SYS_clone,
		SYS_clone3, SYS_mprotect,       SYS_prctl,      SYS_ptrace,   SYS_kill,
		SYS_ioctl,  SYS_fcntl,          SYS_unlinkat,   SYS_read,     SYS_write,
		SYS_dup,    SYS_io_uring_setup,
	};

	for (size_t i = 0; i < ARRAY_LEN(never); i++)
		CHECK(!is_listed(never[i], CALLS_SCAN | CALLS_COMPILE));
}

TEST("in a real process a call that is not listed is the last")
{
	struct call_list list = compiled(CALLS_SCAN);
	int how = 0;

	REQUIRE(call_list_is_available());
	pid_t pid = fork();
	REQUIRE(pid >= 0);
	if (pid == 0) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !call_list_load(&list))
			_exit(1);
		syscall(SYS_getppid);
		_exit(2);
	}
	REQUIRE(waitpid(pid, &how, 0) == pid);
	CHECK(WIFSIGNALED(how));
	CHECK_EQ(WTERMSIG(how), SIGSYS);
}

TEST_MAIN()
