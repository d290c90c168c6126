/* SPDX-License-Identifier: Apache-2.0 */
#include "completion.h"

#include <stdio.h>
#include <string.h>

#include "help.h"
#include "option_list.h"

/* One shell: what is printed for the whole, and for each command. */
struct shell {
	const char *name;
	void (*print)(void);
};

static void print_bash(void);
static void bash_command(const struct command *parent, const struct command *command);
static void bash_option(void *context, const struct listed_option *option);
static void bash_value(void *context, const struct listed_option *option);
static void print_zsh(void);
static void zsh_names(const struct command *const *table);
static void zsh_command(const struct command *parent, const struct command *command);
static void zsh_option(void *context, const struct listed_option *option);
static void zsh_spec(const char *dashes, const char *name,
		     const struct listed_option *option);
static void print_fish(void);
static void fish_command(const struct command *parent, const struct command *command);
static void fish_option(void *context, const struct listed_option *option);
static void each_command(void (*visit)(const struct command *parent,
				       const struct command *command));
static void print_escaped(const char *text, const char *special);
static void print_choices(const char *choices);
static bool is_path(const char *argument);

static const struct shell shells[] = {
	{ "bash", print_bash },
	{ "zsh", print_zsh },
	{ "fish", print_fish },
};

bool completion_print(const char *shell)
{
	for (size_t i = 0; i < ARRAY_LEN(shells); i++)
		if (strcmp(shells[i].name, shell) == 0) {
			shells[i].print();
			return true;
		}
	return false;
}

/* Groups first, then what is in them. */
static void each_command(void (*visit)(const struct command *parent,
				       const struct command *command))
{
	for (const struct command *const *at = commands; *at; at++) {
		visit(NULL, *at);
		for (const struct command *const *sub = (*at)->subcommands; sub && *sub;
		     sub++)
			visit(*at, *sub);
	}
}

static void print_names(const struct command *const *table)
{
	for (; *table; table++)
		printf("%s%s", (*table)->name, table[1] ? " " : "");
}

static void print_bash(void)
{
	puts("# bash completion for custos, printed by `custos help --completion bash'\n"
	     "_custos() {\n"
	     "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
	     "\tlocal path= options= names= values= i\n"
	     "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	     "\t\tcase $path/${COMP_WORDS[i]} in");
	printf("\t\t/help) ;;\n");
	for (const struct command *const *at = commands; *at; at++) {
		printf("\t\t/%s", (*at)->name);
		for (const struct command *const *sub = (*at)->subcommands; sub && *sub;
		     sub++)
			printf(" | /%s/%s", (*at)->name, (*sub)->name);
		printf(") path+=/${COMP_WORDS[i]} ;;\n");
	}
	printf("\t\tesac\n\tdone\n\tcase $path in\n\t'') names='");
	print_names(commands);
	printf("' ;;\n");
	each_command(bash_command);
	puts("\tesac\n"
	     "\t[[ $word == -* ]] && names=$options\n"
	     "\t[[ $values ]] && names=$values\n"
	     "\tmapfile -t COMPREPLY < <(compgen -W \"$names\" -- \"$word\")\n"
	     "}\n"
	     "complete -o default -F _custos custos");
}

static void bash_command(const struct command *parent, const struct command *command)
{
	printf("\t/%s%s%s)\n", parent ? parent->name : "", parent ? "/" : "",
	       command->name);
	if (command->subcommands) {
		printf("\t\tnames='");
		print_names(command->subcommands);
		printf("'\n\t\t;;\n");
		return;
	}
	printf("\t\tcase $before in\n");
	option_list(command, bash_value, NULL);
	printf("\t\tesac\n\t\toptions='");
	option_list(command, bash_option, NULL);
	printf("'\n\t\t;;\n");
}

static void bash_option(void *context, const struct listed_option *option)
{
	(void)context;
	printf("--%s ", option->name);
}

static void bash_value(void *context, const struct listed_option *option)
{
	(void)context;
	if (!option->choices)
		return;
	printf("\t\t--%s) values='", option->name);
	print_choices(option->choices);
	printf("' ;;\n");
}

static void print_zsh(void)
{
	puts("#compdef custos\n"
	     "# zsh completion for custos, printed by `custos help --completion zsh'");
	each_command(zsh_command);
	puts("_custos() {\n\tlocal -a names\n\tlocal command=$words[2]\n"
	     "\tif (( CURRENT == 2 )); then");
	zsh_names(commands);
	puts("\t\treturn\n\tfi\n\tshift words\n\t(( CURRENT-- ))\n\tcase $command in");
	for (const struct command *const *at = commands; *at; at++) {
		if (!(*at)->subcommands)
			continue;
		printf("\t%s)\n\t\tif (( CURRENT == 2 )); then\n", (*at)->name);
		zsh_names((*at)->subcommands);
		puts("\t\t\treturn\n\t\tfi\n\t\tcommand+=-$words[2]\n\t\tshift words\n"
		     "\t\t(( CURRENT-- ))\n\t\t;;");
	}
	puts("\tesac\n\t(( $+functions[_custos-$command] )) && _custos-$command\n}\n"
	     "_custos \"$@\"");
}

static void zsh_names(const struct command *const *table)
{
	printf("\t\tnames=(\n");
	for (; *table; table++) {
		printf("\t\t\t'%s:", (*table)->name);
		print_escaped((*table)->summary, ":");
		printf("'\n");
	}
	puts("\t\t)\n\t\t_describe -t commands command names");
}

static void zsh_command(const struct command *parent, const struct command *command)
{
	if (command->subcommands)
		return;
	printf("_custos-%s%s%s() {\n\t_arguments -s", parent ? parent->name : "",
	       parent ? "-" : "", command->name);
	option_list(command, zsh_option, NULL);
	printf(" \\\n\t\t'*:file:_files'\n}\n");
}

static void zsh_option(void *context, const struct listed_option *option)
{
	char letter[2] = { option->letter, '\0' };

	(void)context;
	if (option->letter)
		zsh_spec("-", letter, option);
	zsh_spec("--", option->name, option);
}

static void zsh_spec(const char *dashes, const char *name,
		     const struct listed_option *option)
{
	printf(" \\\n\t\t'*%s%s%s[", dashes, name,
	       option->argument && dashes[1] ? "=" : "");
	print_escaped(option->text, "[]:");
	printf("]");
	if (option->argument) {
		printf(":");
		print_escaped(option->argument, ":");
		printf(":");
		if (option->choices) {
			printf("(");
			print_choices(option->choices);
			printf(")");
		} else {
			printf("%s", is_path(option->argument) ? "_files" : " ");
		}
	}
	printf("'");
}

static void print_fish(void)
{
	puts("# fish completion for custos, printed by `custos help --completion fish'");
	each_command(fish_command);
}

/* Where a name belongs, then where its options do. */
static void fish_command(const struct command *parent, const struct command *command)
{
	char seen[160];

	if (parent) {
		printf("complete -c custos -f -n \"__fish_seen_subcommand_from %s; and "
		       "not "
		       "__fish_seen_subcommand_from ",
		       parent->name);
		print_names(parent->subcommands);
		printf("\"");
	} else {
		printf("complete -c custos -f -n __fish_use_subcommand");
	}
	printf(" -a %s -d '", command->name);
	print_escaped(command->summary, "\\");
	printf("'\n");
	if (command->subcommands)
		return;
	snprintf(seen, sizeof(seen), "__fish_seen_subcommand_from %s%s%s",
		 parent ? parent->name : command->name,
		 parent ? "; and __fish_seen_subcommand_from " : "",
		 parent ? command->name : "");
	option_list(command, fish_option, seen);
}

static void fish_option(void *context, const struct listed_option *option)
{
	printf("complete -c custos -n \"%s\" -l %s", (const char *)context, option->name);
	if (option->letter)
		printf(" -s %c", option->letter);
	if (option->argument)
		printf(" -r");
	if (option->choices) {
		printf(" -f -a '");
		print_choices(option->choices);
		printf("'");
	}
	printf(" -d '");
	print_escaped(option->text, "\\");
	printf("'\n");
}

/* Inside of single quotes, in which no shell has the same way to write one more. */
static void print_escaped(const char *text, const char *special)
{
	for (; *text; text++) {
		if (*text == '\'') {
			fputs("\u2019", stdout);
			continue;
		}
		if (strchr(special, *text))
			putchar('\\');
		putchar(*text);
	}
}

static void print_choices(const char *choices)
{
	for (; *choices; choices++)
		putchar(*choices == '|' ? ' ' : *choices);
}

static bool is_path(const char *argument)
{
	return strstr(argument, "FILE") || strstr(argument, "PATH") ||
	       strstr(argument, "DIR") || strstr(argument, "FOLDER");
}
