/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which paths clamscan scans: arguments or the lines of a list, what is in folders, the
 * four expressions that leave paths out, symbolic links that are followed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "clamscan_report.h"

/* Paths as arguments: text of our own. */
struct clamscan_roots {
	char **list;
	size_t *depths; /* folders that lie above each, counted from its argument */
	size_t count;
};

/* Says what is wrong with an argument, or takes it. "-" is standard input. */
void clamscan_roots_add(struct clamscan_roots *roots, struct clamscan_report *report,
			const char *path);
/* Takes a symbolic link that was met in a tree, if it is to be followed. */
bool clamscan_roots_follow(struct clamscan_roots *roots,
			   const struct clamscan_report *report, struct slice path,
			   size_t depth);
void clamscan_roots_clear(struct clamscan_roots *roots);

/* Is an absolute path left out by an expression? */
bool clamscan_is_excluded(const struct clamscan_options *options, const char *path,
			  bool is_folder);
