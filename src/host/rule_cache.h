/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compiled rules, kept so that the next run need not compile them again.
 *
 * A compiled file is called by a digest over the rule files' names and bytes,
 * the names of their sources, how they are read, and the program that compiled them:
 * `<64 hex>.cseg`. Beside it lies a memo, so that a run which finds the same
 * files untouched (device, inode, size, both times) need not read them to
 * know: `<16 hex>.memo` holds the digest in its first line and, behind it, all
 * that it depends on; only a memo that says exactly the same counts. Files
 * that were written to a moment ago get none: their times may stand still
 * while they change.
 *
 * A compiled file may be a delta: what changed since another one was compiled, whose digest
 * it names (database_delta_base()), and on which it is used. So a change of some lines
 * leaves the large file as it is, until a tenth of it has changed.
 *
 * What nobody used for a month is removed; a large one as soon as the same places (paths
 * of sources, whatever is there now) were compiled anew: ClamAV's rules change every day,
 * and are a gigabyte each time. `<16 hex>.last` says which they were compiled to last, whole,
 * and all that was decided by beside the rule files; `<16 hex>.delta` the same of a delta.
 *
 * The cache is ignored unless it is a folder of mode 0700 of the effective
 * user, and a file in it unless its mode is 0600 and its owner the same.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/status.h"
#include "host/rule_files.h"

struct rule_cache {
	int folder;     /* -1: there is none that can be used */
	char key[65];   /* the digest, once it is known; else empty */
	char memo[32];  /* the memo's file name */
	char *identity; /* what the memo depends on */
	size_t identity_len;
};

/* Opens the cache (making the folder, if it can) for these files. Without one nothing is kept. */
MUST_CHECK enum status rule_cache_open(struct rule_cache *cache, const char *folder,
				       const struct rule_files *files);
void rule_cache_close(struct rule_cache *cache);

/*
 * The compiled form of the files, open for reading.
 *   OK   *ret_fd is the caller's
 *   END  it is not there: compile, then rule_cache_put()
 *   NO_MEMORY, IO (a rule file cannot be read; errno says why)
 */
MUST_CHECK enum status rule_cache_get(struct rule_cache *cache,
				      const struct rule_files *files, int *ret_fd);

/*
 * What the same places were compiled to last, whole, by the same program with the same
 * choices: to build a delta on. *ret_key is its name. -1 if there is none, or too small a
 * one to be worth it.
 */
int rule_cache_last(const struct rule_cache *cache, const struct rule_files *files,
		    char ret_key[65]);

/* Which one a compiled file is a delta of: empty if it is none. */
void rule_cache_base_of(int fd, char ret_key[65]);

/* The compiled file of that name, open for reading; -1. */
int rule_cache_named(const struct rule_cache *cache, struct slice key);

/* A new empty file to compile into; -1 if there is no cache, or no room for it. */
int rule_cache_new(struct rule_cache *cache, const struct rule_files *files);

/*
 * Gives what was compiled its name, unless a rule file changed meanwhile: then false. Failing
 * to is no error: what was compiled is used all the same.
 */
bool rule_cache_put(struct rule_cache *cache, const struct rule_files *files, int fd,
		    bool is_delta);

/* Removes the file of rule_cache_new(): compiling failed. */
void rule_cache_abandon(struct rule_cache *cache);

/* Removes the compiled file: it is damaged. */
void rule_cache_drop(struct rule_cache *cache);
