/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a build holds on its way from lines to sections, shared by the files
 * that do its parts: build.c (the order of things), build_rules.c (patterns),
 * build_hashes.c, build_filter.c (what triggers rules).
 *
 * Names and lines go straight to the output, as STRINGS; everything else waits
 * in rows until all of it is known.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "database/build.h"
#include "database/ignored.h"
#include "database/output.h"
#include "database/rows.h"
#include "database/seen.h"
#include "rules/rule.h"

/* For one rule; a rule that is a file of its own is held in it, too. */
enum { RULE_SCRATCH_BYTES = RULE_FILE_MAX + (48 << 20) };

struct builder {
	const struct build_options *options;
	const struct build_input *inputs;
	size_t input_count;
	struct build_count *counts;

	struct output output; /* STRINGS, while lines are read */
	struct arena scratch; /* of one rule */
	struct digest_state digest;
	struct ignored ignored;
	struct seen seen; /* pattern rules that were there already */

	struct rows rules;      /* as on disk: struct rule_record */
	struct rows subs;       /* as on disk: struct sub_record */
	struct rows programs;   /* bytes */
	struct rows conditions; /* bytes */
	struct rows always;     /* u32 */
	struct rows literals;   /* bytes */
	struct rows triggers;   /* struct build_trigger */
	struct rows entries;    /* as on disk: struct entry_record, not in order */
	struct rows entry_data; /* bytes */
	struct rows hashes[HASH_SCOPES][DIGEST_KINDS]; /* build_hashes.c */
	uint32_t *source_rules;                        /* for each source */
	uint32_t hash_rules;
	uint32_t allow_entries;
};

/* Where a rule stands. */
struct rule_place {
	uint32_t input;
	uint32_t line;
	struct slice text; /* its line, or a whole file's content */
	bool is_file;
};

/* builder.c: adds a text to STRINGS. OK or LIMIT: 4 GiB of them are full. */
MUST_CHECK enum status builder_string(struct builder *builder, struct slice text,
				      uint32_t *ret_offset);

/* The same of a rule's line, veiled; nothing for what was a whole file. */
MUST_CHECK enum status builder_text(struct builder *builder,
				    const struct rule_place *place, uint32_t *ret_offset);

/* Tells a problem and counts it. */
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
