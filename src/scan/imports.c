/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that name what a PE file imports (imp), by the length and digest of that text. */
#include "match/matcher.h"
#include "scan/program_look.h"
#include "view/pe_imports.h"

struct import_search {
	struct scan *scan;
	struct level *level;
	uint32_t segment;
};

static unsigned kinds_of(const struct database *database);
static void look_up(struct import_search *search, const struct pe_imports *imports);
static void on_rule(void *context, uint32_t rule);

void object_match_imports(struct scan *scan, struct level *level,
			  const struct executable *executable)
{
	struct import_search search = { .scan = scan, .level = level };
	struct pe_imports_setup setup = {
		.digest_state = scan->setup->digest_state,
		.kinds = kinds_of(scan->setup->database),
		.clamav_compat = scan->setup->clamav_compat,
	};
	struct pe_imports imports = { 0 };

	if (!executable->pe || setup.kinds == 0)
		return;
	enum status status = pe_imports_digest(executable->pe, scan->setup->arena, &setup,
					       &imports);
	if (status == STATUS_OK)
		look_up(&search, &imports);
	else if (status != STATUS_END)
		scan_incomplete(scan, level, scan_reason(status), 0,
				slice_of("imported functions"));
}

/* The digests by which any rule names imports. */
static unsigned kinds_of(const struct database *database)
{
	unsigned kinds = 0;

	for (size_t s = 0; s < database->segment_count; s++)
		kinds |= match_hash_kinds_of_any_size(&database->segments[s],
						      HASH_OF_PE_IMPORTS);
	return kinds;
}

static void look_up(struct import_search *search, const struct pe_imports *imports)
{
	const struct database *database = search->scan->setup->database;

	for (uint32_t s = 0; s < database->segment_count; s++) {
		search->segment = s;
		for (unsigned kind = 0; kind < DIGEST_COUNT; kind++) {
			struct hash_query query = {
				.scope = HASH_OF_PE_IMPORTS,
				.digest = &imports->digests[kind],
				.size_bytes = imports->len,
			};
			if (imports->digests[kind].len > 0)
				match_hash(&database->segments[s], &query, on_rule,
					   search);
		}
	}
}

/* Where: the text stands nowhere, so the whole file. */
static void on_rule(void *context, uint32_t rule)
{
	struct import_search *search = context;
	struct scan_hit hit = {
		.segment = search->segment,
		.rule = rule,
		.len = search->level->source.size,
	};

	object_hit(search->scan, search->level, &hit);
}
