/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What sources switch off in cfg files: of their own rules, those that need it are left
 * out of the build, and told.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "match/config_entry.h"
#include "rules/rule.h"

struct switches {
	uint32_t (*words)[CONFIG_SECTIONS]; /* for each source */
};

/* All is on.  OK, NO_MEMORY */
MUST_CHECK enum status switches_init(struct switches *switches, struct arena *arena,
				     size_t source_count);

/* A line of a cfg file: a RULE_CONFIG. */
void switches_set(struct switches *switches, uint32_t source, const struct rule *rule);

/* Why a rule of that source is left out; NULL: it is not. */
const char *switches_against(const struct switches *switches, uint32_t source,
			     const struct rule *rule);
