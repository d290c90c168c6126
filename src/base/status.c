/* SPDX-License-Identifier: Apache-2.0 */
#include "base/status.h"

const char *status_name(enum status status)
{
	switch (status) {
	case STATUS_OK:
		return "ok";
	case STATUS_END:
		return "end";
	case STATUS_TRUNCATED:
		return "truncated";
	case STATUS_MALFORMED:
		return "malformed";
	case STATUS_UNSUPPORTED:
		return "unsupported";
	case STATUS_ENCRYPTED:
		return "encrypted";
	case STATUS_VOLUMES:
		return "volumes";
	case STATUS_LIMIT:
		return "limit";
	case STATUS_TIME:
		return "time";
	case STATUS_CHANGED:
		return "changed";
	case STATUS_NO_MEMORY:
		return "memory";
	case STATUS_IO:
		return "io";
	}
	return "unknown";
}
