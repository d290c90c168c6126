/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker of the real program, just after it scanned a file, as /proc and
 * ptrace show it from outside.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "host/pool_error.h"
#include "prove_attacks.h"

enum { LIVE_CHECKS_MAX = 16 };

struct live_check {
	enum live_result {
		LIVE_HOLDS,
		LIVE_FAILS,
		LIVE_HIDDEN,  /* this user, or this kernel, does not let us see it */
		LIVE_NO_WALL, /* not as it should be, since the wall for it is missing */
	} result;
	const char *name;
	char value[160]; /* what was seen */
};

struct prove_live {
	int pid;
	struct live_check checks[LIVE_CHECKS_MAX];
	size_t count;
};

/*
 * `attacks` holds the walls that can be had here, and the list of system calls
 * that was attacked, to be compared. False, with *error filled in, if there is
 * no worker to look at.
 */
MUST_CHECK bool prove_live_look(struct prove_live *live,
				const struct prove_attacks *attacks,
				struct pool_error *error);
