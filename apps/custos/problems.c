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
	char count[QUANTITY_TEXT_MAX];

	if (problems->refused > 0)
		screen_warning("%s %s refused; the others are used",
			       quantity_show_count(problems->refused, count),
			       problems->refused == 1 ? "rule was" : "rules were");
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
