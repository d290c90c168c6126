/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line of clamscan 1.4.6, as scripts write it: GNU options that may be cut
 * short, switches that take =yes or =no, and the same complaints on standard error.
 *
 * Every option of clamscan is known. What custos has no answer for is not passed over
 * in silence: an option that acts on found files is refused, one that would make it look
 * at less or tell more is warned of when it is given.
 */
#pragma once

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "config/config.h"

/* Regular expressions (POSIX, extended) over paths. */
struct clamscan_patterns {
	regex_t *list;
	size_t count;
};

/* What stands for --follow-file-symlinks and --follow-dir-symlinks. */
enum clamscan_follow { FOLLOW_NEVER, FOLLOW_ARGUMENTS, FOLLOW_ALWAYS };

/* All zeros is not a value: clamscan_options_read() sets what clamscan does by default. */
struct clamscan_options {
	struct config
		config; /* database, categories, limits: as `custos scan' has them */
	bool wants_help, wants_version;
	bool is_recursive, all_matches, is_verbose, is_quiet;
	bool only_infected, hides_ok, has_no_summary, uses_stdout, rings;
	bool alerts_limits, alerts_encrypted;
	unsigned follow_files, follow_folders; /* enum clamscan_follow */
	uint64_t folder_depth_max;             /* --max-dir-recursion */
	uint64_t file_bytes_max;               /* --max-filesize; 0: none */
	const char *file_list, *log;           /* or NULL */
	struct clamscan_patterns exclude, exclude_folder, include, include_folder;
	const char *const *operands; /* of argv */
	size_t operand_count;
};

/*
 * argv[0] is the program's name, as with main(). False: what is wrong was said on
 * standard error. clamscan_options_clear() in any case. Needs no database.
 */
MUST_CHECK bool clamscan_options_read(struct clamscan_options *options, int argc,
				      char **argv);
void clamscan_options_clear(struct clamscan_options *options);

/* All options, on standard output. */
void clamscan_options_help(void);
