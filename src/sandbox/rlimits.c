/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/rlimits.h"

#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>

/* Deep enough for every library here; our own code keeps the stack flat. */
enum { STACK_BYTES = 8 * 1024 * 1024 };

/* Values that are no constants are said by the caller. */
enum amount { NOTHING, STACK, MEMORY, FILE_SIZE, DESCRIPTORS };

static const struct {
	int resource;
	enum amount amount;
} table[] = {
	/* Not RLIMIT_AS: that counts the mapped database, which all workers share. */
	{ RLIMIT_DATA, MEMORY },        { RLIMIT_STACK, STACK },
	{ RLIMIT_FSIZE, FILE_SIZE },    /* the spool, or the segment */
	{ RLIMIT_NOFILE, DESCRIPTORS }, /* one batch of files and no more */
	{ RLIMIT_CORE, NOTHING },       /* a dump would carry the files it looked at */
	{ RLIMIT_NPROC, NOTHING },      /* no process, no thread */
	{ RLIMIT_MEMLOCK, NOTHING },    /* pins nothing */
	{ RLIMIT_MSGQUEUE, NOTHING },   { RLIMIT_SIGPENDING, NOTHING },
	{ RLIMIT_RTPRIO, NOTHING }, /* takes no CPU from others */
	{ RLIMIT_NICE, NOTHING },
};

static rlim_t value_of(enum amount amount, const struct rlimits *limits);

bool rlimits_lock(const struct rlimits *limits)
{
	/* At the limit a write is to fail, not to kill: the spool says so then. */
	if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR)
		return false;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct rlimit old;
		rlim_t value = value_of(table[i].amount, limits);

		if (getrlimit((__rlimit_resource_t)table[i].resource, &old) != 0)
			return false;
		/* Whoever started us may have allowed less already. */
		if (old.rlim_max != RLIM_INFINITY && old.rlim_max < value)
			value = old.rlim_max;
		const struct rlimit now = { value, value };
		if (setrlimit((__rlimit_resource_t)table[i].resource, &now) != 0)
			return false;
	}
	return true;
}

static rlim_t value_of(enum amount amount, const struct rlimits *limits)
{
	switch (amount) {
	case NOTHING:
		return 0;
	case STACK:
		return STACK_BYTES;
	case MEMORY:
		return limits->memory_bytes;
	case FILE_SIZE:
		return limits->file_bytes;
	case DESCRIPTORS:
		return limits->descriptors;
	}
	return 0;
}
