/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Running code of its own, and having more memory than it is given.
 */
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stddef.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGE = 4096 };

static int result_of_map(long address)
{
	return attack_result(address == (long)(intptr_t)MAP_FAILED ? -1 : 0);
}

static int run_map_exec(const struct stage *stage)
{
	(void)stage;
	return result_of_map(syscall(SYS_mmap, NULL, PAGE, PROT_READ | PROT_EXEC,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static int run_map_write_exec(const struct stage *stage)
{
	(void)stage;
	return result_of_map(syscall(SYS_mmap, NULL, PAGE,
				     PROT_READ | PROT_WRITE | PROT_EXEC,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static int run_map_file_exec(const struct stage *stage)
{
	return result_of_map(syscall(SYS_mmap, NULL, PAGE, PROT_READ | PROT_EXEC,
				     MAP_PRIVATE, stage->read_fd, 0));
}

static int run_protect(const struct stage *stage)
{
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);

	(void)stage;
	if (page == MAP_FAILED)
		return errno;
	return attack_result(
		syscall(SYS_mprotect, page, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC));
}

static int run_pkey(const struct stage *stage)
{
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);

	(void)stage;
	if (page == MAP_FAILED)
		return errno;
	return attack_result(
		syscall(SYS_pkey_mprotect, page, PAGE, PROT_READ | PROT_EXEC, -1));
}

static int run_shared(const struct stage *stage)
{
	(void)stage;
	return result_of_map(syscall(SYS_mmap, NULL, PAGE, PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0));
}

static int run_memfd(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_memfd_create, "prove", 0));
}

/* A touch more than it may have, all of it used. */
static int run_too_much(const struct stage *stage)
{
	const size_t len = (size_t)stage->memory_bytes;
	void *memory = mmap(NULL, len, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return attack_result(memory == MAP_FAILED ? -1 : 0);
}

static int run_shmget(const struct stage *stage)
{
	long id = syscall(SYS_shmget, IPC_PRIVATE, PAGE, 0600);

	(void)stage;
	if (id < 0)
		return errno;
	return attack_result(syscall(SYS_shmctl, id, IPC_RMID, NULL));
}

static int run_msgget(const struct stage *stage)
{
	long id = syscall(SYS_msgget, IPC_PRIVATE, 0600);

	(void)stage;
	if (id < 0)
		return errno;
	return attack_result(syscall(SYS_msgctl, id, IPC_RMID, NULL));
}

static int run_semget(const struct stage *stage)
{
	long id = syscall(SYS_semget, IPC_PRIVATE, 1, 0600);

	(void)stage;
	if (id < 0)
		return errno;
	return attack_result(syscall(SYS_semctl, id, 0, IPC_RMID, 0));
}

static int run_mq(const struct stage *stage)
{
	static const char name[] = "custos-prove";
	long fd = syscall(SYS_mq_open, name, O_RDWR | O_CREAT, 0600, NULL);

	(void)stage;
	if (fd < 0)
		return errno;
	return attack_result(syscall(SYS_mq_unlink, name));
}

static int run_userfault(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_userfaultfd, UFFD_USER_MODE_ONLY));
}

static int run_pin(const struct stage *stage)
{
	(void)stage;
	return attack_result(syscall(SYS_mlockall, 2 /* what comes */));
}

const struct attack attacks_on_memory[] = {
	{ "mmap PROT_EXEC", "have code of its own", run_map_exec, { 0 } },
	{ "mmap W+X", "write code and run it", run_map_write_exec, { 0 } },
	{ "mmap file, PROT_EXEC",
	  "run a file it was given",
	  run_map_file_exec,
	  { EPERM, EACCES } },
	{ "mprotect W+X", "run what it has written", run_protect, { 0 } },
	{ "pkey_mprotect", "run what it has written", run_pkey, { ENOSPC } },
	{ "mmap MAP_SHARED", "share memory", run_shared, { 0 } },
	{ "memfd_create", "have a file of its own", run_memfd, { 0 } },
	{ "mmap, too much", "use up the machine's memory", run_too_much, { 0 } },
	{ "shmget", "share memory with others", run_shmget, { 0 } },
	{ "msgget", "talk to others by a queue", run_msgget, { 0 } },
	{ "semget", "talk to others by a semaphore", run_semget, { 0 } },
	{ "mq_open", "talk to others by a queue", run_mq, { 0 } },
	{ "userfaultfd",
	  "stop the kernel at a place of its choice",
	  run_userfault,
	  { 0 } },
	{ "mlockall", "pin memory", run_pin, { 0 } },
	{ NULL, NULL, NULL, { 0 } },
};
