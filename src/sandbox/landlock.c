/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/landlock.h"

#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/compiler.h"

/* The same numbers on every architecture. */
enum { NR_CREATE_RULESET = 444, NR_RESTRICT_SELF = 446 };
enum { CREATE_RULESET_VERSION = 1 << 0 };

/* struct landlock_ruleset_attr of the kernel; older ones take a shorter one. */
struct ruleset {
	uint64_t files;
	uint64_t net;
	uint64_t scope;
};

enum {
	NET_BIND_TCP = 1 << 0,
	NET_CONNECT_TCP = 1 << 1,
	SCOPE_ABSTRACT_SOCKET = 1 << 0,
	SCOPE_SIGNAL = 1 << 1,
};

/* What came with which version of landlock. */
static const struct {
	int abi;
	struct ruleset governs; /* all that this version governs */
	size_t size;            /* of the struct as this version knows it */
} versions[] = {
	/* execute, write, read, list, remove (2), make (7) */
	{ 1, { 0x1fff, 0, 0 }, offsetof(struct ruleset, net) },
	{ 2,
	  { 0x3fff, 0, 0 },
	  offsetof(struct ruleset, net) }, /* + rename and link elsewhere */
	{ 3, { 0x7fff, 0, 0 }, offsetof(struct ruleset, net) }, /* + truncate */
	{ 4,
	  { 0x7fff, NET_BIND_TCP | NET_CONNECT_TCP, 0 },
	  offsetof(struct ruleset, scope) },
	{ 5,
	  { 0xffff, NET_BIND_TCP | NET_CONNECT_TCP, 0 }, /* + ioctl of devices */
	  offsetof(struct ruleset, scope) },
	{ 6,
	  { 0xffff, NET_BIND_TCP | NET_CONNECT_TCP,
	    SCOPE_ABSTRACT_SOCKET | SCOPE_SIGNAL },
	  sizeof(struct ruleset) },
};

static void miss_all(struct walls *walls, int cause);

void landlock_lock(struct walls *walls)
{
	long abi = syscall(NR_CREATE_RULESET, NULL, 0, CREATE_RULESET_VERSION);
	size_t version = 0;

	if (abi < 1) {
		miss_all(walls, errno);
		return;
	}
	walls->landlock_abi = (int)abi;
	while (version + 1 < ARRAY_LEN(versions) && versions[version + 1].abi <= abi)
		version++;

	const struct ruleset *governs = &versions[version].governs;
	AUTO_CLOSE int fd = (int)syscall(NR_CREATE_RULESET, governs,
					 versions[version].size, 0);
	if (fd < 0 || syscall(NR_RESTRICT_SELF, fd, 0) != 0) {
		miss_all(walls, errno);
		return;
	}
	walls_raise(walls, WALL_LANDLOCK);
	if (governs->net)
		walls_raise(walls, WALL_LANDLOCK_NET);
	else
		walls_miss(walls, WALL_LANDLOCK_NET, ENOSYS);
	if (governs->scope)
		walls_raise(walls, WALL_LANDLOCK_SCOPE);
	else
		walls_miss(walls, WALL_LANDLOCK_SCOPE, ENOSYS);
}

static void miss_all(struct walls *walls, int cause)
{
	walls_miss(walls, WALL_LANDLOCK, cause);
	walls_miss(walls, WALL_LANDLOCK_NET, cause);
	walls_miss(walls, WALL_LANDLOCK_SCOPE, cause);
}
