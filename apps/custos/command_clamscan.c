/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custos clamscan, also as a program of that name: clamscan's options, lines and exit
 * codes around custos' own walk and workers, and its meaning of rules (--compat=clamav).
 *
 * Limits that are not given are custos', which look at more. Found files are not touched.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "clamscan_paths.h"
#include "command.h"
#include "feed.h"
#include "interrupt.h"
#include "memory.h"
#include "scanner.h"
#include "screen.h"

enum { EXIT_NO_LIST = 54 };

struct clamscan {
	struct clamscan_options options;
	struct clamscan_report report;
	struct scanner scanner;
	struct judgement judgement;
	struct clamscan_roots roots;  /* still to be walked */
	struct clamscan_roots linked; /* of the tree that is walked now */
	size_t depth;                 /* of that tree's root */
	char *root;                   /* its absolute path, which expressions see */
	bool is_too_deep; /* the folder left out last: no word is said of it */
};

static int run_clamscan(int argc, char **argv);
static int run_read(struct clamscan *clamscan);
static bool take_paths(struct clamscan *clamscan, int *ret_code);
static bool take_list(struct clamscan *clamscan, const char *path);
static bool scan_roots(struct clamscan *clamscan, const struct clamscan_roots *roots);
static bool take_item(void *context, struct walk *walk, struct walk_item *item);
static void submit(struct clamscan *clamscan, struct walk_item *item);
static void take_note(struct clamscan *clamscan, struct walk *walk,
		      const struct walk_item *item);
static bool leaves_out(void *context, struct slice path, size_t below, bool is_folder);
static bool is_excluded(const struct clamscan *clamscan, struct slice path, size_t below,
			bool is_folder);
static void on_done(void *context, void *job, const struct pool_done *done);

static const struct pool_events events = {
	.object = result_on_object,
	.leave = result_on_leave,
	.hit = result_on_hit,
	.incomplete = result_on_gap,
	.done = on_done,
};

const struct command command_clamscan = {
	.name = "clamscan",
	.summary = "scan as ClamAV's clamscan does, for scripts",
	.operands = "[OPTIONS] [PATH...]",
	.about =
		"Takes clamscan's options, prints its lines and ends with its codes: 0, "
		"1 found,\n"
		"2 error. What was not looked at is OK there; here standard error says "
		"so. Rules\n"
		"mean what they mean to clamscan (--compat=clamav). Found files are not "
		"touched:\n"
		"--remove, --move and --copy are refused. `custos clamscan --help' lists "
		"the\n"
		"options.\n",
	.run_words = run_clamscan,
};

static int run_clamscan(int argc, char **argv)
{
	struct clamscan clamscan = { 0 };
	int code = EXIT_ERROR;

	if (!clamscan_options_read(&clamscan.options, argc, argv)) {
		clamscan_options_clear(&clamscan.options);
		return EXIT_ERROR;
	}
	if (clamscan.options.wants_help) {
		clamscan_options_help();
		code = EXIT_OK;
	} else if (clamscan.options.wants_version) {
		printf("ClamAV " CLAMSCAN_VERSION " (custos " CUSTOS_VERSION ")\n");
		code = EXIT_OK;
	} else if (clamscan_report_open(&clamscan.report, &clamscan.options)) {
		code = run_read(&clamscan);
		clamscan_report_close(&clamscan.report);
	}
	clamscan_options_clear(&clamscan.options);
	return code;
}

static int run_read(struct clamscan *clamscan)
{
	struct scanner *scanner = &clamscan->scanner;
	int code = EXIT_ERROR;
	bool ok = scanner_open(scanner, &clamscan->options.config);

	if (ok) {
		interrupt_watch();
		scanner->user = clamscan;
		clamscan->report.rules = scanner->catalog.rules;
		clamscan->judgement = (struct judgement){
			.catalog = &scanner->catalog,
			.allow = &scanner->allow,
			.all_matches = clamscan->options.all_matches,
			.now = clamscan->report.started,
		};
		ok = scanner_start(scanner, &clamscan->options.config, &events) &&
		     take_paths(clamscan, &code) &&
		     scan_roots(clamscan, &clamscan->roots);
		if (ok || clamscan->report.infected > 0)
			code = scanner_exit_code(
				scanner, clamscan_report_exit_code(&clamscan->report));
	}
	if (code != EXIT_NO_LIST)
		clamscan_report_summary(&clamscan->report);
	clamscan_roots_clear(&clamscan->roots);
	scanner_close(scanner);
	return interrupted ? EXIT_INTERRUPTED : code;
}

/* Arguments, the lines of a list, or the folder we are in. */
static bool take_paths(struct clamscan *clamscan, int *ret_code)
{
	const struct clamscan_options *options = &clamscan->options;
	AUTO_FREE char *here = NULL;

	if (options->file_list) {
		if (options->operand_count > 0 && !options->is_quiet)
			fprintf(stderr, "WARNING: Only scanning files from --file-list "
					"(files passed at cmdline are ignored)\n");
		*ret_code = EXIT_NO_LIST;
		return take_list(clamscan, options->file_list);
	}
	for (size_t i = 0; i < options->operand_count; i++)
		clamscan_roots_add(&clamscan->roots, &clamscan->report,
				   options->operands[i]);
	if (options->operand_count > 0)
		return true;
	here = getcwd(NULL, 0);
	if (here)
		clamscan_roots_add(&clamscan->roots, &clamscan->report, here);
	else
		fprintf(stderr, "ERROR: Can't get absolute pathname of current working "
				"directory\n");
	return here;
}

/* A list that breaks off is none: nobody would know what was not scanned. */
static bool take_list(struct clamscan *clamscan, const char *path)
{
	AUTO_FREE char *text = NULL;
	AUTO_FCLOSE FILE *list = fopen(path, "re");
	size_t room = 0;
	ssize_t len;

	while (list && (len = getline(&text, &room, list)) > 0) {
		if (text[len - 1] == '\n')
			text[len - 1] = '\0';
		if (text[0])
			clamscan_roots_add(&clamscan->roots, &clamscan->report, text);
	}
	if (list && !ferror(list))
		return true;
	fprintf(stderr, "ERROR: --file-list: Can't %s file %s\n", list ? "read" : "open",
		path);
	return false;
}

/* One tree after the other: how deep its folders may be depends on its root. */
static bool scan_roots(struct clamscan *clamscan, const struct clamscan_roots *roots)
{
	struct clamscan_roots linked;
	bool ok = true;

	for (size_t i = 0; ok && i < roots->count && !interrupted; i++) {
		const struct walk_options options = {
			.roots = (const char *const *)&roots->list[i],
			.root_count = 1,
			.list_fd = -1,
			.one_file_system = config_flag(&clamscan->options.config,
						       SETTING_ONE_FILE_SYSTEM),
			.leaves_out = leaves_out,
			.leaves_out_context = clamscan,
			.stop = &interrupted,
		};
		struct feed feed = { .take = take_item, .context = clamscan };

		AUTO_FREE char *root = realpath(roots->list[i], NULL);

		clamscan->root = root ? root : roots->list[i];
		clamscan->depth = roots->depths[i];
		clamscan->linked = (struct clamscan_roots){ 0 };
		ok = feed_walk(&clamscan->scanner, &options, &feed);
		clamscan->report.folders += feed.counts.directories;
		linked = clamscan->linked;
		ok = ok && scan_roots(clamscan, &linked);
		clamscan_roots_clear(&linked);
	}
	return ok;
}

static bool take_item(void *context, struct walk *walk, struct walk_item *item)
{
	struct clamscan *clamscan = context;
	const uint64_t max = clamscan->options.file_bytes_max;

	if (item->kind != WALK_FILE)
		take_note(clamscan, walk, item);
	else if (is_excluded(clamscan, item->path, item->below, false))
		clamscan_report_note(&clamscan->report, item->path, "Excluded");
	else if (max > 0 && item->size > max)
		clamscan_report_too_large(&clamscan->report, item->path);
	else
		submit(clamscan, item);
	return true;
}

static void submit(struct clamscan *clamscan, struct walk_item *item)
{
	struct result *result;
	struct pool_job job;

	if (clamscan->options.is_verbose && !clamscan->options.is_quiet) {
		screen_print(SCREEN_PLAIN, "Scanning ");
		screen_text(item->path);
		screen_print(SCREEN_PLAIN, "\n");
	}
	result = result_new(item);
	item = &result->item;
	job = feed_job(item);
	job.flags = clamscan->scanner.allow.count > 0 ? JOB_DIGESTS : 0;
	job.user = result;
	pool_submit(clamscan->scanner.pool, &job);
}

static size_t depth_of(const struct clamscan *clamscan, struct slice below)
{
	size_t depth = clamscan->depth;

	for (size_t i = 0; i < below.len; i++)
		depth += below.base[i] == '/';
	return depth;
}

/* What the walk met and did not open. */
static void take_note(struct clamscan *clamscan, struct walk *walk,
		      const struct walk_item *item)
{
	struct clamscan_report *report = &clamscan->report;
	struct slice below = { item->path.base + item->below,
			       item->path.len - item->below };
	char why[256];

	switch (item->kind) {
	case WALK_SYMLINK:
		if (!clamscan_roots_follow(&clamscan->linked, report, item->path,
					   depth_of(clamscan, below) + 1))
			clamscan_report_note(report, item->path, "Symbolic link");
		return;
	case WALK_EXCLUDED:
		if (!clamscan->is_too_deep)
			clamscan_report_note(report, item->path, "Excluded");
		return;
	case WALK_SPECIAL:
		return;
	case WALK_FILE:
	case WALK_UNREADABLE:
	case WALK_NO_ANSWER:
	case WALK_LOOP:
	case WALK_LEFT_OUT:
	case WALK_VANISHED:
		break;
	}
	if (item->kind == WALK_UNREADABLE && item->error == EACCES) {
		report->errors++;
		clamscan_report_note(report, item->path, "Access denied");
		return;
	}
	walk_item_explain(walk, item, why, sizeof(why));
	clamscan_report_warning(report, item->path, why);
}

/* The names in a root are at depth 1; a folder there is entered if 2 is allowed. */
static bool leaves_out(void *context, struct slice path, size_t below, bool is_folder)
{
	struct clamscan *clamscan = context;
	const struct clamscan_options *options = &clamscan->options;

	if (!is_folder)
		return false; /* take_item() asks, once it is known to be a file */
	const struct slice rest = { path.base + below, path.len - below };
	const size_t depth = depth_of(clamscan, rest) + 2;

	clamscan->is_too_deep = !options->is_recursive ||
				depth > options->folder_depth_max;
	return clamscan->is_too_deep || is_excluded(clamscan, path, below, true);
}

static bool is_excluded(const struct clamscan *clamscan, struct slice path, size_t below,
			bool is_folder)
{
	AUTO_FREE char *text = NULL;
	const int len = (int)(path.len - below);

	if (len == 0)
		return false; /* an argument: it was asked about before */
	if (asprintf(&text, "%s/%.*s", clamscan->root, len,
		     (const char *)path.base + below) < 0)
		abort();
	return clamscan_is_excluded(&clamscan->options, text, is_folder);
}

static void on_done(void *context, void *job, const struct pool_done *done)
{
	struct clamscan *clamscan = ((struct scanner *)context)->user;
	struct result *result = job;

	result_judge(result, done, &clamscan->judgement);
	clamscan->report.bytes_scanned += done->bytes;
	clamscan_report_result(&clamscan->report, result, clamscan->judgement.catalog);
	result_free(result);
}
