/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole engine in a test: rules as text, a root as bytes, and what was told
 * of it as lines of text. Ends the program when it has no memory.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "scan/scan.h"

struct rule_text {
	const char *name;   /* "test.ndb": its ending tells the language */
	const char *text;   /* of a catalogue (cat): its bytes, whose length they tell */
	const char *source; /* whose rules these are; NULL: "test" */
};

struct scanning {
	struct scan_limits limits; /* set to the defaults by scanning_open() */
	bool clamav_compat;        /* of scans; rules are read as by custos */
	size_t memory_bytes;       /* of the scan's arena; 256 MiB */
	uint64_t spool_bytes;      /* 0: there is no spool */
	uint64_t now_ms;           /* the clock; it moves by tick_ms at each look */
	uint64_t tick_ms;

	/* What the last scan told: a line "hit PATH RULE" (and "VIEW PATH RULE", where
	 * it was not in the object's bytes), "incomplete PATH REASON",
	 * "object PATH TYPE" or "leave PATH" each; PATH is names joined by "!". */
	char told[1 << 16];
	size_t told_len;
	struct outcome outcome;
	size_t arena_peak_bytes;

	struct database database;
	uint8_t *segment;
	size_t segment_len;
	struct digests digests;
	struct digest_state digest_state;
};

/* Compiles the rule files (an entry without a name ends the list). */
struct scanning *scanning_open(const struct rule_text *files);
void scanning_close(struct scanning *scanning);

/* Scans; the outcome's verdict is returned as a word. */
const char *scanning_run(struct scanning *scanning, const void *bytes, size_t len);

/* Was a line told that is exactly this, or, with a '*' at its end, begins like this? */
bool scanning_told(const struct scanning *scanning, const char *line);

/* How many lines told begin like this. */
size_t scanning_count(const struct scanning *scanning, const char *beginning);

/* Bytes in a gzip, and in a tar of one member: malloc()ed, for nesting. */
struct wrapped {
	uint8_t *bytes;
	size_t len;
};
struct wrapped wrap_gzip(const void *bytes, size_t len);
struct wrapped wrap_tar(const char *const *names, const struct wrapped *members,
			size_t count);
