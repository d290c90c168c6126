/* SPDX-License-Identifier: Apache-2.0 */
#include "manual.h"

#include <stdio.h>
#include <string.h>

#include "help.h"
#include "option_list.h"

static void print_text(const char *text, size_t len);
static void print_about(const char *about);
static void print_operands(const char *operands);
static void print_option(void *context, const struct listed_option *option);
static void print_subcommands(const struct command *command);

void manual_print(const struct command *parent, const struct command *command)
{
	const char *group = parent ? parent->name : "";
	const char *dash = parent ? "\\-" : "";
	const char *gap = parent ? " " : "";

	printf(".TH custos\\-%s%s%s 1 \"\" \"custos %s\"\n", group, dash, command->name,
	       CUSTOS_VERSION);
	printf(".SH NAME\ncustos\\-%s%s%s \\- ", group, dash, command->name);
	print_text(command->summary, strlen(command->summary));
	printf("\n.SH SYNOPSIS\n.B custos %s%s%s\n", group, gap, command->name);
	if (command->subcommands)
		printf(".I SUBCOMMAND\n");
	printf(".RI [ OPTIONS ]\n");
	if (command->operands && *command->operands)
		print_operands(command->operands);
	printf(".SH DESCRIPTION\n");
	print_about(command->about);
	if (command->subcommands) {
		print_subcommands(command);
	} else if (!command->run_words) {
		printf(".SH OPTIONS\n");
		option_list(command, print_option, NULL);
	}
	printf(".SH SEE ALSO\n.BR custos (1),\nwhich explains settings, reasons, exit "
	       "codes and files.\n");
}

/* What roff would take for its own is kept from it. */
static void print_text(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\\')
			fputs("\\e", stdout);
		else if (text[i] == '-')
			fputs("\\-", stdout);
		else if (text[i] == '\'')
			fputs("\\(aq", stdout);
		else if (text[i] == '`')
			fputs("\\(ga", stdout);
		else if (i == 0 && text[i] == '.')
			fputs("\\&.", stdout);
		else
			putchar(text[i]);
	}
}

/* Lines that are indented are examples, and stay as they are; empty ones end a paragraph. */
static void print_about(const char *about)
{
	bool is_example = false;

	while (*about) {
		size_t len = strcspn(about, "\n");
		bool is_indented = about[0] == ' ';

		if (len > 0 && is_indented != is_example)
			puts(is_indented ? ".PP\n.nf\n.RS" : ".RE\n.fi\n.PP");
		if (len > 0)
			is_example = is_indented;
		if (len == 0 && !is_example)
			puts(".PP");
		if (len > 0) {
			size_t skip = is_indented ? strspn(about, " ") : 0;

			print_text(about + skip, len - skip);
			putchar('\n');
		}
		about += len + (about[len] == '\n');
	}
	if (is_example)
		puts(".RE\n.fi");
}

/* A | between whole forms begins a line of its own. */
static void print_operands(const char *operands)
{
	const char *bar;

	while ((bar = strstr(operands, " | ")) != NULL) {
		print_text(operands, (size_t)(bar - operands));
		puts("\n.br\n.RI or");
		operands = bar + 3;
	}
	print_text(operands, strlen(operands));
	putchar('\n');
}

static void print_option(void *context, const struct listed_option *option)
{
	(void)context;
	printf(".TP\n");
	if (option->letter)
		printf("\\fB\\-%c\\fR, ", option->letter);
	printf("\\fB\\-\\-");
	print_text(option->name, strlen(option->name));
	printf("\\fR");
	if (option->argument) {
		printf(" \\fI");
		print_text(option->argument, strlen(option->argument));
		printf("\\fR");
	}
	putchar('\n');
	print_text(option->text, strlen(option->text));
	printf(".\n");
}

static void print_subcommands(const struct command *command)
{
	printf(".SH SUBCOMMANDS\n");
	for (const struct command *const *sub = command->subcommands; *sub; sub++) {
		printf(".TP\n.B ");
		print_text((*sub)->name, strlen((*sub)->name));
		putchar('\n');
		print_text((*sub)->summary, strlen((*sub)->summary));
		printf(".\n.BR custos\\-%s\\-", command->name);
		print_text((*sub)->name, strlen((*sub)->name));
		printf(" (1)\n");
	}
}
