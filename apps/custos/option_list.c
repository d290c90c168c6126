/* SPDX-License-Identifier: Apache-2.0 */
#include "option_list.h"

#include <stdio.h>
#include <string.h>

static struct listed_option listed(char letter, const char *name, const char *argument,
				   const char *text);
static struct listed_option listed_setting(const struct setting *setting);

void option_list(const struct command *command,
		 void (*visit)(void *context, const struct listed_option *option),
		 void *context)
{
	struct listed_option option;

	for (const struct option_spec *s = command->options; s && s->name; s++) {
		option = listed(s->letter, s->name, s->argument, s->help);
		visit(context, &option);
	}
	for (size_t i = 0; i < command->setting_count; i++) {
		option = listed_setting(&settings[command->settings[i]]);
		visit(context, &option);
	}
	if (command->run_words)
		return; /* it has its own */
	option = listed(0, "config", "FILE",
			"read settings from this file instead of the usual ones");
	visit(context, &option);
	option = listed('h', "help", NULL, "show this");
	visit(context, &option);
}

static struct listed_option listed(char letter, const char *name, const char *argument,
				   const char *text)
{
	struct listed_option option = { .letter = letter, .argument = argument };

	snprintf(option.name, sizeof(option.name), "%s", name);
	snprintf(option.text, sizeof(option.text), "%s", text);
	return option;
}

/* A flag that is on is shown by the option that turns it off. */
static struct listed_option listed_setting(const struct setting *setting)
{
	bool is_flag = setting->type == SETTING_FLAG;
	bool is_on = is_flag && strcmp(setting->fallback, "yes") == 0;
	bool has_default = *setting->fallback && !is_flag;
	struct listed_option option = {
		.letter = setting->letter,
		.argument = setting->argument,
		.choices = setting->type == SETTING_CHOICE ? setting->choices : NULL,
	};

	snprintf(option.name, sizeof(option.name), "%s%s", is_on ? "no-" : "",
		 setting->name);
	snprintf(option.text, sizeof(option.text), "%s%s%s%s%s", is_on ? "do not " : "",
		 setting->help, has_default ? " [" : "",
		 has_default ? setting->fallback : "", has_default ? "]" : "");
	return option;
}
