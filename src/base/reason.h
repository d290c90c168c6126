/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a verdict is `incomplete`. The list is closed: programs, reports and
 * `--accept` rely on these names, so a reason is added here or nowhere.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/status.h"

enum reason {
	REASON_SIZE,        /* a child larger than we keep; hashes of what is too large */
	REASON_FILES,       /* too many objects in one root */
	REASON_DEPTH,       /* nested too deep */
	REASON_BYTES,       /* too many bytes out of one root */
	REASON_RATIO,       /* expands suspiciously much */
	REASON_TIME,        /* the time for this root is used up */
	REASON_MEMORY,      /* needs more memory than a worker may have */
	REASON_PASSWORD,    /* encrypted, no password known */
	REASON_DAMAGED,     /* cut short or contradicts its format */
	REASON_UNSUPPORTED, /* a known container or method that nothing here opens */
	REASON_VOLUMES,     /* the rest is in another file */
	REASON_CHANGED,     /* changed while it was scanned */
	REASON_UNREADABLE,  /* the system did not let us read it, or not in time */
	REASON_REGEX,       /* a regular expression hit its limits */
	REASON_RULE,        /* a rule whose trigger held was cut short */
	REASON_WORKER,      /* the process that looked at it died, hung or lied */
	REASON_INTERRUPTED, /* the user stopped the scan */
};

enum { REASON_COUNT = REASON_INTERRUPTED + 1 };

/* The name as it stands in messages, JSON and options; never NULL. */
const char *reason_name(enum reason reason);

/* Finds a reason by its name. Returns false, and leaves *out alone, if there is none. */
MUST_CHECK bool reason_parse(const char *name, size_t len, enum reason *out);

/*
 * The reason that a piece of work which ended with `status` gives. OK and END give
 * none: not allowed.
 */
enum reason reason_of_status(enum status status);
