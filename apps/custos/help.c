/* SPDX-License-Identifier: Apache-2.0 */
#include "help.h"

#include <stdio.h>
#include <string.h>

#include "options.h"
#include "screen.h"

enum { OPTION_COLUMN = 28 };

static int run_help(struct invocation *invocation);
static void list_commands(const struct command *const *table);
static void option_line(char letter, const char *name, const char *argument,
			const char *text);
static void setting_line(const struct setting *setting);

const struct command command_help = {
	.name = "help",
	.summary = "tell what a command does and takes",
	.operands = "[COMMAND [SUBCOMMAND]]",
	.about = "Shows the same as `custos COMMAND --help'.\n",
	.run = run_help,
};

static int run_help(struct invocation *invocation)
{
	const struct command *parent = NULL;
	const struct command *const *table = commands;

	for (size_t i = 0; i < invocation->operand_count; i++) {
		const struct command *command = help_find(table, invocation->operands[i]);

		if (!command) {
			screen_error("there is no command '%s'", invocation->operands[i]);
			return EXIT_ERROR;
		}
		if (i + 1 == invocation->operand_count) {
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
		printf("  %-9s %s\n", (*table)->name, (*table)->summary);
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
	printf("usage: custos %s%s%s [OPTIONS]%s%s\n\n%s\noptions:\n", group, gap,
	       command->name, *command->operands ? " " : "", command->operands,
	       command->about);
	for (const struct option_spec *s = command->options; s && s->name; s++)
		option_line(s->letter, s->name, s->argument, s->help);
	for (size_t i = 0; i < command->setting_count; i++)
		setting_line(&settings[command->settings[i]]);
	option_line(0, "config", "FILE",
		    "read settings from this file instead of the usual ones");
	option_line('h', "help", NULL, "show this");
}

static void option_line(char letter, const char *name, const char *argument,
			const char *text)
{
	char left[64];
	int len = snprintf(left, sizeof(left), "  %c%c%c --%s%s%s", letter ? '-' : ' ',
			   letter ? letter : ' ', letter ? ',' : ' ', name,
			   argument ? " " : "", argument ? argument : "");

	if (len < OPTION_COLUMN)
		printf("%-*s%s\n", OPTION_COLUMN, left, text);
	else
		printf("%s\n%*s%s\n", left, OPTION_COLUMN, "", text);
}

static void setting_line(const struct setting *setting)
{
	char name[64], text[128];
	bool is_flag = setting->type == SETTING_FLAG;
	bool has_default = *setting->fallback && !is_flag;

	/* A flag that is on is shown by the option that turns it off. */
	snprintf(name, sizeof(name), "%s%s",
		 is_flag && strcmp(setting->fallback, "yes") == 0 ? "no-" : "",
		 setting->name);
	snprintf(text, sizeof(text), "%s%s%s%s%s",
		 is_flag && strcmp(setting->fallback, "yes") == 0 ? "do not " : "",
		 setting->help, has_default ? " [" : "",
		 has_default ? setting->fallback : "", has_default ? "]" : "");
	option_line(setting->letter, name, setting->argument, text);
}
