/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much there is to scan: a second walk over the same paths, in a process
 * of its own that opens no file and only counts, so that the progress line can
 * say how long it will still take.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "host/walk.h"

struct forecast {
	pid_t pid; /* 0: not counting */
	int fd;
	bool is_complete; /* the counts are those of everything */
	uint64_t files;
	uint64_t bytes;
};

/* Starts to count what `options` would walk. If it cannot, nothing is known: no error. */
void forecast_start(struct forecast *forecast, const struct walk_options *options);

/* Takes what has been counted so far; never waits. */
void forecast_update(struct forecast *forecast);

void forecast_stop(struct forecast *forecast);
