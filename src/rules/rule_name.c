/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes/reader.h"
#include "rules/rule.h"

bool rule_name_is_weak(struct slice name)
{
	static const char *const prefixes[] = { "PUA.", "Heuristics.", "BC.Heuristics." };
	struct reader reader = reader_of_slice(name);

	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
		if (reader_has(&reader, 0, slice_of(prefixes[i])))
			return true;
	return false;
}
