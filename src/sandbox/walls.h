/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walls around a process that looks at hostile bytes. Not every kernel can
 * raise all of them; which ones stand is a value that is sent, printed and
 * tested, never a guess.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum wall {
	WALL_UID, /* an unprivileged id of its own (only where the scan was started by root) */
	WALL_USER,         /* user namespace: root in there is nobody out here */
	WALL_NET,          /* network namespace: no interface, no route */
	WALL_MOUNT,        /* mount namespace with an empty root */
	WALL_PID,          /* pid namespace of its own: sees no other process */
	WALL_IPC,          /* System V and POSIX message queues of its own */
	WALL_UTS,          /* host name of its own */
	WALL_CAPS,         /* no capability, effective or to be had */
	WALL_NO_PRIVS,     /* no_new_privs: no set-uid program helps */
	WALL_LIMITS,       /* resource limits */
	WALL_LANDLOCK,     /* no file may be opened */
	WALL_LANDLOCK_NET, /* no TCP (landlock ABI 4) */
	WALL_LANDLOCK_SCOPE, /* no abstract socket and no signal to the outside (landlock ABI 6) */
	WALL_SECCOMP, /* the list of system calls; without it nothing is scanned */
};

enum { WALL_COUNT = WALL_SECCOMP + 1 };

struct walls {
	uint32_t raised;       /* one bit for each enum wall */
	uint32_t missing;      /* asked for, and refused by this kernel or its settings */
	int cause[WALL_COUNT]; /* errno of the refusal, for the missing ones */
	int landlock_abi;      /* what the kernel offers; 0: none */
};

/* "user namespace", "landlock" …; never NULL. */
const char *wall_name(enum wall wall);

/* What is lost without it, in one line for people; never NULL. */
const char *wall_meaning(enum wall wall);

void walls_raise(struct walls *walls, enum wall wall);
void walls_miss(struct walls *walls, enum wall wall, int cause);
bool walls_has(const struct walls *walls, enum wall wall);
