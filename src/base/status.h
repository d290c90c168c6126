/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* How a piece of our own work ended. It never says what a file is. */
enum status {
	STATUS_OK,
	STATUS_END,
	STATUS_TRUNCATED,
	STATUS_MALFORMED,
	STATUS_LIMIT,
	STATUS_UNSUPPORTED,
	STATUS_NO_MEMORY,
	STATUS_IO,
};

/* The status as a lower-case word; static storage. */
const char *status_name(enum status status);
