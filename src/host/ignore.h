/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exclude patterns with the meaning they have in a .gitignore file (see
 * gitignore(5)), but given one by one, by the user and never by the tree that
 * is scanned:
 *
 *	name      a file or directory of that name, at any depth
 *	a/b  /a   with a slash at the start or inside: from the root alone
 *	name/     a directory
 *	* ? [a-z] [!a] [[:digit:]]   within one name
 *	** /      as a whole name: any number of directories, none included
 *	!name     not excluded after all; the last pattern that matches decides
 *	\x        x itself
 *
 * As in git, nothing below an excluded directory can be taken back: the walk
 * does not enter it. A class without its ']' matches nothing. Time for one
 * match is at most the length of the pattern times that of the path.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"

struct ignore;

/* An empty list, to be given to ignore_free(). OK or NO_MEMORY. */
MUST_CHECK enum status ignore_new(struct ignore **out);

void ignore_free(struct ignore *ignore);

/*
 * Adds a pattern behind those that are there. The text is copied.
 *   OK
 *   MALFORMED  it can never match: empty, "/" alone, or a class that does not end
 *   NO_MEMORY
 */
MUST_CHECK enum status ignore_add(struct ignore *ignore, struct slice pattern);

/* Is `path`, below the root and without a leading '/', excluded? The empty path never is. */
bool ignore_matches(const struct ignore *ignore, struct slice path, bool is_directory);
