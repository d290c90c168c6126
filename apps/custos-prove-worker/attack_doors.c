/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same kernel by other doors: where a list that looks at numbers alone
 * would be passed by.
 */
#include "attack.h"

#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#if defined(__x86_64__)
/* getpid() as programs of x32 call it. */
static int run_x32(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(0x40000000L | SYS_getpid));
}

/* getpid() as programs of i386 call it: 20, there. */
static int run_int80(const struct stage *stage)
{
	long result = 20;

	(void)stage;
	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 :
			 : "memory", "r8", "r9", "r10", "r11");
	if (result < 0) {
		errno = (int)-result;
		return errno;
	}
	return 0;
}

/* gettimeofday() at its fixed address of old. */
static int run_vsyscall(const struct stage *stage)
{
	struct timeval now;
	long (*call)(struct timeval *,
		     void *) = (long (*)(struct timeval *, void *))0xffffffffff600000UL;

	(void)stage;
	return attack_result(call(&now, NULL));
}
#endif

/* A number that no kernel has yet: nobody can say what it will do. */
static int run_unknown(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(1000));
}

const struct attack attacks_by_other_doors[] = {
#if defined(__x86_64__)
	{ "x32 system call", "be another architecture", run_x32, { 0 } },
	{ "int 0x80", "be another architecture", run_int80, { 0 } },
	{ "vsyscall", "make a call without making one", run_vsyscall, { 0 } },
#endif
	{ "call 1000", "use what only tomorrow's kernels have", run_unknown, { ENOSYS } },
	{ NULL, NULL, NULL, { 0 } },
};
