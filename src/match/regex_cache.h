/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compiled regular expressions, kept from one object to the next: of many small files with
 * the same trigger none but the first pays for compiling. Bounded in number and memory;
 * what was not used for longest goes first.
 *
 * What is kept depends on the rules' text alone, never on an object: it is only read, and
 * steps are charged as if it had been compiled anew, so that no object's fate hangs on what
 * came before it. Belongs to one thread, and lives as long as its process scans.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "match/regex.h"

enum { REGEX_CACHE_SLOTS = 256, REGEX_CACHE_BYTES = 2 << 20 };

struct regex_slot {
	struct arena memory; /* of all below */
	void *code;          /* PCRE2's; NULL: an empty slot */
	struct slice text;
	unsigned flags;
	uint64_t hash;
	uint64_t used; /* by the cache's clock */
	size_t bytes;
};

struct regex_cache {
	struct regex_slot slots[REGEX_CACHE_SLOTS];
	size_t bytes_max;
	size_t bytes; /* of all slots */
	uint64_t clock;
	uint64_t compiled; /* so often an expression was not there, … */
	uint64_t found;    /* … and so often it was */
	/* where PCRE2 takes memory for what it is doing now: a code knows this place */
	struct arena *arena;
};

/* Takes no memory until something is kept. */
void regex_cache_init(struct regex_cache *cache, size_t bytes_max);

void regex_cache_clear(struct regex_cache *cache);

/* The code kept for the expression, or NULL. Valid until the next is kept. */
void *regex_cache_find(struct regex_cache *cache, const struct regex *regex);

/*
 * An empty slot for a code of so many bytes, with the expression's text in it; others give
 * way. It counts once its `code` is set. NULL: too large, or no memory.
 */
struct regex_slot *regex_cache_slot(struct regex_cache *cache, const struct regex *regex,
				    size_t code_bytes);
