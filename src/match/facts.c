/* SPDX-License-Identifier: Apache-2.0 */
#include "match/facts.h"

enum status facts_version(struct facts *facts, const struct pe_version **out)
{
	const struct matcher *matcher = facts->matcher;
	const struct executable *executable = facts->object->executable;
	bool compat = matcher->flags & MATCH_CLAMAV_COMPAT;
	enum status status = STATUS_OK;

	if (!facts->knows_version && executable && executable->pe)
		status = pe_version_read(executable->pe, matcher->arena, compat,
					 &facts->version);
	if (status != STATUS_OK)
		return status;
	facts->knows_version = true;
	*out = &facts->version;
	return STATUS_OK;
}
