/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The options of clamscan 1.4.6 as a table, and what becomes of each.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum clamscan_kind {
	CLAMSCAN_SWITCH, /* --name, --name=yes, --name=no */
	CLAMSCAN_NUMBER,
	CLAMSCAN_SIZE, /* a number, with K, M or G */
	CLAMSCAN_TEXT,
};

enum clamscan_role {
	CLAMSCAN_DONE,
	CLAMSCAN_NOTHING, /* there is nothing to be done for it here */
	/* another value than the usual one is said not to be followed */
	CLAMSCAN_WARNED,
	CLAMSCAN_REFUSED,
};

/* What those that are done are about. */
enum clamscan_meaning {
	MEANING_NONE,
	MEANING_HELP,
	MEANING_VERSION,
	MEANING_VERBOSE,
	MEANING_QUIET,
	MEANING_STDOUT,
	MEANING_NO_SUMMARY,
	MEANING_INFECTED,
	MEANING_HIDE_OK,
	MEANING_BELL,
	MEANING_RECURSIVE,
	MEANING_ALL_MATCHES,
	MEANING_ALERT_LIMITS,
	MEANING_ALERT_ENCRYPTED,
	MEANING_CROSS_FS,
	MEANING_PUA,
	MEANING_PHISHING_RULES,
	MEANING_BYTECODE,
	MEANING_BYTECODE_UNSIGNED,
	MEANING_DATABASE,
	MEANING_PUA_INCLUDE,
	MEANING_PUA_EXCLUDE,
	MEANING_LOG,
	MEANING_FILE_LIST,
	MEANING_EXCLUDE,
	MEANING_EXCLUDE_FOLDER,
	MEANING_INCLUDE,
	MEANING_INCLUDE_FOLDER,
	MEANING_FOLLOW_FILES,
	MEANING_FOLLOW_FOLDERS,
	MEANING_MAX_FOLDERS,
	MEANING_MAX_FILE,
	MEANING_MAX_BYTES,
	MEANING_MAX_FILES,
	MEANING_MAX_DEPTH,
	MEANING_MAX_TIME,
};

enum { CLAMSCAN_MEANINGS = MEANING_MAX_TIME + 1, CLAMSCAN_OPTIONS_MAX = 128 };

struct clamscan_option {
	const char *name;
	char letter; /* or 0 */
	enum clamscan_kind kind;
	enum clamscan_role role;
	enum clamscan_meaning meaning;
	bool usual; /* of switches: clamscan's default, which asks for nothing */
};

extern const struct clamscan_option clamscan_table[];
extern const size_t clamscan_table_len;

/* NULL: no option has that letter. */
const struct clamscan_option *clamscan_table_letter(char letter);
