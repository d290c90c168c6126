/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two tables that say whether a gram triggers anything: SECTION_GRAMS, exact,
 * and SECTION_FILTERS, small enough to be asked for every byte of a file.
 */
#pragma once

#include <stdint.h>

#include "database/output.h"
#include "database/rows.h"

/* A gram and its run of triggers. */
struct gram {
	uint32_t folded;
	uint32_t first;
	uint16_t count;
	uint16_t targets; /* bit t: some of them fit objects of target t */
	uint8_t len;      /* FILTER_SHORT, …_TAIL, …_GRAM or …_LONG */
	bool is_out;      /* gram_table_write() found no place for it */
};

/*
 * `grams` are all different. Memory is taken from the arena of the rows.
 * OK, NO_MEMORY. A gram whose hash too many others have alike is left out of the
 * table, and marked: its rules must become candidates in another way.
 */
MUST_CHECK enum status gram_table_write(struct output *output, const struct rows *grams);
MUST_CHECK enum status gram_filters_write(struct output *output,
					  const struct rows *grams);
