/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "match/entry.h"
#include "match/explain.h"
#include "match/icons.h"

enum { GROUP_TEXT = 64 };

/* "IconGroup1 NAME", both if both are asked for. */
static void describe_groups(const struct icon_groups *groups, char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < ICON_GROUPS && len < size; i++) {
		struct slice name = groups->names[i];
		int shown = name.len > GROUP_TEXT ? GROUP_TEXT : (int)name.len;

		if (groups->is_asked[i])
			len += (size_t)snprintf(&out[len], size - len,
						"%sIconGroup%u %.*s",
						len > 0 ? " and " : "", i + 1, shown,
						(const char *)name.base);
	}
}

enum status explain_icons(struct explaining *explaining, bool *ret_holds)
{
	struct icon_groups groups = rule_icons(explaining->tables, &explaining->rule);
	char asked[ICON_GROUPS * (GROUP_TEXT + 20)];
	struct icon_report report;
	bool holds;

	if (!groups.is_asked[0] && !groups.is_asked[1])
		return STATUS_OK;
	enum status status = evaluator_ready(&explaining->evaluator);
	if (status == STATUS_OK)
		status = icons_report(&explaining->evaluator, groups, &report);
	describe_groups(&groups, asked, sizeof(asked));
	if (status == STATUS_LIMIT || status == STATUS_NO_MEMORY) {
		explain_say(explaining, 1, WATCH_UNKNOWN, "%s cannot be told: no %s left",
			    asked, status == STATUS_LIMIT ? "steps" : "memory");
		return STATUS_OK;
	}
	if (status != STATUS_OK)
		return status;
	holds = report.wanted > 0 && report.likeness >= report.wanted;
	*ret_holds = *ret_holds && holds;
	if (report.wanted == 0) {
		explain_say(explaining, 1, WATCH_NO,
			    "%s: of its %zu members and the %zu icons none are of one "
			    "size",
			    asked, report.members, report.icons);
		return STATUS_OK;
	}
	const struct tables *tables =
		&explaining->matcher->segments[report.nearest.segment];
	struct entry_record entry = table_entry(tables, report.nearest.entry);
	struct slice name = table_string(tables, entry.name);
	explain_say(explaining, 1, holds ? WATCH_YES : WATCH_NO,
		    "%s, with %zu members: of %zu icons the nearest is like %.*s by %u "
		    "percent, %u are asked for",
		    asked, report.members, report.icons, (int)name.len,
		    (const char *)name.base, report.likeness, report.wanted);
	return STATUS_OK;
}
