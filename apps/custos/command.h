/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A command of custos: what it is called, what it takes, who runs it. The
 * table of all commands is in main.c; the words for each stand in its own file.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "config/config.h"

/* How custos ends. Found beats error beats incomplete. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_FOUND = 1,
	EXIT_ERROR = 2,
	EXIT_INCOMPLETE = 3,
	EXIT_INTERRUPTED = 130,
};

/* An option that belongs to one command and can stand nowhere but on its command line. */
struct option_spec {
	const char *name;
	char letter;          /* short form, or 0 */
	const char *argument; /* what the help calls its value; NULL: it takes none */
	const char *help;
};

struct given_option {
	const struct option_spec *spec;
	const char *text; /* NULL if it takes no value */
};

struct invocation;

struct command {
	const char *name;
	const char *summary;  /* one line for the list of commands */
	const char *operands; /* "PATH...": how the usage line ends; "": takes none */
	const char *about;    /* what it does, with examples; whole lines */
	int (*run)(struct invocation *invocation);
	/* in its place: reads its words itself, argv[0] being its name, as main() does */
	int (*run_words)(int argc, char **argv);
	const struct option_spec *options; /* ends with a nameless one; may be NULL */
	const enum setting_id *settings;   /* those that are options of this command */
	size_t setting_count;
	const struct command *const *subcommands; /* ends with NULL; then run is NULL */
};

/* All commands, NULL behind the last. */
extern const struct command *const commands[];

/* One run of a command. */
struct invocation {
	const struct command *parent; /* of a subcommand, else NULL */
	const struct command *command;
	struct config config;
	const char *config_path; /* of --config, or NULL */
	bool wants_help;
	struct given_option *options;
	size_t option_count;
	const char **operands;
	size_t operand_count;
};

/* Was this option of the command given? */
bool invocation_has(const struct invocation *invocation, const char *option);

/* The text of the last such option, or NULL. */
const char *invocation_text(const struct invocation *invocation, const char *option);

extern const struct command command_scan, command_explain, command_allow, command_db,
	command_prove, command_replay, command_clamscan, command_config, command_help,
	command_version;
