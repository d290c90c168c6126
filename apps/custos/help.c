/* SPDX-License-Identifier: Apache-2.0 */
#include "help.h"

#include <stdio.h>
#include <string.h>

#include "completion.h"
#include "manual.h"
#include "option_list.h"
#include "screen.h"

enum { OPTION_COLUMN = 28, NAME_COLUMN = 11 };

static int run_help(struct invocation *invocation);
static void list_commands(const struct command *const *table);
static void option_line(void *context, const struct listed_option *option);

static const struct option_spec help_options[] = {
	{ "completion", 0, "SHELL",
	  "print the completion of commands and options for bash, zsh or fish" },
	{ "manual", 0, NULL, "print the manual page of the command" },
	{ 0 },
};

const struct command command_help = {
	.name = "help",
	.summary = "tell what a command does and takes",
	.operands = "[COMMAND [SUBCOMMAND]]",
	.about = "Shows the same as `custos COMMAND --help'.\n"
		 "\n"
		 "  custos help --completion zsh >~/.zfunc/_custos\n"
		 "  custos help --manual db build | man -l -\n",
	.run = run_help,
	.options = help_options,
};

static int run_help(struct invocation *invocation)
{
	const char *shell = invocation_text(invocation, "completion");
	const struct command *parent = NULL;
	const struct command *const *table = commands;

	if (shell) {
		if (invocation->operand_count > 0) {
			screen_error("--completion is of all commands, not of '%s'",
				     invocation->operands[0]);
			return EXIT_ERROR;
		}
		if (completion_print(shell))
			return EXIT_OK;
		screen_error("no completion for '%s': bash, zsh or fish", shell);
		return EXIT_ERROR;
	}
	for (size_t i = 0; i < invocation->operand_count; i++) {
		const struct command *command = help_find(table, invocation->operands[i]);

		if (!command) {
			screen_error("there is no command '%s'", invocation->operands[i]);
			return EXIT_ERROR;
		}
		if (i + 1 == invocation->operand_count) {
			if (invocation_has(invocation, "manual"))
				manual_print(parent, command);
			else
				help_command(parent, command);
			return EXIT_OK;
		}
		parent = command;
		table = command->subcommands;
	}
	help_all();
	return EXIT_OK;
}

const struct command *help_find(const struct command *const *table, const char *name)
{
	for (; table && *table; table++)
		if (strcmp((*table)->name, name) == 0)
			return *table;
	return NULL;
}

void help_all(void)
{
	printf("custos: an open anti-virus for Linux\n\n"
	       "usage: custos COMMAND [OPTIONS] ...\n\n");
	list_commands(commands);
	printf("\n`custos COMMAND --help' tells what a command takes; `man custos' tells "
	       "more.\n");
}

static void list_commands(const struct command *const *table)
{
	for (; *table; table++)
		printf("  %-*s%s\n", NAME_COLUMN, (*table)->name, (*table)->summary);
}

void help_command(const struct command *parent, const struct command *command)
{
	const char *group = parent ? parent->name : "";
	const char *gap = parent ? " " : "";

	if (command->subcommands) {
		printf("usage: custos %s SUBCOMMAND [OPTIONS] ...\n\n%s\n", command->name,
		       command->about);
		list_commands(command->subcommands);
		printf("\n`custos %s SUBCOMMAND --help' tells more.\n", command->name);
		return;
	}
	/* Who reads its words itself says in them what it takes. */
	if (command->run_words) {
		printf("usage: custos %s%s%s %s\n\n%s", group, gap, command->name,
		       command->operands, command->about);
		return;
	}
	printf("usage: custos %s%s%s [OPTIONS]%s%s\n\n%s\noptions:\n", group, gap,
	       command->name, *command->operands ? " " : "", command->operands,
	       command->about);
	option_list(command, option_line, NULL);
}

static void option_line(void *context, const struct listed_option *option)
{
	char left[96];
	char letter = option->letter;
	int len = snprintf(left, sizeof(left), "  %c%c%c --%s%s%s", letter ? '-' : ' ',
			   letter ? letter : ' ', letter ? ',' : ' ', option->name,
			   option->argument ? " " : "",
			   option->argument ? option->argument : "");

	(void)context;
	if (len < OPTION_COLUMN)
		printf("%-*s%s\n", OPTION_COLUMN, left, option->text);
	else
		printf("%s\n%*s%s\n", left, OPTION_COLUMN, "", option->text);
}
