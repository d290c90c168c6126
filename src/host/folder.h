/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where custos keeps what it knows: the state folder (allow entries,
 * interrupted scans, later rule sets) and the cache (compiled rules; may be
 * removed at any time). Root's are the system's; everybody else has their own,
 * by the XDG rules.
 *
 * Also how a file there is believed and replaced.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"

#define FOLDER_SYSTEM_STATE "/var/lib/custos"
#define FOLDER_SYSTEM_CACHE "/var/cache/custos"
#define FOLDER_LOCAL_RULES "/etc/custos/rules.d"

/* `setting` if it is not NULL, else the default; free() it. NULL: there is no home. */
char *folder_state(const char *setting);
char *folder_cache(const char *setting);

/*
 * Makes the folder, and those above it where they are missing, with `mode`.
 *   OK   it is there
 *   IO   errno says why it is not
 */
MUST_CHECK enum status folder_make(const char *path, mode_t mode);

/*
 * Opens it if nobody but the effective user can change what is in it.
 *   OK       *ret_fd is the caller's
 *   END      there is none
 *   CHANGED  others own it or may write to it: not to be believed
 *   IO       errno says why
 */
MUST_CHECK enum status folder_open_private(const char *path, int *ret_fd);

/*
 * Reads a text of ours whole, with a NUL behind it; free() *ret_text.
 *   OK
 *   END        there is none
 *   CHANGED    it is not a regular file of root or the effective user, or others may
 *              write to it: not to be believed
 *   LIMIT      longer than `size_max`
 *   NO_MEMORY, IO
 */
MUST_CHECK enum status folder_read(int folder_fd, const char *name, size_t size_max,
				   char **ret_text, size_t *ret_len);

/*
 * Replaces it: readers see the old text or the new one, whole, also after a
 * power cut.  OK, IO (errno says why; the old text is still there).
 */
MUST_CHECK enum status folder_replace(int folder_fd, const char *name, struct slice text,
				      mode_t mode);
