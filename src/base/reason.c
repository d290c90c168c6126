/* SPDX-License-Identifier: Apache-2.0 */
#include "base/reason.h"

#include <assert.h>
#include <string.h>

static const char *const names[REASON_COUNT] = {
	[REASON_SIZE] = "size",
	[REASON_FILES] = "files",
	[REASON_DEPTH] = "depth",
	[REASON_BYTES] = "bytes",
	[REASON_RATIO] = "ratio",
	[REASON_TIME] = "time",
	[REASON_MEMORY] = "memory",
	[REASON_PASSWORD] = "password",
	[REASON_DAMAGED] = "damaged",
	[REASON_UNSUPPORTED] = "unsupported",
	[REASON_VOLUMES] = "volumes",
	[REASON_CHANGED] = "changed",
	[REASON_UNREADABLE] = "unreadable",
	[REASON_REGEX] = "regex",
	[REASON_RULE] = "rule",
	[REASON_WORKER] = "worker",
	[REASON_INTERRUPTED] = "interrupted",
};

const char *reason_name(enum reason reason)
{
	if ((unsigned)reason >= REASON_COUNT)
		return "unknown";
	return names[reason];
}

bool reason_parse(const char *name, size_t len, enum reason *out)
{
	for (unsigned i = 0; i < REASON_COUNT; i++) {
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0) {
			*out = (enum reason)i;
			return true;
		}
	}
	return false;
}

enum reason reason_of_status(enum status status)
{
	switch (status) {
	case STATUS_OK:
	case STATUS_END:
		break;
	case STATUS_TRUNCATED:
	case STATUS_MALFORMED:
		return REASON_DAMAGED;
	case STATUS_UNSUPPORTED:
		return REASON_UNSUPPORTED;
	case STATUS_ENCRYPTED:
		return REASON_PASSWORD;
	case STATUS_VOLUMES:
		return REASON_VOLUMES;
	case STATUS_LIMIT:
		return REASON_SIZE;
	case STATUS_TIME:
		return REASON_TIME;
	case STATUS_CHANGED:
		return REASON_CHANGED;
	case STATUS_NO_MEMORY:
		return REASON_MEMORY;
	case STATUS_IO:
		return REASON_UNREADABLE;
	}
	assert(!"a piece of work that succeeded gives no reason");
	return REASON_WORKER;
}
