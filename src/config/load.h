/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds and reads the files and the environment that settings come from.
 *
 * A file counts only if nobody else could have written it: a regular file of
 * the effective user or root, not writable by all. A user's own file that is
 * somebody else's (sudo that keeps $HOME) is passed over.
 * Nothing is ever read from a folder that is being scanned for what it holds.
 */
#pragma once

#include <stdbool.h>

#include "config/config.h"

#define CONFIG_SYSTEM_FILE "/etc/custos/custos.conf"
#define CONFIG_SYSTEM_DIR "/etc/custos/conf.d"

/*
 * System files, user's file, environment, onto what `config` holds. With
 * `only_path` that file alone stands for all files, and must be there.
 * False, with *error filled in, if one cannot be read, is not to be trusted,
 * or says something wrong. Files that do not exist are no error.
 */
MUST_CHECK bool config_load(struct config *config, const char *only_path,
			    struct config_error *error);

/* The path of the user's own file, or NULL if there is no home; free() it. */
char *config_user_path(void);
