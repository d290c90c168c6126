/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that are neither patterns nor hashes, field by field. */
#pragma once

#include "database/decode.h"
#include "match/tables.h"

/*
 * `line` is the rule's text, of a file called `file`; nothing is told of a language whose
 * rules are no lines.
 */
void decode_entry(enum rule_language language, struct slice file, struct slice line,
		  const struct decoder_output *output);
