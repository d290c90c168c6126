/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who and where: the user id, and the namespaces that a process sees.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "sandbox/walls.h"

/* Debian's nobody and nogroup: owns nothing, and exists in every container. */
enum { SANDBOX_UID = 65534, SANDBOX_GID = 65534 };

/*
 * For a process with one thread. Takes what it can get of: own user id (where
 * it is root), network, mount (with an empty root), ipc, host name and user
 * namespaces; raises the walls or puts them down as missing. Afterwards the
 * process may hold capabilities, but over its own namespaces only; where user
 * namespaces are not to be had, root keeps CAP_SYS_ADMIN for sandbox_fork().
 */
void namespaces_enter(struct walls *walls);

/* fork() into a pid namespace of its own, or without one, put down as missing. -1 with errno. */
pid_t namespaces_fork(struct walls *walls);
