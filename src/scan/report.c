/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a scan under way says to its caller, and when it has to stop. Apart from
 * the loop, so that what the loop calls need not call the loop.
 */
#include "scan/level.h"

void scan_incomplete(struct scan *scan, struct level *level, enum reason reason,
		     uint64_t offset, struct slice detail)
{
	const struct scan_events *events = &scan->setup->events;

	outcome_add_reason(&level->outcome, reason);
	if (events->incomplete)
		events->incomplete(events->context, &level->object, reason, offset,
				   detail);
}

void scan_stop(struct scan *scan, struct level *level, enum reason reason)
{
	if (!scan->stopped)
		scan_incomplete(scan, level, reason, 0, (struct slice){ 0 });
	scan->stopped = true;
}

enum reason scan_reason(enum status status)
{
	/* A parser knows no limits but that of its decoder's memory. */
	if (status == STATUS_LIMIT)
		return REASON_MEMORY;
	return reason_of_status(status);
}

void scan_announce(struct scan *scan, struct level *level)
{
	const struct scan_events *events = &scan->setup->events;

	if (!level->announced && events->object)
		events->object(events->context, &level->object);
	level->announced = true;
}

bool scan_time_is_up(const struct scan *scan)
{
	return clock_now_ms(&scan->setup->clock) >= scan->deadline_ms;
}
