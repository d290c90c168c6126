/* SPDX-License-Identifier: Apache-2.0 */
/*
 * So that a scan which was interrupted, by a signal or by the power, can be
 * gone on with: how far it got is written down when it stops, and every half
 * minute. Possible for paths that are given as such; not for standard input
 * or a list of paths.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "command.h"
#include "host/catalog.h"
#include "host/frontier.h"
#include "host/resume.h"
#include "host/tally.h"
#include "host/target.h"

struct resumption {
	bool is_possible;
	bool has_key; /* it takes OpenSSL, so it is made when it is needed */
	char *folder;
	struct resume_key key;
	struct frontier *frontier;
	uint64_t saved_ms;
	char *text;            /* what `start` points into */
	struct position start; /* where to go on */
	bool is_resumed;
	bool is_saved; /* there is a file to be removed at the end */
	int mark_fd;   /* that file, once it was written */
	const struct invocation *invocation;
	const struct catalog *catalog;
};

/* Are the paths all given, so that they can be walked a second time? */
bool resumption_is_possible(const struct invocation *invocation);

/* `state` may be NULL: then nothing can be kept. */
void resumption_init(struct resumption *resumption, const struct invocation *invocation,
		     const struct catalog *catalog, const char *state);
void resumption_clear(struct resumption *resumption);

/*
 * Takes up what an earlier run left: sets `start`, `is_resumed` and the tally.
 * That there is nothing, or nothing that fits, is said and is no error; false if
 * there is something that cannot be read.
 */
MUST_CHECK bool resumption_take(struct resumption *resumption, struct tally *tally);

/* A part of the walk begins; NULL if nobody keeps account. */
struct frontier_part *resumption_issue(struct resumption *resumption, struct position at);
void resumption_finish(struct resumption *resumption, struct frontier_part *part,
		       const struct tally *tally);

/* Writes down how far it got, if that was not done lately. */
void resumption_tick(struct resumption *resumption, uint64_t now_ms);

/* The same now. True if it can be gone on with. */
bool resumption_save(struct resumption *resumption);

/* Is this the file that it is written down in? Scanning that says nothing. */
bool resumption_is_mark(const struct resumption *resumption,
			const struct target_facts *facts);

/* The scan is complete: there is nothing to go on with. */
void resumption_end(struct resumption *resumption);
