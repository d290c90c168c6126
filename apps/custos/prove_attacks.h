/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The attacks of custos-prove-worker, and what they came to on this host.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "host/pool_error.h"
#include "ipc/prove_record.h"
#include "sandbox/walls.h"

enum { PROVE_ATTACKS_MAX = 256, PROVE_TEXT_MAX = 48, PROVE_CODE_MAX = 32 * 1024 };

struct prove_attack {
	char group[PROVE_TEXT_MAX];
	char name[PROVE_TEXT_MAX];
	char what[PROVE_TEXT_MAX];
	enum prove_result result[PROVE_STAGES];
	int code[PROVE_STAGES]; /* errno or signal */
};

struct prove_attacks {
	struct prove_attack list[PROVE_ATTACKS_MAX];
	size_t count;
	bool has_walls;
	struct walls walls;
	uint8_t calls[PROVE_CODE_MAX]; /* the compiled list of system calls */
	size_t calls_len;
};

/* What an attack shows. */
enum prove_verdict {
	PROVE_DENIED,     /* it works in the open, and not in a worker */
	PROVE_ALLOWED,    /* it works in a worker */
	PROVE_NOT_TESTED, /* it does not work here in the open either: proves nothing */
};

enum prove_verdict prove_verdict_of(const struct prove_attack *attack);

/* Runs them all; takes a second or two. False, with *error filled in. */
MUST_CHECK bool prove_attacks_run(struct prove_attacks *attacks,
				  struct pool_error *error);
