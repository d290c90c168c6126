/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What clamscan 1.4.6 prints: a line for each file, the summary, the log.
 *
 * It has two words alone, OK and FOUND. What was not looked at is OK there; here that
 * line stays as scripts know it, and standard error and the summary say the rest.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "clamscan_options.h"
#include "result.h"

/* Whose lines, options and exit codes these are. */
#define CLAMSCAN_VERSION "1.4.6"

struct clamscan_report {
	const struct clamscan_options *options;
	FILE *log; /* or NULL */
	uint64_t rules;
	uint64_t folders, files, infected, errors, incomplete;
	uint64_t bytes, bytes_scanned;
	time_t started;
	struct timespec clock;
};

/* Opens the log, if there is to be one. False: that was said. */
MUST_CHECK bool clamscan_report_open(struct clamscan_report *report,
				     const struct clamscan_options *options);
void clamscan_report_close(struct clamscan_report *report);

/* A path that nothing is scanned of: "Empty file", "Excluded", "Symbolic link" … */
void clamscan_report_note(struct clamscan_report *report, struct slice path,
			  const char *what);

/* "WARNING: path: what"; it counts as an error. */
void clamscan_report_warning(struct clamscan_report *report, struct slice path,
			     const char *what);

/* All of one file, once it is judged. */
void clamscan_report_result(struct clamscan_report *report, const struct result *result,
			    const struct catalog *catalog);

/* A file that is larger than was asked for: OK, and told of. */
void clamscan_report_too_large(struct clamscan_report *report, struct slice path);

void clamscan_report_summary(struct clamscan_report *report);

/* 1 found, 2 error, 0. */
int clamscan_report_exit_code(const struct clamscan_report *report);
