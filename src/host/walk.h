/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk: finds what is to be scanned and opens it. Runs in the parent, which
 * pulls one item after the other and hands the descriptors on.
 *
 * Every name that is met, and not entered as a directory, becomes one item: a
 * file opened for reading, or a note why there is none. Nothing is silently
 * left out. The order is the same on every run (host/position.h).
 *
 * - Nothing but a regular file is ever opened: its kind is asked through an
 *   O_PATH descriptor first. Symbolic links are followed only as arguments.
 * - File systems that may not answer (network, FUSE) and those of the kernel
 *   are touched by another process alone (host/courier.h), with a deadline;
 *   the file comes back as a copy. Such an item's descriptor never blocks.
 * - Memory: the names of the directories on the way to the current place.
 *   Descriptors: at most WALK_DIRECTORIES_OPEN and a handful.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/reason.h"
#include "base/slice.h"
#include "base/status.h"
#include "host/position.h"
#include "host/target.h"

struct ignore;
struct walk;

enum {
	WALK_DIRECTORIES_OPEN = 64,
	WALK_PATH_MAX = 256 * 1024, /* bytes of a path; what lies deeper is unreadable */
	WALK_ANSWER_MS = 10000,     /* default of answer_ms */
};

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

struct walk_options {
	const char *const *roots; /* files, directories; "-" is standard input */
	size_t root_count;
	int list_fd;          /* more roots, one a line, follow those above; -1: none */
	char list_separator;  /* what ends a line of the list: '\n' or '\0' */
	bool one_file_system; /* do not enter other file systems */
	bool look_only;       /* open no file: items have facts, but no descriptor */
	const struct ignore *excludes; /* may be NULL */
	uint32_t answer_ms;      /* how long one answer may take; 0: WALK_ANSWER_MS */
	uint64_t copy_bytes_max; /* of a copy; 0: 16 GiB. What is longer is cut */
	const char *temp_folder; /* where large copies go; NULL: $TMPDIR or /var/tmp */
	const struct position *start;      /* go on behind this place; may be NULL */
	const volatile sig_atomic_t *stop; /* not 0: end the walk; may be NULL */
};

struct walk_item {
	enum walk_kind kind;
	/* an argument itself (or a line of the list): a failure is an error */
	bool is_root;
	bool is_copy; /* FILE: `fd` is a copy; `facts` are those of the original */
	bool is_cut;  /* FILE: the copy ends before the file does: incomplete (size) */
	bool has_changed; /* FILE: it changed while it was copied: incomplete (changed) */
	int fd;           /* FILE: O_RDONLY, read it with pread; else -1 */
	int error;        /* UNREADABLE: an errno */
	struct slice path; /* any bytes; a NUL follows them. "-" for standard input */
	size_t below;      /* where in `path` the part below the root begins */
	uint64_t root;     /* number of the root */
	uint64_t size;     /* FILE: bytes readable from `fd` (look_only: the size) */
	struct target_facts facts; /* FILE; SPECIAL: `mode` alone; else zeros */
	struct extent *extents;    /* FILE: where its data lies; NULL: everywhere */
	size_t extent_count;
	char file_system[32]; /* NO_ANSWER, LEFT_OUT: its type; "" if unknown */
};

struct walk_counts {
	uint64_t kind[WALK_KIND_COUNT];
	uint64_t directories; /* entered */
};

/*
 * Starts a walk. What the options point to must outlive it.
 *   OK         *out is to be given to walk_free()
 *   NO_MEMORY
 *   IO         there is no /proc, without which nothing can be opened safely
 */
MUST_CHECK enum status walk_new(const struct walk_options *options, struct walk **out);

/* NULL is fine. Items handed out before stay valid. */
void walk_free(struct walk *walk);

/*
 * The next item, to be given to walk_item_clear().
 *   OK
 *   END        there is no more, or *stop was set
 *   LIMIT      no descriptor is free: close some, then call again; nothing is lost. If
 *              none of the items is open any more, there is no use in waiting
 *   NO_MEMORY  the same place comes again, should it be called again
 *   IO         the list of roots cannot be read; errno says why
 */
MUST_CHECK enum status walk_next(struct walk *walk, struct walk_item *out);

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

/* What was met so far. */
const struct walk_counts *walk_counts(const struct walk *walk);
