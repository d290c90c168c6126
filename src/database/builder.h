/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a build holds on its way from lines to sections, shared by the files
 * that do its parts: build.c (the order of things), build_rules.c (patterns),
 * build_hashes.c, build_filter.c (what triggers rules), build_files.c.
 *
 * Names and lines go straight to the output, as STRINGS; everything else waits
 * in rows until all of it is known.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/checked.h"
#include "cvd/container.h"
#include "database/build.h"
#include "database/delta.h"
#include "database/ignored.h"
#include "database/marks.h"
#include "database/output.h"
#include "database/rows.h"
#include "database/seen.h"
#include "database/switches.h"
#include "rules/rule.h"

/* For one rule; a rule that is a file of its own is held in it, too. */
enum { RULE_SCRATCH_BYTES = RULE_FILE_MAX + (48 << 20) };

/*
 * A file as FILES knows it: one of the caller's, or a member of one of those. The members of
 * a container stand behind it.
 */
struct build_file {
	struct slice name;   /* "daily.cvd ! daily.ndb" */
	struct slice member; /* "daily.ndb": its own name, which tells its language */
	uint32_t input;      /* the caller's file that it is, or is in */
	uint32_t source_id;
	uint32_t flags; /* enum file_flags */
	uint32_t version;
	uint64_t built_at;
	struct source content;
	struct cvd *cvd;     /* a container */
	const char *reason;  /* … that is not to be believed because of this */
	const char *trouble; /* why its detached signature does not hold; or NULL */
	bool is_older;       /* … of which a newer version is there */
	bool is_member;
	size_t member_index;
	bool is_wanted; /* in this pass */
	struct stream stream;
};

struct builder {
	const struct build_options *options;
	const struct build_input *inputs; /* the caller's */
	size_t input_count;
	struct build_file *opened; /* one for each of them */
	struct build_file *files;  /* … and for the members */
	size_t file_count;
	struct build_count *counts; /* of each file */
	struct arena containers;
	struct digest_state member_digest;

	struct output output; /* STRINGS, while lines are read */
	struct arena scratch; /* of one rule */
	struct digest_state digest;
	struct ignored ignored;
	struct switches switches;
	struct seen seen; /* pattern rules that were there already */
	struct marks *marks;
	struct delta *delta; /* NULL: all of it is built */
	struct slice base_name;
	struct rows tombstones; /* as on disk */

	struct rows rules;      /* as on disk: struct rule_record */
	struct rows subs;       /* as on disk: struct sub_record */
	struct rows programs;   /* bytes */
	struct rows conditions; /* bytes */
	struct rows always;     /* u32 */
	struct rows literals;   /* bytes */
	struct rows triggers;   /* struct build_trigger */
	struct rows images;     /* as on disk, but the hash: BE */
	struct rows macros;     /* as on disk: struct macro_record */
	struct rows entries;    /* as on disk: struct entry_record, not in order */
	struct rows entry_data; /* bytes */
	struct rows hashes[HASH_SCOPES][DIGEST_KINDS]; /* build_hashes.c */
	uint32_t *source_rules;                        /* for each source */
	uint32_t hash_rules;
	uint32_t allow_entries;
	uint32_t targets; /* bit t: a pattern rule is for target t */
};

/* Where a rule stands. */
struct rule_place {
	uint32_t input; /* index into `files` */
	uint32_t line;
	struct slice text; /* its line, or a whole file's content */
	bool is_file;
};

/*
 * build_files.c: opens, reads and closes all files.
 *   OK, LIMIT, NO_MEMORY, CHANGED, IO
 */
MUST_CHECK enum status builder_open_files(struct builder *builder);
MUST_CHECK enum status builder_read_files(struct builder *builder);
void builder_close_files(struct builder *builder);

/* build.c: a line, or a whole file, of the reader's language.  OK, LIMIT, NO_MEMORY */
MUST_CHECK enum status builder_take_line(struct builder *builder,
					 const struct rule_reader *reader,
					 const struct rule_place *place);

/* builder.c: adds a text to STRINGS. OK or LIMIT: 4 GiB of them are full. */
MUST_CHECK enum status builder_string(struct builder *builder, struct slice text,
				      uint32_t *ret_offset);

/* The same of a rule's line, veiled; nothing for what was a whole file. */
MUST_CHECK enum status builder_text(struct builder *builder,
				    const struct rule_place *place, uint32_t *ret_offset);

/* Tells a problem and counts it; its `input` is an index into `files`. */
void builder_problem(struct builder *builder, const struct build_problem *problem);

/* build_rules.c: a rule with patterns, and their sections.  OK, LIMIT, NO_MEMORY */
MUST_CHECK enum status builder_add_rule(struct builder *builder, const struct rule *rule,
					const struct rule_place *place);
void builder_write_rules(struct builder *builder);

/* build_hashes.c: a hash rule or an allow entry, and their sections.  OK, LIMIT, NO_MEMORY */
void builder_init_hashes(struct builder *builder);
MUST_CHECK enum status builder_add_hash(struct builder *builder, const struct rule *rule,
					const struct rule_place *place);
MUST_CHECK enum status builder_write_hashes(struct builder *builder);

/* build_entries.c: an entry (match/entry.h), and their sections.  OK, LIMIT, NO_MEMORY */
void builder_init_entries(struct builder *builder);
MUST_CHECK enum status builder_add_entry(struct builder *builder, const struct rule *rule,
					 const struct rule_place *place);
void builder_write_entries(struct builder *builder);

/* build_filter.c: what makes a rule a candidate, and the filter.  OK, LIMIT, NO_MEMORY */
void builder_init_filter(struct builder *builder);
MUST_CHECK enum status builder_add_triggers(struct builder *builder,
					    const struct rule *rule, uint32_t rule_id,
					    bool *ret_is_always);
MUST_CHECK enum status builder_write_filter(struct builder *builder);
