/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file system, as something that can be met again: what is remembered of a file
 * (host/verdict_cache.h) counts only where its number, its times and its inode
 * cannot be made up by those who write the files.
 *
 * - Only systems of this machine's kernel that move a file's ctime with every
 *   change: ext4, XFS, Btrfs, F2FS. Not an overlay (a change of the lower file is
 *   not seen), not what a server or a program of a user answers for, not
 *   file systems without times worth the name (FAT).
 * - A disk that can be taken out, written to elsewhere and put back may say what
 *   it likes about its files. What lies on one is known by its mount, and
 *   forgotten when that ends; only what is built in is known for longer.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

/*
 * What the file system of an open descriptor (O_PATH will do) is known by; `type`
 * is what the table of mounts calls it. False: nothing on it can be remembered.
 */
MUST_CHECK bool volume_of_fd(int fd, const char *type, uint64_t *ret_id);

/* The same for file systems whose disks are listed in another folder than /sys/dev/block. */
MUST_CHECK bool volume_is_built_in(const char *disks, unsigned device_major,
				   unsigned device_minor);
