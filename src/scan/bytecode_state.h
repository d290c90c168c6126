/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of an object for the programs of bytecode rules. */
#pragma once

#include <stddef.h>

#include "bytes/source.h"

/* Programs that wait for patterns and are run, and objects that are made, at most. */
enum { BYTECODE_TRIGGERS_MAX = 64, BYTECODE_MADE_MAX = 64 };

struct bytecode_trigger;

struct bytecode_state {
	/* those that are to be run; NULL: there are none in the database */
	struct bytecode_trigger *triggers;
	size_t trigger_count;
	struct extent made[BYTECODE_MADE_MAX]; /* in the spool */
	size_t made_count, made_told;
};
