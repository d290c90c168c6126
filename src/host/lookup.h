/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding rules in a database by what people know of them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/slice.h"
#include "database/database.h"

struct lookup {
	const struct database *database;
	void (*found)(void *context, uint32_t segment, uint32_t rule,
		      const struct rule_info *info);
	void *context;
};

/* Calls `found` for each rule whose name is `name` or, with its source, `source:name`. */
void lookup_name(const struct lookup *lookup, struct slice name);

/* For each hash rule and allow entry with that digest, of whatever size and scope. */
void lookup_digest(const struct lookup *lookup, const struct digest *digest);

/* For each rule. */
void lookup_all(const struct lookup *lookup);

/* Is `name` the rule's name, or source:name? */
bool lookup_is_called(const struct rule_info *info, struct slice name);
