/* SPDX-License-Identifier: Apache-2.0 */
#include "problems.h"

#include <stdio.h>

#include "base/cleanup.h"
#include "config/quantity.h"
#include "screen.h"

static const char *severity_text(enum build_severity severity);

void problems_add(struct problems *problems, const struct rule_problem *problem)
{
	/* A rule may be as long as a file: a piece of it is enough to know it by. */
	enum { DETAIL_MAX = 40 };
	struct slice detail = problem->detail;
	AUTO_FREE char *path = NULL, *member = NULL, *text = NULL;
	char place[32] = "";

	if (problems->reasons)
		build_reasons_add(problems->reasons, problem);
	problems->refused += problem->severity == BUILD_REFUSED;
	problems->refused_files += problem->severity == BUILD_REFUSED &&
				   problem->line == 0;
	problems->skipped += problem->severity == BUILD_SKIPPED;
	if (problem->severity == BUILD_NOTE && !problems->with_notes)
		return;
	if (problems->path != problem->path)
		problems->shown = 0;
	problems->path = problem->path;
	if (problems->shown++ >= problems->show_max)
		return;

	if (detail.len > DETAIL_MAX)
		detail.len = DETAIL_MAX;
	path = screen_escaped(slice_of(problem->path));
	member = screen_escaped(problem->member);
	text = screen_escaped(detail);
	if (problem->column > 0)
		snprintf(place, sizeof(place), "%u:%u:", problem->line, problem->column);
	else if (problem->line > 0)
		snprintf(place, sizeof(place), "%u:", problem->line);
	screen_status_wipe();
	fprintf(stderr, "%s%s%s:%s %s: %s%s%s%s\n", path, member[0] ? " ! " : "", member,
		place, severity_text(problem->severity), problem->message,
		detail.len > 0 ? ": " : "", text,
		detail.len < problem->detail.len ? "..." : "");
}

void problems_end(const struct problems *problems)
{
	const uint64_t files = problems->refused_files;
	const uint64_t lines = problems->refused - files;
	char file_count[QUANTITY_TEXT_MAX], line_count[QUANTITY_TEXT_MAX];

	quantity_show_count(files, file_count);
	quantity_show_count(lines, line_count);
	if (files > 0 && lines > 0)
		screen_warning("%s %s and %s %s were refused; the others are used",
			       file_count, quantity_word(files, "file", "files"),
			       line_count, quantity_word(lines, "line", "lines"));
	else if (files > 0)
		screen_warning("%s %s refused; the others are used", file_count,
			       quantity_word(files, "file was", "files were"));
	else if (lines > 0)
		screen_warning("%s %s refused; the others are used", line_count,
			       quantity_word(lines, "line was", "lines were"));
}

static const char *severity_text(enum build_severity severity)
{
	switch (severity) {
	case BUILD_REFUSED:
		return "refused";
	case BUILD_SKIPPED:
		return "skipped";
	case BUILD_NOTE:
		return "note";
	}
	return "note";
}
