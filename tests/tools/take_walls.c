/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a program on a kernel that seems to lack something: system calls are
 * refused as if they did not exist, or were not permitted.
 *
 *	take_walls [landlock] [namespaces] [seccomp] -- PROGRAM ARGUMENT…
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CODE_MAX = 32 };

static struct sock_filter code[CODE_MAX];
static unsigned short code_len;

static void add(struct sock_filter instruction)
{
	code[code_len++] = instruction;
}

static void refuse(unsigned number, unsigned error)
{
	add((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1));
	add((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error));
}

static int take(const char *what)
{
	if (strcmp(what, "landlock") == 0) {
		refuse(444, ENOSYS);
		refuse(446, ENOSYS);
	} else if (strcmp(what, "namespaces") == 0) {
		refuse(SYS_unshare, EPERM);
		/* clone() with flags in place of a namespace is refused; fork() is not. */
		add((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0,
						 4));
		add((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data, args)));
		add((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_NEWPID,
						 0, 1));
		add((struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
						 SECCOMP_RET_ERRNO | EPERM));
		add((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data, nr)));
	} else if (strcmp(what, "seccomp") == 0) {
		refuse(SYS_seccomp, ENOSYS);
	} else {
		return 2;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct sock_fprog program = { 0, code };
	int i = 1;

	add((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					 offsetof(struct seccomp_data, nr)));
	for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (take(argv[i]) != 0)
			return 2;
	}
	add((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
	program.len = code_len;
	if (i + 1 >= argc || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
		perror("take_walls");
		return 2;
	}
	execv(argv[i + 1], argv + i + 1);
	perror(argv[i + 1]);
	return 2;
}
