/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every setting there is, in one table. It makes the parser of files,
 * environment and options, `custos config`, the help of each command, and (by
 * a test) the manual page: a setting is added here or nowhere.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"

enum setting_id {
	SETTING_DATABASE,
	SETTING_CLAMAV_FOLDER,
	SETTING_CERTIFICATES,
	SETTING_PUA,
	SETTING_PUA_INCLUDE,
	SETTING_PUA_EXCLUDE,
	SETTING_PHISHING_RULES,
	SETTING_BYTECODE,
	SETTING_BYTECODE_UNSIGNED,
	SETTING_STATE,
	SETTING_CACHE,
	SETTING_VERDICT_CACHE,
	SETTING_JOBS,
	SETTING_ISOLATE,
	SETTING_CPU_PATH,
	SETTING_BACKGROUND,
	SETTING_EXCLUDE,
	SETTING_ONE_FILE_SYSTEM,
	SETTING_ACCEPT,
	SETTING_ALL_MATCHES,
	SETTING_COMPAT,
	SETTING_MAX_DEPTH,
	SETTING_MAX_FILES,
	SETTING_MAX_BYTES,
	SETTING_MAX_CHILD,
	SETTING_MAX_RATIO,
	SETTING_MAX_TIME,
	SETTING_MAX_WAIT,
	SETTING_SUMMARY,
	SETTING_PROGRESS,
	SETTING_COLOR,
};

enum { SETTING_COUNT = SETTING_COLOR + 1 };

enum setting_type {
	SETTING_FLAG,   /* yes or no; as an option --NAME, --no-NAME or --NAME=yes */
	SETTING_NUMBER, /* a count */
	SETTING_SIZE,   /* bytes: a number with K, M, G or T (powers of 1,024) */
	SETTING_TIME, /* milliseconds: a number with ms, s, m, h or d; seconds if bare */
	SETTING_TEXT, /* one text */
	SETTING_LIST, /* texts; a repeated key or option adds one */
	SETTING_REASONS, /* names of reasons with commas between: one bit for each */
	SETTING_CHOICE,  /* one of a few words: its place in `choices` */
};

/* Who may give a value: an option always may. */
enum setting_scope {
	SCOPE_ANYWHERE,
	/* Not the environment, not a user's own file: malware that runs as the user
	 * could write those, and hide itself from the user's scans. */
	SCOPE_SYSTEM,
};

/* The places in the choices of `compat`. */
enum compat { COMPAT_NONE, COMPAT_CLAMAV };

struct setting {
	const char *name;
	enum setting_type type;
	/* the default, as in a file; "" is none, or an empty list */
	const char *fallback;
	uint64_t min, max;   /* of NUMBER, SIZE and TIME */
	const char *choices; /* of CHOICE: words with | between */
	enum setting_scope scope;
	const char *argument; /* what the help calls the value */
	char letter;          /* the option's short form, or 0 */
	const char *help;     /* one line, no full stop */
};

extern const struct setting settings[SETTING_COUNT];

/* Finds a setting by its name; false, and *out left alone, if there is none. */
MUST_CHECK bool setting_find(struct slice name, enum setting_id *out);
