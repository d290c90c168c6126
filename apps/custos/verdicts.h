/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a scan remembers of earlier ones: host/verdict_cache.h, with the rules and
 * settings of this command as its terms.
 */
#pragma once

#include <stdbool.h>

#include "host/verdict_cache.h"
#include "result.h"
#include "scanner.h"

struct verdicts {
	struct verdict_cache cache;
	const struct database *database;
	char *engine, *rules[DATABASE_SEGMENTS_MAX];
	struct slice segments[DATABASE_SEGMENTS_MAX];
	struct verdict_recalled recalled; /* of the file that verdicts_know() knew last */
	bool is_open; /* the settings allow it, and these rules can be met again */
};

/* The scanner is open. */
void verdicts_open(struct verdicts *verdicts, const struct scanner *scanner,
		   const struct config *config);
void verdicts_close(struct verdicts *verdicts);

/*
 * For the walk: need this file not be read, because what is to be said of it is known?
 * `context` are the verdicts.
 */
bool verdicts_know(void *context, uint64_t volume, const struct target_facts *facts);

/* What is to be said of the file that was known last. */
void verdicts_tell(const struct verdicts *verdicts, struct result *result);

/*
 * The file is given to a worker. Its descriptor is still with the result. Returns the
 * segments that need not be asked: pool_job.known.
 */
uint32_t verdicts_submit(const struct verdicts *verdicts, struct result *result);

/* It is judged. */
void verdicts_done(struct verdicts *verdicts, struct result *result,
		   const struct pool_done *done);

/* The last word on it. */
void verdicts_settled(struct verdicts *verdicts, const struct result *result,
		      bool is_tainted);
