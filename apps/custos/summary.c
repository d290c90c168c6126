/* SPDX-License-Identifier: Apache-2.0 */
#include "summary.h"

#include <stdio.h>
#include <time.h>

#include "base/cleanup.h"
#include "config/quantity.h"
#include "host/record.h"
#include "memory.h"
#include "screen.h"

/* The words at the left of each line. */
#define LABEL "%-11s"

/* Where examples begin: behind the label, a count and a reason. */
enum { EXAMPLE_COLUMN = 31 };

static void text_scanned(const struct summary *summary);
static void text_cached(const struct summary *summary);
static void text_rules(const struct catalog *catalog);
static void text_result(const struct summary *summary, const struct catalog *catalog);
static void text_incomplete(const struct summary *summary);
static void text_reason(const struct summary *summary, enum reason reason,
			const char *label);
static void text_left_out(const struct summary *summary);
static void json_summary(const struct summary *summary, struct printer *printer);
static void json_sources(struct json *json, const struct catalog *catalog);

void summary_add(struct summary *summary, const struct result *result)
{
	uint32_t seen = 0;

	for (size_t i = 0; i < result->gap_count; i++) {
		const struct result_gap *gap = &result->gaps[i];
		char **examples = summary->examples[gap->reason];
		AUTO_FREE char *path = NULL, *detail = NULL;
		size_t at = 0;

		/* One of a file says enough of it. */
		if (seen >> gap->reason & 1)
			continue;
		seen |= UINT32_C(1) << gap->reason;
		while (at < SUMMARY_EXAMPLES && examples[at])
			at++;
		if (at == SUMMARY_EXAMPLES)
			continue;
		path = print_object_path(result->item.path, &gap->object);
		detail = screen_escaped(slice_of(gap->detail));
		if (asprintf(&examples[at], "%s%s%s", path, *detail ? ": " : "", detail) <
		    0)
			abort();
	}
}

void summary_add_mount(struct summary *summary, struct slice path,
		       const char *file_system)
{
	AUTO_FREE char *escaped = screen_escaped(path);

	if (summary->mount_count == SUMMARY_MOUNTS)
		return;
	if (asprintf(&summary->mounts[summary->mount_count], "%s (%s)", escaped,
		     file_system) < 0)
		abort();
	summary->mount_count++;
}

void summary_clear(struct summary *summary)
{
	for (unsigned i = 0; i < REASON_COUNT; i++)
		for (size_t j = 0; j < SUMMARY_EXAMPLES; j++)
			free(summary->examples[i][j]);
	for (size_t i = 0; i < summary->mount_count; i++)
		free(summary->mounts[i]);
}

void summary_print(const struct summary *summary, struct printer *printer)
{
	if (printer->is_json) {
		json_summary(summary, printer);
		return;
	}
	if (summary->tally.n[TALLY_FINDINGS] > 0 || printer->is_verbose ||
	    printer->list_incomplete)
		screen_print(SCREEN_PLAIN, "\n");
	text_result(summary, printer->catalog);
	text_incomplete(summary);
	text_scanned(summary);
	text_cached(summary);
	text_rules(printer->catalog);
	text_left_out(summary);
}

char *summary_rules(const struct catalog *catalog)
{
	const struct catalog_source *source = &catalog->sources[0];
	char count[QUANTITY_TEXT_MAX];
	AUTO_FREE char *name = screen_escaped(source->name);
	AUTO_FREE char *coverage = screen_escaped(source->coverage);
	char *text;
	int len;

	quantity_show_count(catalog->rules, count);
	if (catalog->source_count > 1)
		len = asprintf(&text, "%s rules from %zu sources", count,
			       catalog->source_count);
	else if (source->newest == 0)
		len = asprintf(&text, "%s built-in %s%s%s%s", count,
			       quantity_word(catalog->rules, "rule", "rules"),
			       *coverage ? " (" : "", coverage, *coverage ? ")" : "");
	else
		len = asprintf(&text, "%s %s of %s", count,
			       quantity_word(catalog->rules, "rule", "rules"), name);
	if (len < 0)
		abort();
	return text;
}

static void text_result(const struct summary *summary, const struct catalog *catalog)
{
	const uint64_t *n = summary->tally.n;
	AUTO_FREE char *rules = summary_rules(catalog);
	char findings[QUANTITY_TEXT_MAX], files[QUANTITY_TEXT_MAX];

	screen_print(SCREEN_FAINT, LABEL, "result");
	if (summary->was_interrupted)
		screen_print(SCREEN_DOUBT, "interrupted; so far ");
	if (n[TALLY_FINDINGS] > 0)
		screen_print(SCREEN_BAD, "%s %s in %s %s",
			     quantity_show_count(n[TALLY_FINDINGS], findings),
			     quantity_word(n[TALLY_FINDINGS], "finding", "findings"),
			     quantity_show_count(n[TALLY_FOUND], files),
			     quantity_word(n[TALLY_FOUND], "file", "files"));
	else if (n[TALLY_FILES] == 0)
		screen_print(SCREEN_DOUBT, "no file was scanned");
	else
		screen_print(SCREEN_STRONG, "nothing found%s",
			     n[TALLY_INCOMPLETE] > 0 ? " in what was looked at," : "");
	screen_print(SCREEN_PLAIN, " by %s\n", rules);
	if (n[TALLY_ALLOWED] > 0)
		screen_print(
			SCREEN_PLAIN, LABEL "%s %s allowed by `custos allow list'\n", "",
			quantity_show_count(n[TALLY_ALLOWED], findings),
			quantity_word(n[TALLY_ALLOWED], "finding is", "findings are"));
	if (n[TALLY_ERRORS] > 0)
		screen_print(SCREEN_PLAIN, LABEL "%s %s could not be scanned\n", "",
			     quantity_show_count(n[TALLY_ERRORS], findings),
			     quantity_word(n[TALLY_ERRORS], "path", "paths"));
}

static void text_incomplete(const struct summary *summary)
{
	bool is_first = true;

	for (unsigned i = 0; i < REASON_COUNT; i++) {
		/* What was under way when it was interrupted says nothing of the files. */
		if (summary->tally.n[TALLY_REASONS + i] == 0 || i == REASON_INTERRUPTED)
			continue;
		text_reason(summary, (enum reason)i, is_first ? "incomplete" : "");
		is_first = false;
	}
	if (summary->worker_deaths > 0)
		screen_print(SCREEN_PLAIN, LABEL "%u %s ended before its time\n", "",
			     summary->worker_deaths,
			     quantity_word(summary->worker_deaths, "worker", "workers"));
}

/* How many objects, and the first few of them. */
static void text_reason(const struct summary *summary, enum reason reason,
			const char *label)
{
	uint64_t objects = summary->tally.n[TALLY_REASONS + reason];
	unsigned width = screen_width();
	char count[QUANTITY_TEXT_MAX];

	screen_print(SCREEN_FAINT, LABEL, label);
	screen_print(SCREEN_DOUBT, "%7s %-12s", quantity_show_count(objects, count),
		     reason_name(reason));
	for (size_t i = 0; i < SUMMARY_EXAMPLES && summary->examples[reason][i]; i++) {
		AUTO_FREE char *text = memory_text(
			slice_of(summary->examples[reason][i]));

		if (width > EXAMPLE_COLUMN)
			screen_shorten(text, width - EXAMPLE_COLUMN);
		screen_print(SCREEN_PLAIN, "%*s%s\n", i > 0 ? EXAMPLE_COLUMN : 0, "",
			     text);
	}
	if (!summary->examples[reason][0])
		screen_print(SCREEN_PLAIN, "\n");
	if (objects > SUMMARY_EXAMPLES)
		screen_print(SCREEN_PLAIN, "%*s...\n", EXAMPLE_COLUMN, "");
}

/* What was not read because nothing has changed, and what never will be left out so. */
static void text_cached(const struct summary *summary)
{
	const uint64_t *n = summary->tally.n;
	char count[QUANTITY_TEXT_MAX];

	if (n[TALLY_CACHED] > 0)
		screen_print(SCREEN_PLAIN,
			     LABEL "%s of them %s looked at before and %s not changed\n",
			     "", quantity_show_count(n[TALLY_CACHED], count),
			     quantity_word(n[TALLY_CACHED], "was", "were"),
			     quantity_word(n[TALLY_CACHED], "has", "have"));
	if (n[TALLY_CACHED_PARTLY] > 0)
		screen_print(SCREEN_PLAIN,
			     LABEL "%s of them %s read for new rules alone\n", "",
			     quantity_show_count(n[TALLY_CACHED_PARTLY], count),
			     quantity_word(n[TALLY_CACHED_PARTLY], "was", "were"));
	if (n[TALLY_NO_MEMORY] > 0)
		screen_print(SCREEN_PLAIN,
			     LABEL "%s of them %s read every time: changes cannot be "
				   "ruled out there\n",
			     "", quantity_show_count(n[TALLY_NO_MEMORY], count),
			     quantity_word(n[TALLY_NO_MEMORY], "is", "are"));
}

static void text_scanned(const struct summary *summary)
{
	const uint64_t *n = summary->tally.n;
	char files[QUANTITY_TEXT_MAX], size[QUANTITY_TEXT_MAX];
	char objects[QUANTITY_TEXT_MAX], took[QUANTITY_TEXT_MAX];

	screen_print(SCREEN_FAINT, LABEL, "scanned");
	screen_print(SCREEN_PLAIN, "%s %s, %s",
		     quantity_show_count(n[TALLY_FILES], files),
		     quantity_word(n[TALLY_FILES], "file", "files"),
		     quantity_show_size(n[TALLY_BYTES], size));
	if (n[TALLY_OBJECTS] > n[TALLY_FILES])
		screen_print(SCREEN_PLAIN, "; %s objects with those inside",
			     quantity_show_count(n[TALLY_OBJECTS], objects));
	screen_print(SCREEN_PLAIN, "; %s%s\n", quantity_show_time(summary->ms, took),
		     summary->was_resumed ? " since it was resumed" : "");
}

static void text_age(const struct catalog_source *source)
{
	time_t age = time(NULL) - source->newest;

	const char *what = "changed";

	if (source->release.len > 0) {
		screen_print(SCREEN_PLAIN, ", ");
		screen_text(source->release);
		screen_print(SCREEN_PLAIN, " %u", source->version);
		what = "made";
	}
	if (source->newest == 0)
		screen_print(SCREEN_PLAIN, ", came with custos " CUSTOS_VERSION);
	else if (age < 86400)
		screen_print(SCREEN_PLAIN, ", %s today", what);
	else
		screen_print(SCREEN_PLAIN, ", %s %lld %s ago", what,
			     (long long)age / 86400,
			     quantity_word((uint64_t)age / 86400, "day", "days"));
}

static void text_rules(const struct catalog *catalog)
{
	char count[QUANTITY_TEXT_MAX];

	for (size_t i = 0; i < catalog->source_count; i++) {
		const struct catalog_source *source = &catalog->sources[i];

		screen_print(SCREEN_FAINT, LABEL, i == 0 ? "rules" : "");
		screen_text(source->name);
		screen_print(SCREEN_PLAIN, ": %s %s",
			     quantity_show_count(source->rules, count),
			     quantity_word(source->rules, "rule", "rules"));
		text_age(source);
		if (source->coverage.len > 0 && catalog->source_count > 1) {
			screen_print(SCREEN_PLAIN, "; ");
			screen_text(source->coverage);
		}
		if (source->unread > 0) {
			screen_print(SCREEN_DOUBT, "; %zu rule %s cannot be read yet (",
				     source->unread,
				     quantity_word(source->unread, "file", "files"));
			screen_text(slice_of(source->unread_name));
			screen_print(SCREEN_DOUBT, "%s)",
				     source->unread > 1 ? " ..." : "");
		}
		screen_print(SCREEN_PLAIN, "\n");
	}
	if (catalog->clamav_trouble) {
		screen_print(SCREEN_FAINT, LABEL, "");
		screen_text(slice_of(catalog->clamav_trouble));
		screen_print(SCREEN_PLAIN, "\n");
	}
	if (catalog->refused > 0)
		screen_print(SCREEN_DOUBT,
			     LABEL "%s %s refused; `custos db check' says why\n", "",
			     quantity_show_count(catalog->refused, count),
			     quantity_word(catalog->refused, "line was", "lines were"));
}

static void text_left_out(const struct summary *summary)
{
	static const struct {
		enum tally_number number;
		const char *one, *many;
	} kinds[] = {
		{ TALLY_LINKS, "symbolic link", "symbolic links" },
		{ TALLY_SPECIAL, "special file", "special files" },
		{ TALLY_EXCLUDED, "excluded name", "excluded names" },
		{ TALLY_VANISHED, "vanished file", "vanished files" },
		{ TALLY_OWN, "file of custos' own", "files of custos' own" },
	};
	const uint64_t *n = summary->tally.n;
	uint64_t all = n[TALLY_MOUNTS];
	char count[QUANTITY_TEXT_MAX];
	const char *separator = "";

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		all += n[kinds[i].number];
	if (all == 0)
		return;
	screen_print(SCREEN_FAINT, LABEL, "left out");
	for (size_t i = 0; i < summary->mount_count; i++, separator = ", ")
		screen_print(SCREEN_PLAIN, "%s%s", separator, summary->mounts[i]);
	if (n[TALLY_MOUNTS] > summary->mount_count) {
		screen_print(SCREEN_PLAIN, "%s%s more file systems", separator,
			     quantity_show_count(n[TALLY_MOUNTS] - summary->mount_count,
						 count));
		separator = ", ";
	}
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (n[kinds[i].number] == 0)
			continue;
		screen_print(
			SCREEN_PLAIN, "%s%s %s", separator,
			quantity_show_count(n[kinds[i].number], count),
			quantity_word(n[kinds[i].number], kinds[i].one, kinds[i].many));
		separator = ", ";
	}
	screen_print(SCREEN_PLAIN, "\n");
}

static void json_summary(const struct summary *summary, struct printer *printer)
{
	struct json *json = &printer->json;
	const uint64_t *n = summary->tally.n;
	enum verdict verdict = VERDICT_CLEAN;

	if (n[TALLY_FINDINGS] > 0)
		verdict = VERDICT_FOUND;
	else if (n[TALLY_INCOMPLETE] > 0 || n[TALLY_ERRORS] > 0 ||
		 summary->was_interrupted || printer->catalog->clamav_trouble)
		verdict = VERDICT_INCOMPLETE;
	json_reset(json);
	json_begin_object(json, NULL);
	json_text(json, "schema", RECORD_SCHEMA);
	json_text(json, "type", "summary");
	json_text(json, "verdict", verdict_name(verdict));
	json_u64(json, "exit_code", (uint64_t)summary->exit_code);
	json_bool(json, "interrupted", summary->was_interrupted);
	json_bool(json, "resumed", summary->was_resumed);
	tally_write(json, &summary->tally);
	json_u64(json, "worker_deaths", summary->worker_deaths);
	json_text(json, "database", printer->database);
	json_sources(json, printer->catalog);
	json_text(json, "version", CUSTOS_VERSION);
	json_u64(json, "ms", summary->ms);
	json_end_object(json);
	print_json_line(printer);
}

static void json_sources(struct json *json, const struct catalog *catalog)
{
	json_begin_array(json, "sources");
	for (size_t i = 0; i < catalog->source_count; i++) {
		const struct catalog_source *source = &catalog->sources[i];

		json_begin_object(json, NULL);
		json_slice(json, "name", source->name);
		json_u64(json, "rules", source->rules);
		if (source->coverage.len > 0)
			json_slice(json, "coverage", source->coverage);
		if (source->licence.len > 0)
			json_slice(json, "licence", source->licence);
		json_bool(json, "built_in", source->newest == 0);
		if (source->newest != 0)
			json_i64(json, "changed", source->newest);
		if (source->release.len > 0) {
			json_slice(json, "release", source->release);
			json_u64(json, "version", source->version);
		}
		json_u64(json, "unread_files", source->unread);
		json_end_object(json);
	}
	json_end_array(json);
	json_u64(json, "rules", catalog->rules);
	json_u64(json, "refused", catalog->refused);
	if (catalog->clamav_trouble)
		json_text(json, "trouble", catalog->clamav_trouble);
}
