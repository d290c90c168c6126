/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custos scan: the walk finds and opens files, the pool's workers look into
 * them, and this writes down what they say. One thread: whatever waits, waits
 * in pool_poll().
 */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "background.h"
#include "base/cleanup.h"
#include "feed.h"
#include "host/folder.h"
#include "host/ignore.h"
#include "interrupt.h"
#include "memory.h"
#include "progress.h"
#include "resumption.h"
#include "scanner.h"
#include "screen.h"
#include "summary.h"
#include "verdicts.h"

enum { POLL_MS = 200 };

static int run_scan(struct invocation *invocation);

static const struct option_spec scan_options[] = {
	{ "files-from", 'f', "FILE",
	  "scan also the paths in FILE, one a line; - is standard input" },
	{ "null", '0', NULL, "paths in that file end with a NUL, not a line" },
	{ "resume", 0, NULL, "go on where a scan of the same paths was interrupted" },
	{ "json", 0, NULL, "one JSON object a line, nothing else" },
	{ "quiet", 'q', NULL, "findings and errors alone" },
	{ "verbose", 'v', NULL,
	  "also list what nothing was found in, and what was left out" },
	{ "list-incomplete", 'i', NULL,
	  "list every object that was not looked at, and why" },
	{ 0 },
};

static const enum setting_id scan_settings[] = {
	SETTING_JOBS,        SETTING_ISOLATE,         SETTING_BACKGROUND,
	SETTING_EXCLUDE,     SETTING_ONE_FILE_SYSTEM, SETTING_ACCEPT,
	SETTING_ALL_MATCHES, SCANNER_SETTINGS,        SETTING_MAX_WAIT,
	SETTING_SUMMARY,     SETTING_PROGRESS,        SETTING_VERDICT_CACHE,
};

const struct command command_scan = {
	.name = "scan",
	.summary = "look for malware in files and folders",
	.operands = "PATH...",
	.about =
		"Looks into files, and into all files below folders; - is standard "
		"input.\n"
		"Needs neither root nor a network nor a service.\n"
		"\n"
		"  custos scan ~/Downloads\n"
		"  custos scan --json --exclude '*.iso' /srv | jq .\n"
		"  find / -mtime -1 -type f -print0 | custos scan --null --files-from -\n"
		"\n"
		"Ends with 0 if nothing was found, 1 if something was, 2 on an error, 3 "
		"if\n"
		"something could not be looked at (see --accept), 130 if interrupted.\n",
	.run = run_scan,
	.options = scan_options,
	.settings = scan_settings,
	.setting_count = ARRAY_LEN(scan_settings),
};

/* One run of the command. */
struct scan {
	const struct invocation *invocation;
	const struct config *config;
	struct scanner scanner;
	struct printer printer;
	struct judgement judgement;
	struct resumption resumption;
	struct verdicts verdicts;
	struct progress progress;
	struct summary summary;
	struct ignore *excludes;
	int list_fd;
	struct walk_options walk_options;
	struct walk *walk;
	unsigned job_flags;
	/* The rules in use: their descriptors keep the inodes from other files. */
	struct target_facts own[DATABASE_SEGMENTS_MAX];
	size_t own_count;
	bool walk_is_done;
	bool is_quiet;
	char *path; /* begun last, for the progress line */
	uint64_t started_ms;
};

static bool open_scan(struct scan *scan);
static void know_own_files(struct scan *scan);
static bool is_own(const struct scan *scan, const struct target_facts *facts);
static bool take_operands(struct scan *scan);
static bool take_excludes(struct scan *scan);
static void close_scan(struct scan *scan);
static int run_opened(struct scan *scan);
static bool scan_all(struct scan *scan);
static bool take_more(struct scan *scan);
static void take_item(struct scan *scan, struct walk_item *item);
static void take_own(struct scan *scan, struct walk_item *item);
static void submit(struct scan *scan, struct walk_item *item);
static void take_note(struct scan *scan, struct walk_item *item);
static void conclude(struct scan *scan, struct result *result, bool is_finished);
static void take_known(struct scan *scan, struct walk_item *item);
static void on_done(void *context, void *job, const struct pool_done *done);
static void on_settled(void *context, void *job, bool is_tainted);
static int finish(struct scan *scan, bool pool_works);

static const struct pool_events events = {
	.object = result_on_object,
	.leave = result_on_leave,
	.hit = result_on_hit,
	.incomplete = result_on_gap,
	.done = on_done,
	.settled = on_settled,
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int run_scan(struct invocation *invocation)
{
	struct scan scan = {
		.invocation = invocation,
		.config = &invocation->config,
		.list_fd = -1,
		.is_quiet = invocation_has(invocation, "quiet"),
		.started_ms = now_ms(),
	};
	int code = EXIT_ERROR;

	if (config_flag(scan.config, SETTING_BACKGROUND))
		background_enter();
	if (open_scan(&scan))
		code = run_opened(&scan);
	close_scan(&scan);
	return code;
}

static bool open_scan(struct scan *scan)
{
	if (!take_operands(scan) || !take_excludes(scan) ||
	    !scanner_open(&scan->scanner, scan->config))
		return false;
	/* Not before: nothing is lost when rules are compiled and that is broken off. */
	interrupt_watch();
	scan->scanner.user = scan;
	scan->judgement = (struct judgement){
		.catalog = &scan->scanner.catalog,
		.allow = &scan->scanner.allow,
		.all_matches = config_flag(scan->config, SETTING_ALL_MATCHES),
		.now = time(NULL),
	};
	/* What only the allow list asks for takes time where something is found. */
	if (scan->scanner.allow.count > 0)
		scan->job_flags = JOB_DIGESTS;
	scan->printer.is_json = invocation_has(scan->invocation, "json");
	scan->printer.is_verbose = invocation_has(scan->invocation, "verbose");
	scan->printer.list_incomplete = invocation_has(scan->invocation,
						       "list-incomplete");
	printer_init(&scan->printer, &scan->scanner.catalog);
	know_own_files(scan);
	resumption_init(&scan->resumption, scan->invocation, &scan->scanner.catalog,
			scan->scanner.state);
	if (invocation_has(scan->invocation, "resume") &&
	    !resumption_take(&scan->resumption, &scan->summary.tally))
		return false;
	scan->walk_options = (struct walk_options){
		.roots = (const char *const *)scan->invocation->operands,
		.root_count = scan->invocation->operand_count,
		.list_fd = scan->list_fd,
		.list_separator = invocation_has(scan->invocation, "null") ? '\0' : '\n',
		.one_file_system = config_flag(scan->config, SETTING_ONE_FILE_SYSTEM),
		.excludes = scan->excludes,
		.answer_ms = (uint32_t)config_number(scan->config, SETTING_MAX_WAIT),
		.start = scan->resumption.is_resumed ? &scan->resumption.start : NULL,
		.stop = &interrupted,
	};
	verdicts_open(&scan->verdicts, &scan->scanner, scan->config);
	if (scan->verdicts.is_open) {
		scan->walk_options.knows = verdicts_know;
		scan->walk_options.knows_context = &scan->verdicts;
	}
	if (walk_new(&scan->walk_options, &scan->walk) == STATUS_OK)
		return scanner_start(&scan->scanner, scan->config, &events);
	scanner_explain_walk();
	return false;
}

static void know_own_files(struct scan *scan)
{
	const struct catalog *catalog = &scan->scanner.catalog;

	for (size_t i = 0; i < catalog->count; i++)
		if (target_look(catalog->fds[i], &scan->own[scan->own_count]) ==
		    STATUS_OK)
			scan->own_count++;
}

/* Hundreds of megabytes, in which nothing could be found but by chance (match/veil.h). */
static bool is_own(const struct scan *scan, const struct target_facts *facts)
{
	for (size_t i = 0; i < scan->own_count; i++)
		if (scan->own[i].device == facts->device &&
		    scan->own[i].inode == facts->inode)
			return true;
	return false;
}

static bool take_operands(struct scan *scan)
{
	const char *list = invocation_text(scan->invocation, "files-from");
	bool uses_stdin = list && strcmp(list, "-") == 0;

	if (!list && scan->invocation->operand_count == 0) {
		screen_error("nothing to scan: give it a file or a folder");
		return false;
	}
	for (size_t i = 0; uses_stdin && i < scan->invocation->operand_count; i++)
		if (strcmp(scan->invocation->operands[i], "-") == 0) {
			screen_error("standard input cannot be both scanned and a list");
			return false;
		}
	if (uses_stdin)
		scan->list_fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	else if (list)
		scan->list_fd = open(list, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (list && scan->list_fd < 0)
		screen_error("%s: %s", list, strerror(errno));
	return !list || scan->list_fd >= 0;
}

static bool take_excludes(struct scan *scan)
{
	const struct config_value *value = &scan->config->values[SETTING_EXCLUDE];

	if (value->text_count == 0)
		return true;
	if (ignore_new(&scan->excludes) != STATUS_OK)
		abort();
	for (size_t i = 0; i < value->text_count; i++) {
		if (ignore_add(scan->excludes, slice_of(value->texts[i])) == STATUS_OK)
			continue;
		screen_error("%s: the pattern '%s' can match nothing", value->where,
			     value->texts[i]);
		return false;
	}
	return true;
}

static void close_scan(struct scan *scan)
{
	progress_stop(&scan->progress);
	walk_free(scan->walk);
	verdicts_close(&scan->verdicts);
	scanner_close(&scan->scanner);
	resumption_clear(&scan->resumption);
	printer_clear(&scan->printer);
	summary_clear(&scan->summary);
	ignore_free(scan->excludes);
	cleanup_close(&scan->list_fd);
	free(scan->path);
}

static int run_opened(struct scan *scan)
{
	struct walk_options forecast = scan->walk_options;
	bool pool_works;

	/* What comes from a list or from standard input cannot be read twice. */
	if (!resumption_is_possible(scan->invocation))
		forecast.root_count = 0;
	forecast.list_fd = -1;
	forecast.start = NULL;
	if (config_flag(scan->config, SETTING_PROGRESS) && !scan->printer.is_json &&
	    !scan->is_quiet)
		progress_start(&scan->progress, scan->started_ms, &forecast,
			       &scan->summary.tally);
	pool_works = scan_all(scan);
	progress_stop(&scan->progress);
	return finish(scan, pool_works);
}

/* False if nothing can be scanned any more; that was said on stderr. */
static bool scan_all(struct scan *scan)
{
	struct pool *pool = scan->scanner.pool;
	struct pool_error error;

	for (;;) {
		bool is_busy = take_more(scan);

		if (interrupted)
			break;
		if (scan->walk_is_done && pool_pending(pool) == 0)
			return true;
		if (!screen_flush())
			break;
		if (!pool_poll(pool, NULL, 0, is_busy ? 0 : POLL_MS, &error)) {
			screen_error("%s", error.text);
			return false;
		}
		progress_show(&scan->progress, now_ms(), &scan->summary.tally,
			      slice_of(scan->path ? scan->path : ""));
		resumption_tick(&scan->resumption, now_ms());
	}
	scan->summary.was_interrupted = true;
	pool_cancel(pool, REASON_INTERRUPTED);
	while (pool_pending(pool) > 0)
		if (!pool_poll(pool, NULL, 0, 0, &error))
			break;
	return true;
}

/* Gives the pool what it has room for. True if it could take still more at once. */
static bool take_more(struct scan *scan)
{
	enum { ITEMS_AT_ONCE = 256 };

	for (unsigned i = 0; i < ITEMS_AT_ONCE; i++) {
		struct walk_item item;
		enum status status;

		if (scan->walk_is_done || interrupted ||
		    !pool_has_room(scan->scanner.pool))
			return false;
		status = walk_next(scan->walk, &item);
		if (status == STATUS_OK) {
			take_item(scan, &item);
			walk_item_clear(&item);
			continue;
		}
		/* Descriptors come back with every file that is done. */
		if (status == STATUS_LIMIT && pool_pending(scan->scanner.pool) > 0)
			return false;
		scan->walk_is_done = true;
		if (status == STATUS_END)
			return false;
		print_error(&scan->printer, slice_of("the paths to be scanned"),
			    status == STATUS_NO_MEMORY ? "out of memory" :
							 strerror(errno));
		scan->summary.tally.n[TALLY_ERRORS]++;
	}
	return true;
}

static void take_item(struct scan *scan, struct walk_item *item)
{
	if (item->kind != WALK_FILE)
		take_note(scan, item);
	else if (is_own(scan, &item->facts) ||
		 resumption_is_mark(&scan->resumption, &item->facts))
		take_own(scan, item);
	else if (item->is_known)
		take_known(scan, item);
	else
		submit(scan, item);
}

static void take_own(struct scan *scan, struct walk_item *item)
{
	struct result *result = result_new(item);

	item = &result->item;
	result->part = resumption_issue(&scan->resumption, walk_item_position(item));
	result->tally.n[TALLY_OWN] = 1;
	print_left_out(&scan->printer, item->path,
		       "the rules in use, or a note of this scan");
	conclude(scan, result, true);
	result_free(result);
}

/* Nothing was found when it was read last, and it is the same. */
static void take_known(struct scan *scan, struct walk_item *item)
{
	struct result *result = result_new(item);

	item = &result->item;
	result->part = resumption_issue(&scan->resumption, walk_item_position(item));
	result->tally.n[TALLY_FILES] = 1;
	result->tally.n[TALLY_BYTES] = item->size;
	verdicts_tell(&scan->verdicts, result);
	print_result(&scan->printer, result);
	conclude(scan, result, true);
	result_free(result);
}

static void submit(struct scan *scan, struct walk_item *item)
{
	struct result *result = result_new(item);
	struct pool_job job;
	uint32_t known;

	item = &result->item;
	result->started_ms = now_ms();
	result->part = resumption_issue(&scan->resumption, walk_item_position(item));
	if (scan->progress.is_on) {
		free(scan->path);
		scan->path = memory_text(item->path);
	}
	known = verdicts_submit(&scan->verdicts, result);
	job = feed_job(item);
	job.known = known;
	job.flags = scan->job_flags;
	job.user = result;
	pool_submit(scan->scanner.pool, &job);
}

/* What the walk met and did not open. */
static void take_note(struct scan *scan, struct walk_item *item)
{
	static const enum tally_number numbers[WALK_KIND_COUNT] = {
		[WALK_LEFT_OUT] = TALLY_MOUNTS,   [WALK_SPECIAL] = TALLY_SPECIAL,
		[WALK_SYMLINK] = TALLY_LINKS,     [WALK_EXCLUDED] = TALLY_EXCLUDED,
		[WALK_VANISHED] = TALLY_VANISHED, [WALK_LOOP] = TALLY_MOUNTS,
	};
	struct result *result = result_new(item);
	uint64_t *n = result->tally.n;
	enum reason reason;
	char why[256];

	item = &result->item;
	result->part = resumption_issue(&scan->resumption, walk_item_position(item));
	walk_item_explain(scan->walk, item, why, sizeof(why));
	if (item->is_root && item->kind != WALK_EXCLUDED) {
		n[TALLY_ERRORS] = 1;
		print_error(&scan->printer, item->path, why);
	} else if (walk_kind_reason(item->kind, &reason)) {
		result_gap(
			result, NULL,
			&(struct pool_gap){ .reason = reason, .detail = slice_of(why) });
		n[TALLY_INCOMPLETE] = 1;
		print_result(&scan->printer, result);
	} else {
		n[numbers[item->kind]] = 1;
		if (item->kind == WALK_LEFT_OUT)
			summary_add_mount(&scan->summary, item->path, item->file_system);
		if (item->kind == WALK_LOOP)
			summary_add_mount(&scan->summary, item->path, "a loop");
		print_left_out(&scan->printer, item->path, why);
	}
	conclude(scan, result, true);
	result_free(result);
}

/* Its lines are written. What was broken off is not finished: it comes again on --resume. */
static void conclude(struct scan *scan, struct result *result, bool is_finished)
{
	summary_add(&scan->summary, result);
	tally_add(&scan->summary.tally, &result->tally);
	if (is_finished)
		resumption_finish(&scan->resumption, result->part, &result->tally);
}

static void on_done(void *context, void *job, const struct pool_done *done)
{
	struct scan *scan = ((struct scanner *)context)->user;
	struct result *result = job;

	result->ms = now_ms() - result->started_ms;
	result_judge(result, done, &scan->judgement);
	verdicts_done(&scan->verdicts, result, done);
	print_result(&scan->printer, result);
	conclude(scan, result, result->tally.n[TALLY_REASONS + REASON_INTERRUPTED] == 0);
}

/* Whether its worker can be believed is known now. */
static void on_settled(void *context, void *job, bool is_tainted)
{
	struct scan *scan = ((struct scanner *)context)->user;
	struct result *result = job;

	verdicts_settled(&scan->verdicts, result, is_tainted);
	result_free(result);
}

static int finish(struct scan *scan, bool pool_works)
{
	struct summary *summary = &scan->summary;
	bool can_resume = false;

	if (summary->was_interrupted)
		can_resume = resumption_save(&scan->resumption);
	else if (pool_works)
		resumption_end(&scan->resumption);
	/* Nobody reads any more: main() says so by its own end. */
	if (!screen_flush())
		return EXIT_ERROR;

	if (!pool_works)
		summary->tally.n[TALLY_ERRORS]++;
	summary->ms = now_ms() - scan->started_ms;
	summary->worker_deaths = pool_deaths(scan->scanner.pool);
	summary->was_resumed = scan->resumption.is_resumed;
	summary->exit_code = scanner_exit_code(
		&scan->scanner,
		tally_exit_code(&summary->tally,
				(uint32_t)config_number(scan->config, SETTING_ACCEPT)));
	if (summary->was_interrupted)
		summary->exit_code = EXIT_INTERRUPTED;
	if (config_flag(scan->config, SETTING_SUMMARY) &&
	    (scan->printer.is_json || !scan->is_quiet))
		summary_print(summary, &scan->printer);
	if (can_resume && screen_flush())
		screen_hint("the same command with --resume goes on from here");
	return summary->exit_code;
}
