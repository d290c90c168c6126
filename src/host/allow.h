/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The allow list: findings that somebody has looked at and wants to hear no
 * more of, for one object or any, for one rule or any, with a reason and
 * perhaps an end. It acts on the rules of every source.
 *
 * A text file in the state folder, one entry a line, tabs between the fields:
 *
 *	sha256 (64 hex digits) or *
 *	rule: its name, source:name, or *
 *	until: a UTC date (2026-12-31, its last second included) or never
 *	added: a UTC date
 *	reason: any text without tabs
 *
 * Lines that begin with # are comments. A line that is not of this form
 * allows nothing, is kept as it is, and is told of.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"

enum { ALLOW_SHA256_LEN = 32 };

struct allow_entry {
	bool any_object;
	uint8_t sha256[ALLOW_SHA256_LEN]; /* unless any_object */
	char *rule;                       /* NULL: any */
	time_t until; /* the first moment it holds no more; 0: never ends */
	time_t added;
	char *reason; /* never NULL */
	unsigned line;
	bool is_system; /* of the system's list, not the caller's own */
};

struct allow {
	struct allow_entry *entries;
	size_t count;
	size_t bad_lines;
};

/* The rule that an entry is asked about. */
struct allow_rule {
	struct slice source;
	struct slice name;
};

/*
 * Adds the list of a state folder to *allow (all zeros at first).
 *   OK       also when there is no list
 *   CHANGED  others may write to it: not believed
 *   LIMIT    larger than 64 MiB
 *   NO_MEMORY, IO
 */
MUST_CHECK enum status allow_load(struct allow *allow, const char *folder,
				  bool is_system);
void allow_clear(struct allow *allow);

/*
 * The first entry that holds at `now` and allows `rule` in the object with this
 * digest (NULL: unknown, only entries for any object can fit), or NULL.
 */
const struct allow_entry *allow_find(const struct allow *allow, const uint8_t *sha256,
				     struct allow_rule rule, time_t now);

/* Is there an entry for some object that could allow this rule, were its digest known? */
bool allow_wants_digest(const struct allow *allow, struct allow_rule rule, time_t now);

/*
 * Writes an entry behind those that are there, at once and for good; `folder`
 * is made if need be.
 *   OK
 *   MALFORMED  the rule or the reason has a control character in it
 *   as allow_load() otherwise
 */
MUST_CHECK enum status allow_add(const char *folder, const struct allow_entry *entry);

/* Removes lines by their numbers; all others stay as they are. As allow_load(). */
MUST_CHECK enum status allow_remove(const char *folder, const unsigned *lines,
				    size_t count);

/* "2026-12-31" as the moment that day begins, UTC; false if that is no date. */
MUST_CHECK bool allow_parse_date(const char *text, time_t *out);
