/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Help pages, made from the tables of commands, options and settings.
 */
#pragma once

#include "command.h"

/* The list of commands. */
void help_all(void);

/* One command; `parent` if it is a subcommand, else NULL. */
void help_command(const struct command *parent, const struct command *command);

/* The command of that name in a table, or NULL. */
const struct command *help_find(const struct command *const *table, const char *name);
