/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/walls.h"

#include <assert.h>

static const struct {
	const char *name;
	const char *meaning;
} walls_table[WALL_COUNT] = {
	[WALL_UID] = { "own user id",
		       "a captured worker has the user id of whoever started the scan" },
	[WALL_USER] = { "user namespace",
			"a captured worker's user id means the same inside and outside" },
	[WALL_NET] = { "network namespace", "only the system call list keeps a captured "
					    "worker off the network" },
	[WALL_MOUNT] = { "empty root", "only landlock and the system call list keep "
				       "files out of reach" },
	[WALL_PID] = { "pid namespace",
		       "a captured worker could name other processes, if a call let it" },
	[WALL_IPC] = { "ipc namespace",
		       "only the system call list keeps shared memory and queues away" },
	[WALL_UTS] = { "host name namespace",
		       "a captured worker could learn the host's name" },
	[WALL_CAPS] = { "no capabilities", "a captured worker holds capabilities" },
	[WALL_NO_PRIVS] = { "no new privileges",
			    "set-uid programs would keep their power" },
	[WALL_LIMITS] = { "resource limits", "a captured worker can use more memory and "
					     "disk than it is given" },
	[WALL_LANDLOCK] = { "landlock", "only the empty root and the system call list "
					"keep files out of reach" },
	[WALL_LANDLOCK_NET] = { "landlock, TCP", "only the network namespace and the "
						 "system call list stand there" },
	[WALL_LANDLOCK_SCOPE] = { "landlock, signals", "only the pid namespace and the "
						       "system call list stand there" },
	[WALL_SECCOMP] = { "system call list", "nothing is scanned without it" },
};

const char *wall_name(enum wall wall)
{
	assert((unsigned)wall < WALL_COUNT);
	return walls_table[wall].name;
}

const char *wall_meaning(enum wall wall)
{
	assert((unsigned)wall < WALL_COUNT);
	return walls_table[wall].meaning;
}

void walls_raise(struct walls *walls, enum wall wall)
{
	uint32_t bit = UINT32_C(1) << wall;

	walls->raised |= bit;
	walls->missing &= ~bit;
	walls->cause[wall] = 0;
}

void walls_miss(struct walls *walls, enum wall wall, int cause)
{
	uint32_t bit = UINT32_C(1) << wall;

	walls->raised &= ~bit;
	walls->missing |= bit;
	walls->cause[wall] = cause;
}

bool walls_has(const struct walls *walls, enum wall wall)
{
	return (walls->raised >> wall) & 1;
}
