/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

#include <stdio.h>

static int run_version(struct invocation *invocation);

const struct command command_version = {
	.name = "version",
	.summary = "tell which custos this is",
	.operands = "",
	.about = "Shows the same as `custos --version'.\n",
	.run = run_version,
};

static int run_version(struct invocation *invocation)
{
	(void)invocation;
	puts("custos " CUSTOS_VERSION);
	return EXIT_OK;
}
