/* SPDX-License-Identifier: Apache-2.0 */
#include "host/tally.h"

#include "base/checked.h"

static const char *const names[TALLY_REASONS] = {
	[TALLY_FILES] = "files_scanned",
	[TALLY_BYTES] = "bytes_scanned",
	[TALLY_OBJECTS] = "objects_seen",
	[TALLY_FINDINGS] = "findings",
	[TALLY_FOUND] = "files_found",
	[TALLY_INCOMPLETE] = "files_incomplete",
	[TALLY_ALLOWED] = "allowed",
	[TALLY_ERRORS] = "errors",
	[TALLY_SPECIAL] = "special_files",
	[TALLY_LINKS] = "symbolic_links",
	[TALLY_EXCLUDED] = "excluded",
	[TALLY_MOUNTS] = "mounts_left_out",
	[TALLY_VANISHED] = "vanished",
	[TALLY_OWN] = "own_files",
	[TALLY_CACHED] = "files_cached",
	[TALLY_CACHED_PARTLY] = "files_cached_partly",
	[TALLY_NO_MEMORY] = "files_not_cacheable",
};

static const char *name_of(unsigned number)
{
	if (number < TALLY_REASONS)
		return names[number];
	return reason_name((enum reason)(number - TALLY_REASONS));
}

void tally_add(struct tally *tally, const struct tally *more)
{
	for (unsigned i = 0; i < TALLY_COUNT; i++)
		tally->n[i] = add_u64_capped(tally->n[i], more->n[i]);
}

void tally_to_counts(const struct tally *tally, struct resume_count out[TALLY_COUNT])
{
	for (unsigned i = 0; i < TALLY_COUNT; i++)
		out[i] = (struct resume_count){ name_of(i), tally->n[i] };
}

void tally_from_counts(struct tally *tally, const struct resume_count counts[TALLY_COUNT])
{
	for (unsigned i = 0; i < TALLY_COUNT; i++)
		tally->n[i] = counts[i].value;
}

int tally_exit_code(const struct tally *tally, uint32_t accepted)
{
	if (tally->n[TALLY_FINDINGS] > 0)
		return 1;
	if (tally->n[TALLY_ERRORS] > 0)
		return 2;
	for (unsigned i = 0; i < REASON_COUNT; i++)
		if (tally->n[TALLY_REASONS + i] > 0 && !(accepted >> i & 1))
			return 3;
	return 0;
}

void tally_write(struct json *json, const struct tally *tally)
{
	for (unsigned i = 0; i < TALLY_REASONS; i++)
		json_u64(json, names[i], tally->n[i]);
	json_begin_object(json, "incomplete");
	for (unsigned i = TALLY_REASONS; i < TALLY_COUNT; i++)
		if (tally->n[i] > 0)
			json_u64(json, name_of(i), tally->n[i]);
	json_end_object(json);
}
