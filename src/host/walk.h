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
#include "base/status.h"
#include "host/position.h"
#include "host/walk_item.h"

struct ignore;
struct walk;

enum {
	WALK_DIRECTORIES_OPEN = 64,
	WALK_PATH_MAX = 256 * 1024, /* bytes of a path; what lies deeper is unreadable */
	WALK_ANSWER_MS = 10000,     /* default of answer_ms */
};

struct walk_options {
	const char *const *roots; /* files, directories; "-" is standard input */
	size_t root_count;
	int list_fd;          /* more roots, one a line, follow those above; -1: none */
	char list_separator;  /* what ends a line of the list: '\n' or '\0' */
	bool one_file_system; /* do not enter other file systems */
	bool look_only;       /* open and read no file: no descriptors, only facts */
	const struct ignore *excludes; /* may be NULL */
	/*
	 * Is a name in a tree to be left out, beside the excludes? `below` is where in
	 * `path` the part below the root begins. May be NULL.
	 */
	bool (*leaves_out)(void *context, struct slice path, size_t below,
			   bool is_directory);
	void *leaves_out_context;
	/*
	 * Need a file of these facts not be opened? `volume`: host/volume.h; never asked
	 * where that is 0. May be NULL.
	 */
	bool (*knows)(void *context, uint64_t volume, const struct target_facts *facts);
	void *knows_context;
	uint32_t answer_ms;      /* how long one answer may take; 0: WALK_ANSWER_MS */
	uint64_t copy_bytes_max; /* of a copy; 0: 16 GiB. What is longer is cut */
	const struct position *start;      /* go on behind this place; may be NULL */
	const volatile sig_atomic_t *stop; /* not 0: end the walk; may be NULL */
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

/* What was met so far. */
const struct walk_counts *walk_counts(const struct walk *walk);

/* How long one answer may take. */
uint32_t walk_answer_ms(const struct walk *walk);
