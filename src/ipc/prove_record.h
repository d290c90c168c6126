/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What custos-prove-worker found out, for `custos prove` to print.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "ipc/message.h"

/* Each attack is made three times. */
enum prove_stage {
	PROVE_OPEN,   /* without any wall: if it fails here, it proves nothing */
	PROVE_WALLS,  /* behind all walls but the list of system calls */
	PROVE_LOCKED, /* locked up as a worker is */
};

enum { PROVE_STAGES = PROVE_LOCKED + 1 };

enum prove_result {
	PROVE_NOT_RUN, /* that stage could not be had; code: errno */
	PROVE_THROUGH, /* got through */
	PROVE_REFUSED, /* code: errno */
	PROVE_KILLED,  /* code: signal */
	PROVE_IGNORED, /* the parent did not take what was sent */
	PROVE_HUNG,
};

enum { PROVE_RESULT_COUNT = PROVE_HUNG + 1 };

struct record_attack {
	struct slice group; /* "files" … */
	struct slice name;
	struct slice what;
	uint32_t result[PROVE_STAGES]; /* enum prove_result */
	int32_t code[PROVE_STAGES];
};

/* The compiled list of system calls, as the kernel gets it. */
struct record_call_list {
	struct slice code;
};

MUST_CHECK bool prove_add_attack(struct message *to, const struct record_attack *attack);
MUST_CHECK bool prove_get_attack(struct slice body, struct record_attack *out);
MUST_CHECK bool prove_add_call_list(struct message *to,
				    const struct record_call_list *list);
MUST_CHECK bool prove_get_call_list(struct slice body, struct record_call_list *out);

/* The last record: without it, something was left out. */
MUST_CHECK bool prove_add_proved(struct message *to);
MUST_CHECK bool prove_get_proved(struct slice body);
