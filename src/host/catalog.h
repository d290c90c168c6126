/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rules a scan uses, as open and mapped segments, and what can be said
 * of them: where they come from, how old and how many they are, which were
 * refused.
 *
 *   paths given     those alone; each is one source
 *   none            the built-in rules, the local ones in /etc/custos/rules.d, and those
 *                   that ClamAV keeps on this machine
 *
 * Rule text is compiled in a locked worker, once per content (rule_cache.h).
 * A database that cannot be read, or in which nothing is usable, is an error:
 * a scan with fewer rules than asked for must not look like one with all.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "database/database.h"
#include "host/rule_compile.h"
#include "host/rule_files.h"

struct catalog_options {
	const char *const *paths;
	size_t path_count;
	const char *cache_folder; /* may be NULL */
	/* Rules for potentially unwanted programs; the text outlives the catalog. */
	struct build_pua pua;
	bool clamav_compat;     /* as in struct build_options */
	bool bytecode_unsigned; /* likewise */
	/* As in struct rule_files. */
	const char *certificates;
	/* Where ClamAV keeps its own, if no paths are given; NULL: not used. */
	const char *clamav_folder;
	/* Told before rules are compiled, which may take a while. May be NULL. */
	void (*compiling)(void *context, const struct rule_files *files);
	/* Only where rules are compiled now: a cached form has told before. */
	struct rule_report report;
};

/* A source of rules, for the summary. Text points into the catalog. */
struct catalog_source {
	struct slice name;
	struct slice coverage;
	struct slice licence;
	uint32_t rules;
	int64_t newest;       /* Unix seconds; 0: with the program */
	struct slice release; /* the container whose age that is: "daily.cvd"; or empty */
	uint32_t version;     /* … and its version */
	size_t unread;        /* rule files of languages that are not read yet … */
	const char *unread_name; /* … and one of them */
};

struct catalog {
	struct database database;
	int fds[DATABASE_SEGMENTS_MAX];
	size_t maps_len[DATABASE_SEGMENTS_MAX];
	void *maps[DATABASE_SEGMENTS_MAX];
	/* What names a segment's content, if it was kept by that; else empty. */
	char keys[DATABASE_SEGMENTS_MAX][65];
	size_t count;
	size_t text_end; /* the segments of `text` end there */
	struct rule_files text, compiled, clamav;
	/*
	 * Why ClamAV's rules are not used, or not all of them; or NULL. May be hostile.
	 * Who keeps them there relies on them: a scan without them is an error.
	 */
	char *clamav_trouble;
	struct catalog_source *sources;
	size_t source_count;
	uint64_t rules;   /* in all sources */
	uint64_t refused; /* lines that are no rules */
};

/* Opens what the options ask for; catalog_close() gives it back. */
MUST_CHECK bool catalog_open(struct catalog *catalog,
			     const struct catalog_options *options,
			     struct rule_error_text *error);
void catalog_close(struct catalog *catalog);

/*
 * Text that is another one as soon as a rule file is: paths, identities, sizes and
 * times. free() it; NULL: no memory.
 */
char *catalog_identity(const struct catalog *catalog);

/* The same for what one segment comes from. */
char *catalog_segment_identity(const struct catalog *catalog, size_t segment);

/* Are all rule files old enough to be known by that? As rule_files_settled(). */
bool catalog_is_settled(const struct catalog *catalog, int64_t now);
