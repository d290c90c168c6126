/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every command needs that looks into files: the rules, the allow lists
 * and the workers, as the settings ask for them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "command.h"
#include "host/allow.h"
#include "host/catalog.h"
#include "host/pool.h"
#include "pua.h"

struct scanner {
	struct catalog catalog;
	struct allow allow;
	struct pool *pool;
	char *state; /* the state folder, or NULL */
	char *pua;   /* categories, for the catalog */
	void *user;  /* the caller's: events get the scanner as their context */
};

/*
 * Opens rules and allow lists. False if there are no usable rules or an allow
 * list cannot be trusted; that was said on stderr.
 */
MUST_CHECK bool scanner_open(struct scanner *scanner, const struct config *config);

/*
 * Starts the workers; not needed to look at rules alone. The context of the events will
 * be the scanner. False, and said on stderr.
 */
MUST_CHECK bool scanner_start(struct scanner *scanner, const struct config *config,
			      const struct pool_events *events);

/*
 * The exit code of a scan that would end with `code`: an error if it had fewer rules
 * than this machine has, which scanner_open() said.
 */
int scanner_exit_code(const struct scanner *scanner, int code);

/* Says on stderr why walk_new() failed, by errno. */
void scanner_explain_walk(void);

void scanner_close(struct scanner *scanner);

/* The lists that hold for who runs this: the system's and the own one. False: as above. */
MUST_CHECK bool scanner_load_allow(struct allow *allow, const struct config *config);

/* Is clamscan to be followed where it is wrong? As in struct scan_setup. */
bool scanner_is_compat(const struct config *config);

/* The folder of certificates that the settings ask for. free() it; NULL: none. */
char *scanner_certificates(const struct config *config);

/* The settings that scanner_open() and scanner_start() look at, for a command's table. */
#define SCANNER_SETTINGS \
	SETTING_DATABASE, SETTING_CLAMAV_FOLDER, SETTING_CERTIFICATES, PUA_SETTINGS, \
		SETTING_BYTECODE, SETTING_BYTECODE_UNSIGNED, SETTING_STATE, \
		SETTING_CACHE, SETTING_MAX_DEPTH, SETTING_MAX_FILES, SETTING_MAX_BYTES, \
		SETTING_MAX_CHILD, SETTING_MAX_RATIO, SETTING_MAX_TIME, SETTING_COMPAT, \
		SETTING_CPU_PATH, SETTING_COLOR
