/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules that name a section of a PE file (mdb, msb) by its length and digest. Only
 * sections of a length that some rule names are hashed. Sections may overlap, so a
 * small file can ask for its bytes many times over: the deadline ends that.
 */
#include "match/matcher.h"
#include "scan/program_look.h"

struct section_search {
	struct scan *scan;
	struct level *level;
	struct executable_section section;
	uint32_t segment;
};

static enum status look_at_section(struct section_search *search);
static void on_rule(void *context, uint32_t rule);

void object_match_sections(struct scan *scan, struct level *level,
			   const struct executable *executable)
{
	struct section_search search = { .scan = scan, .level = level };
	enum status status = STATUS_OK;

	if (level->types.primary != TYPE_MSEXE)
		return;
	for (size_t i = 0; i < executable->section_count && status == STATUS_OK; i++) {
		search.section = executable->sections[i];
		status = look_at_section(&search);
	}
	if (status == STATUS_TIME)
		scan_stop(scan, level, REASON_TIME);
	else if (status != STATUS_OK)
		scan_incomplete(scan, level, scan_reason(status), search.section.offset,
				slice_of("digest of a section"));
}

static enum status look_at_section(struct section_search *search)
{
	const struct database *database = search->scan->setup->database;
	struct source bytes = source_window(&search->level->source,
					    search->section.offset, search->section.len);
	struct digest digests[DIGEST_COUNT] = { 0 };
	unsigned kinds = 0;

	search->section.len = bytes.size;
	if (bytes.size == 0)
		return STATUS_OK;
	for (size_t s = 0; s < database->segment_count; s++)
		kinds |= match_hash_kinds(&database->segments[s], HASH_OF_PE_SECTION,
					  bytes.size);
	if (kinds == 0)
		return STATUS_OK;
	enum status status = scan_digests(search->scan, &bytes, kinds, digests);
	if (status != STATUS_OK)
		return status;
	for (uint32_t s = 0; s < database->segment_count; s++) {
		search->segment = s;
		for (unsigned kind = 0; kind < DIGEST_COUNT; kind++) {
			struct hash_query query = {
				.scope = HASH_OF_PE_SECTION,
				.digest = &digests[kind],
				.size_bytes = bytes.size,
			};
			if (kinds & 1u << kind)
				match_hash(&database->segments[s], &query, on_rule,
					   search);
		}
	}
	return STATUS_OK;
}

static void on_rule(void *context, uint32_t rule)
{
	struct section_search *search = context;
	struct scan_hit hit = {
		.segment = search->segment,
		.rule = rule,
		.offset = search->section.offset,
		.len = search->section.len,
	};

	object_hit(search->scan, search->level, &hit);
}
