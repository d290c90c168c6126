/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a walk (host/walk.h) hands out: a file opened for reading, or a note why
 * there is none.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/reason.h"
#include "base/slice.h"
#include "host/position.h"
#include "host/target.h"

struct walk;

enum walk_kind {
	WALK_FILE,       /* a regular file, opened */
	WALK_UNREADABLE, /* the system refused a file or directory: `error` */
	WALK_NO_ANSWER,  /* its file system did not answer in time */
	WALK_LOOP, /* a directory that is its own ancestor (bind mount): not entered */
	WALK_LEFT_OUT, /* a mount that is not entered: `file_system` */
	WALK_SPECIAL,  /* FIFO, socket or device: `facts.mode` says which */
	WALK_SYMLINK,  /* a symbolic link in a tree */
	/* matched by an exclude pattern (a directory: all that is in it) */
	WALK_EXCLUDED,
	WALK_VANISHED, /* was gone when it was its turn */
};

enum { WALK_KIND_COUNT = WALK_VANISHED + 1 };

struct walk_item {
	enum walk_kind kind;
	/* an argument itself (or a line of the list): a failure is an error */
	bool is_root;
	bool is_copy; /* FILE: `fd` is a copy; `facts` are those of the original */
	bool is_cut;  /* FILE: the copy ends before the file does: incomplete (size) */
	bool has_changed; /* FILE: it changed while it was copied: incomplete (changed) */
	bool is_known;    /* FILE: walk_options.knows said so: no descriptor */
	int fd;           /* FILE: O_RDONLY, read it with pread; else -1 */
	int error;        /* UNREADABLE: an errno */
	struct slice path; /* any bytes; a NUL follows them. "-" for standard input */
	size_t below;      /* where in `path` the part below the root begins */
	uint64_t root;     /* number of the root */
	uint64_t volume;   /* FILE: host/volume.h; 0: nothing of it is remembered */
	uint64_t size;     /* FILE: bytes readable from `fd` (look_only: the size) */
	struct target_facts facts; /* FILE; SPECIAL: `mode` alone; else zeros */
	struct extent *extents;    /* FILE: where its data lies; NULL: everywhere */
	size_t extent_count;
	char file_system[32]; /* NO_ANSWER, LEFT_OUT: its type; "" if unknown */
};

/* Closes and frees what the item owns; take `fd` out with steal_fd() to keep it. */
void walk_item_clear(struct walk_item *item);

/* The item's place, pointing into the item's path. */
struct position walk_item_position(const struct walk_item *item);

/* Was the file written to since it was opened? To be asked when its scan is done. */
bool walk_item_changed(const struct walk_item *item);

/* Does the kind make the scan `incomplete`, and for which reason? */
MUST_CHECK bool walk_kind_reason(enum walk_kind kind, enum reason *out);

/*
 * Why there is no file, in a few words for people ("Permission denied"), with a NUL; ""
 * for WALK_FILE. May hold any bytes (types of file systems): escape it like a path.
 */
void walk_item_explain(const struct walk *walk, const struct walk_item *item,
		       char *buffer, size_t size);
