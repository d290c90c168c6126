/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A courier goes where one may not come back from. Any call on a network or
 * FUSE file system can wait for ever, and such a wait cannot always be ended,
 * not even by SIGKILL. So a forked process makes those calls and reports over
 * a socket. When a report is overdue, that process is killed and given up,
 * whether it dies or not, and the next errand is run by a new one.
 *
 * The parent itself never touches such a file system: it holds O_PATH
 * descriptors only, whose closing asks nobody, and copies in place of files.
 *
 * A courier is a fork of this program, not locked in: it is there for its
 * patience and does nothing that this process could not.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/status.h"
#include "host/names.h"
#include "host/opener.h"
#include "host/target.h"

enum {
	COURIER_PATH_MAX = 64 * 1024,
	COURIERS_LOST_MAX = 32, /* given up and still not dead; no new one starts then */
};

struct courier;

/*
 * No process is started before the first errand. `*stop` (may be NULL) ends
 * waiting when it is not 0. OK or NO_MEMORY.
 */
MUST_CHECK enum status courier_new(uint32_t answer_ms, const volatile sig_atomic_t *stop,
				   struct courier **out);

/* Never waits. NULL is fine. */
void courier_free(struct courier *courier);

/*
 * All errands end with one of
 *   OK
 *   END        *stop was set
 *   TIME       no answer in time (or too many before had none)
 *   LIMIT      no descriptor is free
 *   NO_MEMORY
 *   IO         the system refused, there or here; errno says why
 */

struct courier_place {
	int fd;              /* O_PATH; -1: there is none */
	bool is_other_mount; /* LOOK_INSIDE met a mount: this is what is mounted there */
	struct target_facts facts; /* valid if `fd` is */
};

/*
 * opener_look() and target_look(). Where LOOK_INSIDE meets a mount, that is
 * looked at with LOOK_ANYWHERE. TIME may come with a place: then the name was
 * found, and asking for its facts was not answered.
 */
MUST_CHECK enum status courier_look(struct courier *courier, int folder, const char *path,
				    enum look_how how, struct courier_place *out);

/* names_read() of the directory behind `path_fd` (O_PATH); what came before a failure is added. */
MUST_CHECK enum status courier_list(struct courier *courier, int path_fd, uint32_t owner,
				    struct names *names);

struct courier_copy {
	int path_fd;    /* O_PATH, of a regular file */
	uint32_t owner; /* uid, for opener_read() */
	int to;         /* from copy_place() */
	uint64_t limit; /* no more bytes than this */
	bool is_endless; /* its size means nothing (kernel files): neither do changes of it */
	bool trust_holes; /* believe the file system where there is no data */
	uint64_t len;     /* out: of the copy */
	bool is_cut;      /* out: the file is longer */
	bool has_changed; /* out: while it was copied */
};

/* Copies a file; progress counts as an answer. */
MUST_CHECK enum status courier_fetch(struct courier *courier, struct courier_copy *copy);
