/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of a scan: what was looked at, by what, and what not. It never says
 * more than that: no rules, no matter how many, make a file clean.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "host/tally.h"
#include "print.h"

enum { SUMMARY_EXAMPLES = 3, SUMMARY_MOUNTS = 8 };

struct summary {
	struct tally tally;
	/* Escaped lines, of the first few objects that are incomplete for each reason. */
	char *examples[REASON_COUNT][SUMMARY_EXAMPLES];
	char *mounts[SUMMARY_MOUNTS]; /* "proc on /proc", escaped */
	size_t mount_count;
	uint32_t worker_deaths;
	uint64_t ms;
	bool was_interrupted;
	bool was_resumed;
	int exit_code;
};

/* Keeps examples of what is incomplete in the file. */
void summary_add(struct summary *summary, const struct result *result);
void summary_add_mount(struct summary *summary, struct slice path,
		       const char *file_system);

void summary_print(const struct summary *summary, struct printer *printer);
void summary_clear(struct summary *summary);

/* "40 built-in rules (Linux servers; none for Windows or Office)", escaped; free() it. */
char *summary_rules(const struct catalog *catalog);
