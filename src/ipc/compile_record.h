/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the process that compiles rules is asked, and what it answers. The
 * parent sends compile, then all rule sources, then all rule files (in as many
 * messages as it takes, each with the descriptors of its files), then build.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "ipc/message.h"

enum {
	RECORD_TEXT_MAX = 4096,
	RECORD_RULE_SOURCES_MAX = 1024,
	RECORD_RULE_FILES_MAX = 1024 * 1024,
};

/* What is to be done with the rule files. */
enum record_action {
	RECORD_COMPILE_RULES, /* a segment is made of them */
	RECORD_VERIFY,        /* who signed them is told */
	RECORD_UNPACK,        /* a container's members are taken out of it */
	RECORD_APPLY, /* the others, differences, are applied to the first, a container */
	RECORD_COMPARE, /* what is another in the second than in the first */
};

enum { RECORD_ACTIONS = RECORD_COMPARE + 1 };

struct record_compile {
	uint32_t action;       /* enum record_action */
	struct slice argument; /* RECORD_UNPACK: the member; empty: all */
	uint32_t source_count;
	uint32_t file_count;
	struct slice build_id;
	bool clamav_compat;
	bool bytecode_unsigned;
	/* struct build_pua */
	bool pua, pua_is_exclusion;
	struct slice pua_categories;
	bool no_phishing;
};

struct record_rule_source {
	struct slice name;
	struct slice coverage;
	struct slice licence;
	bool is_trusted;
};

struct record_rule_file {
	uint32_t source;
	uint32_t role; /* enum build_role */
	uint32_t of;   /* as in struct build_input */
	uint64_t size_bytes;
	struct slice name;
};

struct record_problem {
	uint32_t severity; /* enum build_severity */
	uint32_t input;
	uint32_t line;
	uint32_t column;
	struct slice member; /* of a container; may be empty */
	struct slice message;
	struct slice detail;
};

struct record_count_of_file {
	uint32_t input;
	uint32_t taken;
	uint32_t refused;
	uint32_t skipped;
};

/* What is known of a file: "version" "27", "refused" "not signed by ClamAV". */
struct record_fact {
	uint32_t input;
	struct slice label;
	struct slice value;
};

/* A part of what was written: a member, a container. */
struct record_piece {
	struct slice name;
	uint64_t offset;
	uint64_t len;
};

/* The last. */
struct record_built {
	uint32_t status; /* enum status */
	uint64_t size_bytes;
};

/* Slices that were got lie in the message. */
MUST_CHECK bool compile_add(struct message *to, const struct record_compile *compile);
MUST_CHECK bool compile_get(struct slice body, struct record_compile *out);
MUST_CHECK bool compile_add_rule_source(struct message *to,
					const struct record_rule_source *rule_source);
MUST_CHECK bool compile_get_rule_source(struct slice body,
					struct record_rule_source *out);
MUST_CHECK bool compile_add_rule_file(struct message *to,
				      const struct record_rule_file *rule_file);
MUST_CHECK bool compile_get_rule_file(struct slice body, struct record_rule_file *out);
MUST_CHECK bool compile_add_build(struct message *to);
MUST_CHECK bool compile_get_build(struct slice body);
MUST_CHECK bool compile_add_problem(struct message *to,
				    const struct record_problem *problem);
MUST_CHECK bool compile_get_problem(struct slice body, struct record_problem *out);
MUST_CHECK bool compile_add_count_of_file(struct message *to,
					  const struct record_count_of_file *count);
MUST_CHECK bool compile_get_count_of_file(struct slice body,
					  struct record_count_of_file *out);
MUST_CHECK bool compile_add_fact(struct message *to, const struct record_fact *fact);
MUST_CHECK bool compile_get_fact(struct slice body, struct record_fact *out);
MUST_CHECK bool compile_add_piece(struct message *to, const struct record_piece *piece);
MUST_CHECK bool compile_get_piece(struct slice body, struct record_piece *out);
MUST_CHECK bool compile_add_built(struct message *to, const struct record_built *built);
MUST_CHECK bool compile_get_built(struct slice body, struct record_built *out);
