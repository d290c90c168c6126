/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compiled rules that a scan uses: up to four segments, opened from memory
 * that somebody else mapped (shared, read-only). Opening checks the header and
 * the section table and nothing more, so that it takes microseconds at any
 * size; reading is bounds-checked ever after.
 *
 * Rule ids count within a segment: first the rules with patterns, then, for
 * each scope and kind of digest in the order of the sections, the hash rules, then
 * the entries (match/entry.h).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/status.h"
#include "match/tables.h"

enum { DATABASE_SEGMENTS_MAX = 4 };

struct database {
	struct tables segments[DATABASE_SEGMENTS_MAX];
	size_t segment_count;
	uint32_t targets; /* bit t: a segment has pattern rules for target t */
};

/* What is known of a rule; slices point into the segment. */
struct rule_info {
	struct slice name;
	struct slice source; /* whose it is: the name of its source */
	struct slice file;   /* the rule file's name within the source */
	uint32_t line;
	bool is_hash;
	bool is_allow; /* an fp entry: not a rule that finds */
	uint32_t source_id;
	bool is_official; /* out of a container that ClamAV signed */
	uint16_t flags;   /* enum rule_flags */
	enum rule_language language;
	uint8_t kind; /* of entries */
};

/* Totals of a segment, for `db info` and the summary. */
struct segment_info {
	uint32_t format_version;
	struct slice build_id;
	uint32_t sources;
	uint32_t pattern_rules;
	uint32_t hash_rules;
	uint32_t allow_entries;
	uint32_t entries;       /* rules that are neither patterns nor hashes */
	uint32_t always_rules;  /* without a usable literal */
	uint32_t refused_rules; /* in the text, not taken; `db build` says why */
};

/*
 * Adds a segment. The bytes must stay where they are while the database is used.
 *   OK           added
 *   MALFORMED, TRUNCATED   not a segment, or its section table does not fit
 *   UNSUPPORTED  another format version: to be built again from its text
 *   LIMIT        DATABASE_SEGMENTS_MAX are open already
 */
MUST_CHECK enum status database_add(struct database *database, const void *base,
				    size_t len);

/* The last one. */
void database_drop(struct database *database);

/*
 * The rules of these segments (one bit for each) are not asked any more. What they say of
 * types, passwords and what is allowed still holds.
 */
void database_quieten(struct database *database, uint32_t segments);

/*
 * May a file that is clean by the segments `known` be looked at with the others alone,
 * and be clean by all of them if it is clean by those? Only if no rule decides what is
 * looked at: neither among the known ones, which would not do so any more, nor among the
 * others, of which the known ones knew nothing. Goes through all rules.
 */
MUST_CHECK bool database_is_separable(const struct database *database, uint32_t known);

/*
 * The name of the segment that this one is a delta of, as the build was told it; empty: it
 * is none. The base must be the segment in front of it.
 */
struct slice database_delta_base(const struct database *database, uint32_t segment);

/* Is the rule no more, as a delta behind its segment says? What it matches is no finding. */
MUST_CHECK bool database_is_removed(const struct database *database, uint32_t segment,
				    uint32_t rule);

/* False if there is no such rule. */
MUST_CHECK bool database_rule(const struct database *database, uint32_t segment,
			      uint32_t rule, struct rule_info *out);

/* Room for any rule's text. */
enum { RULE_TEXT_MAX = 64 * 1024 };

/*
 * A rule's line, with a NUL; that of a hash rule is made again from its fields.
 * Returns its length; it was cut if that is `size` or more. 0 if there is no such
 * rule. The text is as hostile as its rule file.
 */
size_t database_rule_text(const struct database *database, uint32_t segment,
			  uint32_t rule, char *buffer, size_t size);

/* What a hash rule or an allow entry says; the name points into the segment. */
struct rule_hash {
	enum hash_scope scope;
	enum digest_kind kind;
	struct digest digest;
	uint32_t size; /* or HASH_ANY_SIZE */
	struct slice name;
};

/* False if it is none. */
MUST_CHECK bool database_rule_hash(const struct database *database, uint32_t segment,
				   uint32_t rule, struct rule_hash *out);

MUST_CHECK bool database_info(const struct database *database, uint32_t segment,
			      struct segment_info *out);

/* All rules of a segment have ids below this. */
uint32_t database_rule_count(const struct database *database, uint32_t segment);

/* A rule file, a container, or a member of one; false if there is none. */
struct file_info {
	struct slice name; /* "daily.cvd", "daily.cvd ! daily.ndb" */
	uint32_t source_id;
	uint32_t taken, refused, skipped; /* its lines; a container has none of its own */
	uint32_t flags;                   /* enum file_flags of database/segment.h */
	uint32_t version;  /* of containers; a member has its container's */
	uint64_t built_at; /* likewise; Unix seconds, 0: not known */
};
MUST_CHECK bool database_file(const struct database *database, uint32_t segment,
			      uint32_t file, struct file_info *out);

/* The name and coverage of source `source_id`; false if there is none. */
struct source_info {
	struct slice name;
	/* "Linux servers; none for Windows or Office"; may be empty */
	struct slice coverage;
	struct slice licence; /* may be empty */
	uint32_t rules;
};
MUST_CHECK bool database_source(const struct database *database, uint32_t segment,
				uint32_t source_id, struct source_info *out);
