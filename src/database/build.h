/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rule text in, a segment out. Pure like the rest of the engine: the bytes of
 * the rule files come from sources, the segment goes to a sink. What is wrong
 * in a rule file costs the rule it is wrong in and is told with file, line and
 * column.
 *
 * The output depends on the inputs alone: same inputs, same bytes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/slice.h"
#include "base/status.h"
#include "bytes/source.h"

enum build_role {
	BUILD_RULES,
	BUILD_SIGNATURE,   /* a detached one (.sign) of the container `of` */
	BUILD_CERTIFICATE, /* whom to trust for those: texts in PEM */
	/*
	 * A segment that was built of these sources before, with the same options: only what
	 * changed since is built, as a delta (database_delta_base()). Its name, 64 bytes, is
	 * kept in the delta.
	 */
	BUILD_BASE,
};

enum { BUILD_ROLES = BUILD_BASE + 1 };

/*
 * One rule file, or a container of them. Its language is told by its name's ending. Of
 * another role it is no file of any rules, and nothing is told of it.
 */
struct build_input {
	struct slice name; /* file name, without folders: "local.ndb" */
	struct source content;
	uint32_t source_id; /* index into build_options.sources */
	enum build_role role;
	uint32_t of; /* BUILD_SIGNATURE: index of an input */
};

struct build_source {
	/* as shown with findings: "custos", "local", a folder's name */
	struct slice name;
	struct slice coverage; /* may be empty */
	struct slice licence;  /* may be empty */
	/* shipped with the program or from a verified container */
	bool is_trusted;
};

enum build_severity {
	/* the line is no rule, or one that cannot be built: it costs that rule */
	BUILD_REFUSED,
	/* well-formed, but not for this engine (feature level, ignored by name) */
	BUILD_SKIPPED,
	BUILD_NOTE, /* the rule was taken; something about it should be known */
};

struct build_problem {
	enum build_severity severity;
	uint32_t input;      /* index of the rule file */
	struct slice member; /* of a container: the member that it is in; else empty */
	uint32_t line;       /* from 1 */
	uint32_t column;     /* from 1, in bytes; 0: the line as a whole */
	const char *message; /* a constant string */
	struct slice detail; /* the piece of text it is about; may be empty */
};

/* For each input: what became of its lines. */
struct build_count {
	uint32_t taken;
	uint32_t refused;
	uint32_t skipped;
};

/* Which rules are wanted: those for potentially unwanted programs (ldu ndu hdu hsu mdu msu) … */
struct build_pua {
	bool is_wanted; /* else files of theirs are left out */
	/* "Win,Packer"; empty: all categories (rule_name_in_category) */
	struct slice categories;
	bool is_exclusion; /* all but those */
	/* … and, unless this is set, those of ndb named HTML.Phishing… or Email.Phishing… */
	bool no_phishing;
};

struct build_options {
	struct build_pua pua;
	const struct build_source *sources;
	size_t source_count;
	struct slice build_id; /* of this program: stored, and compared by the cache */
	/*
	 * Read rules as clamscan 1.4.6 does even where that contradicts its own
	 * documentation; what a source leaves out is then left out of all of them.
	 */
	bool clamav_compat;
	bool bytecode_unsigned; /* load programs that nobody signed */
	struct arena *arena;
	const struct digests *digests;
	void (*problem)(void *context, const struct build_problem *problem);
	/* Writes at an absolute offset of the output; false: the system refused. */
	bool (*write)(void *context, uint64_t offset, const void *bytes, size_t len);
	void *context;
};

/*
 *   OK         the segment is written, with every rule that was good
 *   NO_MEMORY  the arena's budget
 *   IO         write() refused, or a source could not be read
 *   LIMIT      more rules or text than a segment can hold
 *   UNSUPPORTED   what changed since the base is too much for a delta, or of another kind
 *                 than rules that stand alone: to be built without it
 * `counts` has one element for each input.
 */
MUST_CHECK enum status database_build(const struct build_options *options,
				      const struct build_input *inputs,
				      size_t input_count, struct build_count *counts,
				      uint64_t *ret_size_bytes);

/* Why files of this name are not read (rules/rule.h), or NULL. */
const char *build_refusal(struct slice file_name);

/* Is it called like a container (cvd, cld, cud)? */
bool build_is_container(struct slice file_name);

/*
 * Does the ending of this file name belong to a rule language that is read here, or to a
 * container?
 */
bool build_reads(struct slice file_name);
