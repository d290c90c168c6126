/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files from a walk to the workers, for commands that do nothing else meanwhile. (`scan`
 * has a loop of its own: it shows how far it is, and can go on another day.)
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"
#include "host/walk.h"
#include "scanner.h"

struct feed {
	/*
	 * Looks at an item, and submits it if it is to be scanned. False: no other is
	 * wanted; it has said why.
	 */
	bool (*take)(void *context, struct walk *walk, struct walk_item *item);
	void *context;
	struct walk_counts counts; /* in the end: what the walk met */
};

/*
 * Takes all that the options lead to and waits for it. After an interrupt the rest is
 * not looked at. False: something could not be done, and was said on stderr.
 */
MUST_CHECK bool feed_walk(struct scanner *scanner, const struct walk_options *options,
			  struct feed *feed);

/* Waits for what was submitted; after an interrupt it is cancelled. False: as above. */
MUST_CHECK bool feed_wait(struct scanner *scanner);

/*
 * The job for a file, with its descriptor; `flags` and `user` are for the caller to set.
 * Where its data lies is joined, should it be in more places than a job has.
 */
struct pool_job feed_job(struct walk_item *item);
