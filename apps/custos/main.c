/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custos: one program, a table of commands. This file finds the command that
 * the first word names, reads its options and settings, runs it, and sees to
 * it that what was printed has arrived.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "config/load.h"
#include "help.h"
#include "options.h"
#include "screen.h"

const struct command *const commands[] = {
	&command_scan,
	&command_explain,
	&command_allow,
	&command_db,
	&command_prove,
	&command_replay,
	&command_config,
	&command_clamscan,
	&command_help,
	&command_version,
	NULL,
};

static bool ensure_standard_files(void);
static bool is_called(const char *path, const char *name);
static const struct command *find_or_complain(const struct command *const *table,
					      const struct command *group,
					      const char *name);
static int run_command(const struct command *parent, const struct command *command,
		       int argc, char **argv);
static int run_loaded(struct invocation *invocation);
static int finish(int code);

int main(int argc, char **argv)
{
	const struct command *command;

	if (!ensure_standard_files())
		return EXIT_ERROR;
	/* A reader that goes away is seen as a failed write: see screen_flush(). */
	signal(SIGPIPE, SIG_IGN);
	/* So is what is larger than this user's files may be. */
	signal(SIGXFSZ, SIG_IGN);
	if (is_called(argv[0], "clamscan"))
		return finish(command_clamscan.run_words(argc, argv));
	if (argc < 2) {
		help_all();
		return EXIT_ERROR;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		help_all();
		return finish(EXIT_OK);
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)
		return finish(command_version.run(NULL));

	command = find_or_complain(commands, NULL, argv[1]);
	if (!command)
		return EXIT_ERROR;
	return finish(run_command(NULL, command, argc - 2, argv + 2));
}

/* A program may be called by another name, for scripts. */
static bool is_called(const char *path, const char *name)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return path && strcmp(slash ? slash + 1 : path, name) == 0;
}

/* A program that starts with one of these closed would open a scanned file in its place. */
static bool ensure_standard_files(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/* What is not there is no empty file: it cannot be read. */
		if (open("/dev/null", O_WRONLY) != fd)
			return false;
	}
	return true;
}

/* `group`: the command whose subcommands they are, or NULL. */
static const struct command *find_or_complain(const struct command *const *table,
					      const struct command *group,
					      const char *name)
{
	const char *what = group ? "subcommand" : "command";
	const struct command *found = help_find(table, name);
	const char *names[32];
	const char *meant;
	size_t count = 0;

	if (found)
		return found;
	for (; *table && count < ARRAY_LEN(names); table++)
		names[count++] = (*table)->name;
	meant = options_suggest(name, names, count);
	if (meant)
		screen_error("there is no %s '%s'; did you mean '%s'?", what, name,
			     meant);
	else
		screen_error("there is no %s '%s'; `custos %s%s--help' lists them", what,
			     name, group ? group->name : "", group ? " " : "");
	return NULL;
}

static int run_command(const struct command *parent, const struct command *command,
		       int argc, char **argv)
{
	struct invocation invocation = { .parent = parent, .command = command };
	int code = EXIT_ERROR;

	if (command->subcommands) {
		const struct command *subcommand;

		if (argc == 0 || strcmp(argv[0], "--help") == 0 ||
		    strcmp(argv[0], "-h") == 0) {
			help_command(NULL, command);
			return argc == 0 ? EXIT_ERROR : EXIT_OK;
		}
		subcommand = find_or_complain(command->subcommands, command, argv[0]);
		if (!subcommand)
			return EXIT_ERROR;
		return run_command(command, subcommand, argc - 1, argv + 1);
	}
	if (command->run_words)
		return command->run_words(argc + 1, argv - 1);
	config_init(&invocation.config);
	if (options_parse(&invocation, argc, argv))
		code = run_loaded(&invocation);
	options_clear(&invocation);
	config_clear(&invocation.config);
	return code;
}

static int run_loaded(struct invocation *invocation)
{
	struct config_error error;

	if (invocation->wants_help) {
		help_command(invocation->parent, invocation->command);
		return EXIT_OK;
	}
	if (invocation->operand_count > 0 && !*invocation->command->operands) {
		screen_error("%s takes no operands: '%s'", invocation->command->name,
			     invocation->operands[0]);
		return EXIT_ERROR;
	}
	if (!config_load(&invocation->config, invocation->config_path, &error)) {
		screen_error("%s", error.text);
		return EXIT_ERROR;
	}
	screen_set_color(
		(enum screen_color)config_number(&invocation->config, SETTING_COLOR));
	return invocation->command->run(invocation);
}

/* What was printed must have arrived, or the exit code would promise too much. */
static int finish(int code)
{
	if (screen_flush())
		return code;
	if (errno == EPIPE) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	screen_error("cannot write the output: %s", strerror(errno));
	return EXIT_ERROR;
}
