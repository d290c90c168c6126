/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bytecode file while it is read: a line at a time, each into its list of the program.
 */
#pragma once

#include "bytecode/code.h"
#include "bytes/reader.h"
#include "rules/rule.h"

struct cbc {
	struct arena *arena;
	struct rule_error *error;
	struct reader file;
	struct reader line; /* the one at hand */
	uint32_t line_number;
	struct program program;
	uint64_t type_count, function_count; /* as the first line says */
	struct slice title;                  /* the second line */
};

/* Notes what is wrong at the line's position; MALFORMED. */
enum status cbc_refuse(struct cbc *cbc, const char *message);

/* The next line, or an empty one. False: there is none. */
bool cbc_next_line(struct cbc *cbc);

/*
 * Room for one more at the end of a list whose count is *count, which is then one more.
 * NULL: out of memory, or there are more than PROGRAM_LIST_MAX.
 */
void *cbc_add(struct cbc *cbc, void **list, uint32_t *count, size_t size);

/* cbc_code.c: all functions, from the line at hand on.  OK, MALFORMED, NO_MEMORY */
MUST_CHECK enum status cbc_read_functions(struct cbc *cbc);

/* cbc_name.c: the names that it gives to what it finds.  OK, NO_MEMORY */
MUST_CHECK enum status cbc_names(struct cbc *cbc, struct rule *rule);
