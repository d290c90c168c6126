/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a line of rule text says, once it has been understood: the form that
 * all rule languages are read into and that database/ compiles.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "match/tables.h"

/* One subsignature: the bytes of its data for PROGRAMS, and where it may be. */
struct rule_sub {
	enum sub_kind kind;
	struct slice *programs; /* SUB_PATTERN: any of these programs is a match */
	size_t program_count;
	struct slice data; /* the other kinds: as enum sub_kind says */
	enum offset_kind offset;
	uint32_t offset_value;
	uint32_t offset_shift;
	uint16_t offset_section;
	uint16_t flags; /* enum sub_flags */
	/* subsignatures before it of which it asks how often they match (bits) */
	uint64_t counted;
	struct slice trigger; /* SUB_REGEX: the expression in its data */
	uint8_t refers;       /* SUB_COMPARE: to which subsignature */
};

struct rule {
	enum rule_language language;
	struct slice name;
	uint8_t target;
	uint16_t flags;          /* enum rule_flags */
	struct slice condition;  /* encoded as match/expr.h says; may be empty */
	struct slice expression; /* encoded likewise */
	struct rule_sub *subs;
	size_t sub_count;

	/*
	 * Entries, RULE_CONTAINER and behind it: what they say, in the language's own
	 * encoding. With an expression above, its patterns are what they wait for.
	 */
	struct slice data;
	uint8_t entry_kind;
	/*
	 * An entry that finds things under several names: the others, each of which is
	 * an entry without data behind it.
	 */
	struct slice *more_names;
	size_t more_name_count; /* RULE_MORE_NAMES_MAX at most */

	/* RULE_HASH and RULE_ALLOW */
	enum hash_scope scope;
	unsigned digest_kind;
	uint8_t digest[32];
	uint32_t size; /* or HASH_ANY_SIZE */

	/* RULE_IGNORE: the name above, and: */
	bool has_line_digest; /* only the rule whose line has this MD5 */
	uint8_t line_digest[16];
};

/* Where and why a line was refused or left out. */
struct rule_error {
	uint32_t column;     /* from 1; 0: the whole line */
	uint32_t line;       /* from 1, of readers of whole files; 0: not told */
	const char *message; /* constant, or in the arena that the line was read into */
	struct slice detail; /* into the line */
	bool is_skip;        /* not wrong: not for us (feature level, unknown target) */
};

/*
 * Reads one line (without its ending) of the language that the file name tells, or,
 * where the language is no lines, a whole file of RULE_FILE_MAX bytes at most.
 * Memory is the arena's and lives as long as the caller keeps its mark.
 *   OK         *out is the rule
 *   END        nothing there: a comment or an empty line
 *   MALFORMED, UNSUPPORTED   *error says where and why
 *   NO_MEMORY
 */
struct rule_reader {
	const char *suffix; /* "ndb" */
	bool is_whole_file;
	enum status (*read)(struct arena *arena, struct slice line, struct rule *out,
			    struct rule_error *error);
};

enum { RULE_MORE_NAMES_MAX = 64 };

enum { RULE_FILE_MAX = 16 << 20 };

/* The reader for a file name's ending (in any case), or NULL. */
const struct rule_reader *rule_reader_of(struct slice file_name);

/* Why a known language is not read here; NULL for all other names. */
const char *rule_refusal(struct slice file_name);

/* Does it read lists of potentially unwanted programs, which are loaded only on request? */
bool rule_reader_is_pua(const struct rule_reader *reader);

/* Does it read files whose rules may be left out for rule_name_is_phishing()? */
bool rule_reader_has_phishing(const struct rule_reader *reader);

/*
 * Makes it a rule of one pattern: one subsignature, and the expression that asks for it.
 * The pattern's program is to be put at *ret_program.
 *   OK, NO_MEMORY
 */
MUST_CHECK enum status rule_of_one_pattern(struct arena *arena, struct rule *rule,
					   struct slice **ret_program);

/* Does the name say "potentially unwanted" (RULE_WEAK)? */
bool rule_name_is_weak(struct slice name);

/* HTML.Phishing…, Email.Phishing…: those that not everybody wants. */
bool rule_name_is_phishing(struct slice name);

/* Without " (Clam)", which old names end with, and what follows that. */
struct slice rule_name_cut(struct slice name);

/*
 * Is a rule of that name, PUA.X.Y.Z, in the category? "X", "Y" and "X.Y" are its
 * categories: whole parts between the prefix and the last dot, in this case.
 */
bool rule_name_in_category(struct slice name, struct slice category);
bool rule_name_has_category(struct slice name);
