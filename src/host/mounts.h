/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is mounted, and what may be expected of it. Read from
 * /proc/self/mountinfo, whose form is that of proc(5):
 *
 *	36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
 *	id parent    root point options optional…    type source    super options
 *
 * Blanks, newlines and backslashes inside a field are written as \ooo.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"

enum mount_class {
	MOUNT_LOCAL,   /* the kernel alone answers, from memory or a disk */
	MOUNT_DISTANT, /* a server or a user's program answers, or does not */
	MOUNT_KERNEL,  /* no files: a view of the kernel. Reading may block or act */
	MOUNT_TRIGGER, /* autofs: looking at it mounts something */
};

enum { MOUNT_TYPE_LEN = 31 };

struct mount {
	int id;
	int parent;                    /* id of the mount it is mounted on */
	struct slice point;            /* absolute path, of any bytes */
	char type[MOUNT_TYPE_LEN + 1]; /* any bytes but NUL; cut, if longer */
	enum mount_class class;
};

struct mounts {
	struct mount *list; /* as in the file: what covers another comes after it */
	size_t count;
	char *text; /* what `point` refers to */
};

/* What is to be expected of a file system of this type ("ext4", "fuse.sshfs"). */
enum mount_class mount_class_of(const char *type);

/* Do programs of users stand behind this type? Then nothing it says can be relied on. */
bool mount_is_fuse(const char *type);

/*
 * Reads the table of this process.
 *   OK         with nothing in it, if there is no /proc
 *   NO_MEMORY
 *   IO         it cannot be read; errno says why
 */
MUST_CHECK enum status mounts_read(struct mounts *out);

/* The same from text. Lines that are not of the form above are passed over. */
MUST_CHECK enum status mounts_parse(struct slice text, struct mounts *out);

void mounts_clear(struct mounts *mounts);

/* NULL if there is none with this id. */
const struct mount *mounts_find(const struct mounts *mounts, int id);

/* What an absolute path lies on, by its text alone: links may lead elsewhere. NULL: unknown. */
const struct mount *mounts_guess(const struct mounts *mounts, struct slice path);

/* Is there one that may not answer, or that acts on being looked at? */
bool mounts_have_distant(const struct mounts *mounts);

/*
 * The next mount at or behind *index that holds files and lies, over any number
 * of other mounts that do not, inside `outer`. Its path below `outer` goes to
 * *ret_below; *index is set behind it. False: no more.
 */
MUST_CHECK bool mounts_next_inside(const struct mounts *mounts, const struct mount *outer,
				   size_t *index, struct slice *ret_below);

/*
 * The id of the mount that an open descriptor (O_PATH will do) is on. Asks the
 * kernel alone, never the file system, so it cannot hang.
 *   OK
 *   IO  there is no /proc
 */
MUST_CHECK enum status mount_id_of_fd(int fd, int *out);
