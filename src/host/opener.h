/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a name becomes a descriptor without anything happening on the way: no
 * device acts, no FIFO blocks, no symbolic link leads astray, no foreign file
 * system is entered unasked. First a look, with O_PATH, which opens nothing;
 * then, for a regular file or a directory only, the opening of what was
 * looked at and of nothing else.
 *
 * All of this asks the file system and waits for it as long as it takes: see
 * host/courier.h for those that may not answer.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/status.h"
#include "host/target.h"

enum look_how {
	LOOK_INSIDE,   /* not into another mount */
	LOOK_ANYWHERE, /* also what is mounted over the name; no automount is set off */
	LOOK_FOLLOW,   /* as a person means it: symbolic links are followed too */
};

/*
 * A descriptor (O_PATH) of `path`, of any length, from the open directory
 * `folder` or AT_FDCWD.
 *   OK
 *   LIMIT    no descriptor is free
 *   IO       the system refused; errno says why. EXDEV: LOOK_INSIDE met a mount
 */
MUST_CHECK enum status opener_look(int folder, const char *path, enum look_how how,
				   int *ret_fd);

/*
 * Opens a directory in `folder` for reading, without a look before: opening
 * one does nothing. As opener_look() with LOOK_INSIDE; ENOTDIR: it is none (a
 * symbolic link neither).
 */
MUST_CHECK enum status opener_directory(int folder, const char *name, int *ret_fd);

/*
 * The folder that names the descriptors of this process (/proc/self/fd; a fork
 * needs its own). A descriptor is opened a second time by that name: nothing
 * can take its place meanwhile.  OK, LIMIT, IO
 */
MUST_CHECK enum status opener_own_fds(int *ret_fd);

/*
 * Opens for reading what an O_PATH descriptor stands for, which must be a
 * regular file or a directory. `owner` is its uid: the access time stays where we
 * may ask for that, as the owner or as root.
 *   OK
 *   LIMIT    no descriptor is free
 *   IO       the system refused; errno says why. EBUSY: another program holds a lease
 */
MUST_CHECK enum status opener_read(int own_fds, int path_fd, uint32_t owner, int *ret_fd);

/* A second descriptor, for reading alone, of an open file of our own. As opener_read(). */
MUST_CHECK enum status opener_read_only(int own_fds, int fd, int *ret_fd);

/* Can LOOK_INSIDE be kept here (openat2, Linux 5.6)? Without it EXDEV is never met. */
bool opener_sees_mounts(void);
