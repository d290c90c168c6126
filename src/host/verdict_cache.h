/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict cache: a file in which nothing was found and that has not changed since need
 * not be read again by the same rules.
 *
 * A finding is never remembered. What was `incomplete` for reasons of its own is, with
 * notes that say what was not looked at, and is told as such again. A file is known by
 * its volume (host/volume.h), inode, size, ctime, mtime and time of birth: the owner can
 * set mtime, but not ctime. What it was looked at with are texts, the *terms*: one for the
 * engine and the settings, and one for each segment of rules. Nothing counts but the very
 * same. If all segments are the same but some that are new, then those alone need
 * be asked.
 *
 * Why that is sound. Every change moves the ctime, but for one: a store through a shared
 * mapping into a page that was written to before. So a file is remembered only if nobody
 * had it open for writing (a mapping keeps it open) both before and after it was looked
 * at, and its facts were the same both times. Who opens it later moves the ctime with
 * the first store, and the entry no longer fits. A change within the step of the file
 * system's clock could keep the ctime: so it must be older than two seconds by then.
 *
 * Out of reach is who can write to the disk beside the file system, or set the clock:
 * root. Therefore, and because a program can be wrong, entries end after weeks, one in a
 * thousand of those older than an hour is looked at again all the same, and if something
 * is found there, all of them are forgotten.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/status.h"
#include "host/target.h"
#include "host/verdict_file.h"

/* Other terms that are in the file, and of which ours have all, and more. */
struct verdict_part {
	uint32_t terms;
	uint32_t known; /* which of our segments they have: one bit for each */
};

/*
 * What a segment's text begins with if no rule finds less because of it: what is clean with
 * it is clean without it, too.
 */
#define VERDICT_ADDS "adds "

/* What verdicts are made with; the texts are borrowed, none may be empty. */
struct verdict_terms {
	struct slice engine; /* and the settings */
	const struct slice *segments;
	size_t segment_count; /* at most 32 */
	/*
	 * May the segments that are not `known` be asked alone, for what is clean by those?
	 * Rules may decide what others are asked of. NULL: never.
	 */
	bool (*is_separable)(void *context, uint32_t known);
	void *context;
};

struct verdict_cache {
	int folder;  /* -1: there is none that can be used */
	char *terms; /* as they are written in the file */
	size_t terms_len;
	struct verdict_terms with;
	struct verdict_file file;
	uint32_t terms_number;                        /* in the file … */
	bool has_terms;                               /* … if they are there */
	struct verdict_part parts[VERDICT_TERMS_MAX]; /* those with most segments first */
	size_t part_count;
	uint64_t salt; /* which entries are looked at all the same */
	struct verdict_fresh
		*fresh; /* not yet in the file; their notes are the cache's */
	size_t fresh_count, fresh_max;
	bool is_wrong; /* it was said to be: all is forgotten */
};

/* What is known of a file. */
enum verdict_memory {
	MEMORY_NONE,  /* nothing */
	MEMORY_CLEAN, /* nothing was found, and it has not changed */
	/* the same, but not all of it was looked at: what was not is in the notes */
	MEMORY_INCOMPLETE,
	/* one of both, but it is its turn to be looked at all the same */
	MEMORY_DOUBTED,
	MEMORY_PART, /* it was clean by some of the segments */
};

/*
 * Opens the cache in a folder, which may be NULL and is made if it is not there. Without
 * one that the effective user alone can write to, nothing is known and nothing kept.
 *   OK
 *   NO_MEMORY
 */
MUST_CHECK enum status verdict_cache_open(struct verdict_cache *cache, const char *folder,
					  const struct verdict_terms *terms);

/* Writes what is new. */
void verdict_cache_close(struct verdict_cache *cache);

/* More than that is known of it. */
struct verdict_recalled {
	uint32_t objects; /* CLEAN, INCOMPLETE: that were in it, itself among them */
	struct slice
		notes;  /* INCOMPLETE: as they were given; until the cache is told more */
	uint32_t known; /* PART: the segments that need not be asked, one bit for each */
};

/* `volume` 0: of a file system of which nothing is remembered. */
enum verdict_memory verdict_cache_recall(const struct verdict_cache *cache,
					 uint64_t volume,
					 const struct target_facts *facts,
					 struct verdict_recalled *out);

/* What there is to remember. */
struct verdict_news {
	uint32_t objects;
	/* What was not looked at, in words of the caller's; empty: it is clean. */
	struct slice notes;
};

/*
 * Nothing was found in it, and all that the comment above asks for was seen. Facts that
 * are too young, and notes that are too long, are not taken.
 */
void verdict_cache_add(struct verdict_cache *cache, uint64_t volume,
		       const struct target_facts *facts, const struct verdict_news *news);

/* Something was found in a file that was said to have nothing: nothing of it is believed. */
void verdict_cache_forget(struct verdict_cache *cache);

/*
 * Has nobody the file of an open descriptor (O_RDONLY) open for writing? Asked by taking
 * a lease and giving it back at once; SIGIO must be ignored.
 *   OK           nobody has
 *   CHANGED      somebody has
 *   UNSUPPORTED  not to be known: another's file, a system without leases
 */
MUST_CHECK enum status verdict_cache_probe(int fd);
