/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command lines: GNU manners (options and operands in any order, `--` ends the
 * options, `--name=value` and `--name value`, short ones in a bunch), long
 * names never cut short, so that scripts do not break when a name is added.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"
#include "command.h"

/*
 * Reads what stands behind the command's name, `argc` words, into the
 * invocation, whose command and initial config are set. Words are borrowed.
 * False if something is wrong; that was said on stderr.
 */
MUST_CHECK bool options_parse(struct invocation *invocation, int argc, char **argv);

/* Gives back what options_parse() took. */
void options_clear(struct invocation *invocation);

/* Of `count` names, the one that `word` was probably meant to be, or NULL. */
const char *options_suggest(const char *word, const char *const *names, size_t count);
