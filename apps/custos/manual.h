/* SPDX-License-Identifier: Apache-2.0 */
/* Manual pages of single commands, made from the tables of commands and options. */
#pragma once

#include "command.h"

/* custos-NAME(1), or custos-PARENT-NAME(1), as roff on standard output. */
void manual_print(const struct command *parent, const struct command *command);
