/* SPDX-License-Identifier: Apache-2.0 */
#include "clamscan_report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "print.h"
#include "screen.h"

enum line_kind { LINE_FOUND, LINE_OK, LINE_NOTE };

static void line(struct clamscan_report *report, struct slice path, enum line_kind kind,
		 const char *text);
static void both(struct clamscan_report *report, const char *format, ...)
	PRINTF_LIKE(2, 3);
static void warn(const struct clamscan_report *report, struct slice path,
		 const char *text);
static void tell_gaps(struct clamscan_report *report, const struct result *result);
static const char *alert_of(const struct clamscan_options *options,
			    const struct result *result);
static char *name_of(const struct result_hit *hit, const struct catalog *catalog);

bool clamscan_report_open(struct clamscan_report *report,
			  const struct clamscan_options *options)
{
	*report = (struct clamscan_report){
		.options = options,
		.started = time(NULL),
	};
	clock_gettime(CLOCK_MONOTONIC, &report->clock);
	if (!options->log)
		return true;
	report->log = fopen(options->log, "ae");
	if (!report->log) {
		fprintf(stderr, "ERROR: %s: %s\n", options->log, strerror(errno));
		return false;
	}
	fprintf(report->log, "\n------------------------------------------------------"
			     "-------------------------\n\n");
	return true;
}

void clamscan_report_close(struct clamscan_report *report)
{
	if (report->log && fclose(report->log) != 0)
		fprintf(stderr, "ERROR: %s: %s\n", report->options->log, strerror(errno));
	report->log = NULL;
}

static struct slice shown_path(struct slice path)
{
	return slice_is(path, "-") ? slice_of("stdin") : path;
}

/* Lines of what is OK stand in no log; --infected leaves all but findings out. */
static void line(struct clamscan_report *report, struct slice path, enum line_kind kind,
		 const char *text)
{
	const struct clamscan_options *options = report->options;
	AUTO_FREE char *shown = screen_escaped(shown_path(path));
	const char *found = kind == LINE_FOUND ? " FOUND" : "";

	if (kind != LINE_FOUND && options->only_infected)
		return;
	if (report->log && (kind != LINE_OK || options->is_verbose))
		fprintf(report->log, "%s: %s%s\n", shown, text, found);
	if (options->is_quiet || (kind == LINE_OK && options->hides_ok))
		return;
	screen_print(SCREEN_PLAIN, "%s: %s%s\n", shown, text, found);
}

void clamscan_report_note(struct clamscan_report *report, struct slice path,
			  const char *what)
{
	line(report, path, LINE_NOTE, what);
}

static void warn(const struct clamscan_report *report, struct slice path,
		 const char *text)
{
	AUTO_FREE char *shown = screen_escaped(shown_path(path));
	AUTO_FREE char *escaped = screen_escaped(slice_of(text));

	if (report->options->uses_stdout)
		screen_print(SCREEN_PLAIN, "WARNING: %s: %s\n", shown, escaped);
	else
		fprintf(stderr, "WARNING: %s: %s\n", shown, escaped);
}

void clamscan_report_warning(struct clamscan_report *report, struct slice path,
			     const char *what)
{
	report->errors++;
	if (!report->options->is_quiet)
		warn(report, path, what);
}

void clamscan_report_result(struct clamscan_report *report, const struct result *result,
			    const struct catalog *catalog)
{
	const struct clamscan_options *options = report->options;
	const char *alert = alert_of(options, result);
	bool is_found = false;

	if (result->item.size == 0) {
		clamscan_report_note(report, result->item.path, "Empty file");
		return;
	}
	report->files++;
	report->bytes += result->item.size;
	for (size_t i = 0; i < result->hit_count; i++) {
		if (result->hits[i].state != HIT_SHOWN ||
		    (is_found && !options->all_matches))
			continue;
		AUTO_FREE char *name = name_of(&result->hits[i], catalog);

		is_found = true;
		line(report, result->item.path, LINE_FOUND, name);
	}
	if (!is_found && alert) {
		is_found = true;
		line(report, result->item.path, LINE_FOUND, alert);
	}
	report->infected += is_found;
	if (!is_found)
		line(report, result->item.path, LINE_OK, "OK");
	else if (options->rings)
		fputc('\a', stderr);
	tell_gaps(report, result);
}

/* Rules that did not come with the program, or from a signed container, are so marked. */
static char *name_of(const struct result_hit *hit, const struct catalog *catalog)
{
	struct rule_info info = { 0 };
	char *name = NULL;
	bool is_marked;

	if (!database_rule(&catalog->database, hit->segment, hit->rule, &info))
		info.name = slice_of("?");
	is_marked = !info.is_official && info.language != RULE_BYTECODE &&
		    info.language != RULE_CERTIFICATE;
	AUTO_FREE char *escaped = screen_escaped(info.name);
	if (asprintf(&name, "%s%s", escaped, is_marked ? ".UNOFFICIAL" : "") < 0)
		abort();
	return name;
}

/* One line a file, however much of it was not looked at; it is said even when quiet. */
static void tell_gaps(struct clamscan_report *report, const struct result *result)
{
	const struct result_gap *gap = result->gaps;
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *inside = NULL;

	if (result->gap_count == 0)
		return;
	report->incomplete++;
	if (gap->object.count > 0)
		inside = print_object_path(slice_of(""), &gap->object);
	if (asprintf(&text, "not looked at as a whole (%s%s%s)%s",
		     reason_name(gap->reason), gap->detail[0] ? ": " : "", gap->detail,
		     inside ? inside : "") < 0)
		abort();
	warn(report, result->item.path, text);
}

void clamscan_report_too_large(struct clamscan_report *report, struct slice path)
{
	report->files++;
	report->incomplete++;
	if (report->options->alerts_limits) {
		report->infected++;
		line(report, path, LINE_FOUND, "Heuristics.Limits.Exceeded.MaxFileSize");
	} else {
		line(report, path, LINE_OK, "OK");
	}
	warn(report, path, "not looked at (larger than --max-filesize)");
}

/* What --alert-exceeds-max and --alert-encrypted make of something not looked at. */
static const char *alert_of(const struct clamscan_options *options,
			    const struct result *result)
{
	static const char *const limits[REASON_COUNT] = {
		[REASON_SIZE] = "Heuristics.Limits.Exceeded.MaxFileSize",
		[REASON_FILES] = "Heuristics.Limits.Exceeded.MaxFiles",
		[REASON_DEPTH] = "Heuristics.Limits.Exceeded.MaxRecursion",
		[REASON_BYTES] = "Heuristics.Limits.Exceeded.MaxScanSize",
		[REASON_RATIO] = "Heuristics.Limits.Exceeded.MaxScanSize",
		[REASON_TIME] = "Heuristics.Limits.Exceeded.MaxScanTime",
	};

	for (size_t i = 0; i < result->gap_count; i++) {
		enum reason reason = result->gaps[i].reason;

		if (options->alerts_limits && limits[reason])
			return limits[reason];
		if (options->alerts_encrypted && reason == REASON_PASSWORD)
			return "Heuristics.Encrypted.Zip";
	}
	return NULL;
}

static void both(struct clamscan_report *report, const char *format, ...)
{
	char text[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (report->log)
		fputs(text, report->log);
	if (!report->options->is_quiet)
		screen_print(SCREEN_PLAIN, "%s", text);
}

static double megabytes(uint64_t bytes)
{
	return (double)bytes / (1024.0 * 1024.0);
}

void clamscan_report_summary(struct clamscan_report *report)
{
	const uint64_t seen = report->bytes_scanned;
	struct timespec now;
	struct tm from, to;
	time_t ended = time(NULL);
	char start[64], end[64];

	if (report->options->has_no_summary)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	double seconds = (double)(now.tv_sec - report->clock.tv_sec) +
			 (double)(now.tv_nsec - report->clock.tv_nsec) / 1e9;
	strftime(start, sizeof(start), "%Y:%m:%d %H:%M:%S",
		 localtime_r(&report->started, &from));
	strftime(end, sizeof(end), "%Y:%m:%d %H:%M:%S", localtime_r(&ended, &to));
	both(report, "\n----------- SCAN SUMMARY -----------\n");
	both(report, "Known viruses: %" PRIu64 "\n", report->rules);
	both(report, "Engine version: " CLAMSCAN_VERSION "\n");
	both(report, "Scanned directories: %" PRIu64 "\n", report->folders);
	both(report, "Scanned files: %" PRIu64 "\n", report->files);
	both(report, "Infected files: %" PRIu64 "\n", report->infected);
	if (report->errors > 0)
		both(report, "Total errors: %" PRIu64 "\n", report->errors);
	if (report->incomplete > 0)
		both(report, "Not looked at as a whole: %" PRIu64 "\n",
		     report->incomplete);
	both(report, "Data scanned: %.2f MB\n", megabytes(seen));
	both(report, "Data read: %.2f MB (ratio %.2f:1)\n", megabytes(report->bytes),
	     report->bytes > 0 ? (double)seen / (double)report->bytes : 0);
	both(report, "Time: %.3f sec (%d m %d s)\n", seconds, (int)(seconds / 60),
	     (int)seconds % 60);
	both(report, "Start Date: %s\nEnd Date:   %s\n", start, end);
}

int clamscan_report_exit_code(const struct clamscan_report *report)
{
	if (report->infected > 0)
		return 1;
	return report->errors > 0 ? 2 : 0;
}
