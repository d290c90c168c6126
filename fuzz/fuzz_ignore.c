/* SPDX-License-Identifier: Apache-2.0 */
/* Input: patterns, each ended by a newline; then the path that is asked about. */
#include "host/ignore.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = { data, size };
	struct ignore *ignore;
	const uint8_t *end;

	if (ignore_new(&ignore) != STATUS_OK)
		return 0;
	while (rest.len > 0 && (end = memchr(rest.base, '\n', rest.len))) {
		struct slice pattern = { rest.base, (size_t)(end - rest.base) };

		(void)!ignore_add(ignore, pattern);
		rest = (struct slice){ &end[1], rest.len - pattern.len - 1 };
	}
	(void)!ignore_matches(ignore, rest, false);
	(void)!ignore_matches(ignore, rest, true);
	ignore_free(ignore);
	return 0;
}
