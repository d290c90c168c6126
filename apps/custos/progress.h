/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one line that says how far a scan has got:
 *
 *	[0:42] 41,203 files  3.1 GiB  812.4 MiB/s  2 found  43 %  0:56 left  /srv/...
 *
 * On a terminal only, not before half a second has passed, at most five times
 * a second.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "forecast.h"
#include "host/tally.h"

struct progress {
	bool is_on;
	uint64_t started_ms, drawn_ms;
	uint64_t bytes_drawn; /* when it was drawn last */
	double rate;          /* bytes a second, smoothed */
	double cost_before;   /* what an earlier run had done of it */
	struct forecast forecast;
	bool is_counting;
	struct walk_options walk; /* for the forecast; without roots there is none */
};

/* `tally` is what an earlier run had counted already. */
void progress_start(struct progress *progress, uint64_t now_ms,
		    const struct walk_options *walk, const struct tally *tally);

/* Draws, if it is time to. `path` is the file last begun. */
void progress_show(struct progress *progress, uint64_t now_ms, const struct tally *tally,
		   struct slice path);

void progress_stop(struct progress *progress);
