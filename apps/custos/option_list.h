/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The options of a command as they are shown: its own, then the settings that it takes,
 * then those of every command. Help, manual pages and completion are made from this.
 */
#pragma once

#include "command.h"

struct listed_option {
	char letter;   /* 0: none */
	char name[64]; /* without the dashes; a flag that is on is shown as no-… */
	const char *argument; /* NULL: it takes none */
	char text[192];       /* with the default in brackets */
	const char *choices;  /* words with | between; NULL: anything */
};

void option_list(const struct command *command,
		 void (*visit)(void *context, const struct listed_option *option),
		 void *context);
