/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a rule that matched to a finding. In between stand the allow entries
 * (`fp`, `sfp`, and files in catalogues, `cat`) of the rule's own source: they
 * name digests, and silence the source's rules in the object that has the
 * digest and in all that is inside it. Entries of other sources have no say, but
 * where clamscan is followed.
 *
 * Digests are taken only here, when there is something to decide by them.
 */
#include <stdio.h>

#include "match/matcher.h"
#include "match/watch.h"
#include "scan/level.h"
#include "scan/program_look.h"

/* Hits told of one object; only a file made to be found has more. */
enum { HITS_MAX = LEVEL_TOLD_MAX };

enum { PIECE_LEN = 64 * 1024 };

struct allow_search {
	const struct database *database;
	uint32_t segment;
	struct slice source; /* whose rule it is that matched */
	bool of_any_source;
	bool found;
};

static bool told_before(struct level *level, const struct scan_hit *hit);
static enum status find_silencer(struct scan *scan, const struct level *level,
				 const struct rule_info *rule, const char **out);
static void tell_silenced(struct scan *scan, const struct scan_hit *hit,
			  const char *silencer);
static enum status search_level(struct scan *scan, struct level *level,
				struct allow_search *search);
static void on_allow_entry(void *context, uint32_t rule);
static bool has_wide_holes(const struct source *source, uint64_t hole_bytes_max);

void object_hit(struct scan *scan, struct level *level, const struct scan_hit *hit)
{
	const struct scan_events *events = &scan->setup->events;
	struct scan_hit told = *hit;
	struct digest sha256;
	struct rule_info rule;
	const char *silencer = NULL;

	if (told_before(level, hit))
		return;
	if (level->hits++ >= HITS_MAX) {
		if (level->hits == HITS_MAX + 1)
			scan_incomplete(scan, level, REASON_RULE, 0,
					slice_of("too many rules match"));
		return;
	}
	if (!database_rule(scan->setup->database, hit->segment, hit->rule, &rule))
		return;
	/* When the entries cannot be asked, the finding stands. */
	if (find_silencer(scan, level, &rule, &silencer) == STATUS_OK && silencer) {
		tell_silenced(scan, hit, silencer);
		return;
	}

	outcome_add_finding(&level->outcome);
	if (!events->hit)
		return;
	if (object_digest(scan, level, DIGEST_SHA256, &sha256) == STATUS_OK)
		told.sha256 = sha256.bytes;
	events->hit(events->context, &level->object, &told);
}

/* What matched in one view of the object need not be told of for another. */
static bool told_before(struct level *level, const struct scan_hit *hit)
{
	uint64_t id = (uint64_t)hit->segment << 32 | hit->rule;

	if (!level->told || hit->member.len > 0)
		return false;
	for (size_t i = 0; i < level->told_count; i++)
		if (level->told[i] == id)
			return true;
	if (level->told_count < LEVEL_TOLD_MAX)
		level->told[level->told_count++] = id;
	return false;
}

enum status object_digest(struct scan *scan, struct level *level, enum digest_kind kind,
			  struct digest *out)
{
	struct digest *known = &level->digests[kind];

	if (known->len == 0) {
		struct digest digests[DIGEST_COUNT];
		enum status status = scan_digests(scan, &level->source, 1u << kind,
						  digests);
		if (status != STATUS_OK)
			return status;
		*known = digests[kind];
	}
	*out = *known;
	return STATUS_OK;
}

/* Asks at every level, from the object up to the root. NULL: the finding stands. */
static enum status find_silencer(struct scan *scan, const struct level *level,
				 const struct rule_info *rule, const char **out)
{
	struct allow_search search = {
		.database = scan->setup->database,
		.source = rule->source,
		.of_any_source = scan->setup->clamav_compat,
	};
	const char *silencer = NULL;

	for (size_t i = level->object.depth + 1; i > 0 && !silencer; i--) {
		struct level *asked = &scan->levels[i - 1];
		bool in_catalog = false;

		if (rule->language != RULE_CERTIFICATE &&
		    object_is_trusted(scan, asked, rule->source)) {
			silencer = "a certificate vouches";
			break;
		}
		enum status status = search_level(scan, asked, &search);
		if (status == STATUS_OK && !search.found)
			status = object_is_in_catalog(scan, asked, rule->source,
						      &in_catalog);
		if (status != STATUS_OK)
			return status;
		if (search.found)
			silencer = "an allow entry stands";
		else if (in_catalog)
			silencer = "a catalogue vouches";
	}
	*out = silencer;
	return STATUS_OK;
}

/* To who asks why this rule finds nothing. */
static void tell_silenced(struct scan *scan, const struct scan_hit *hit,
			  const char *silencer)
{
	const struct match_watch *watch = scan->setup->watch;
	char text[WATCH_TEXT_MAX];

	if (!watch || !watch->explains || watch->segment != hit->segment ||
	    watch->rule != hit->rule)
		return;
	snprintf(text, sizeof(text),
		 "what matches is no finding: %s for the object, or what it is in",
		 silencer);
	watch->line(watch->context,
		    &(struct watch_line){ .answer = WATCH_NO, .text = slice_of(text) });
}

/*
 * A source may have its rules in one segment and its allow entries in a later one: all
 * are asked.
 */
static enum status search_level(struct scan *scan, struct level *level,
				struct allow_search *search)
{
	const struct database *database = search->database;
	struct digest digest;

	for (uint32_t s = 0; s < database->segment_count; s++) {
		const struct tables *tables = &database->segments[s];
		unsigned kinds = match_hash_kinds(tables, HASH_ALLOWED,
						  level->source.size);

		search->segment = s;
		for (unsigned kind = 0; kind < DIGEST_COUNT; kind++) {
			if (!(kinds & 1u << kind))
				continue;
			enum status status = object_digest(
				scan, level, (enum digest_kind)kind, &digest);
			if (status != STATUS_OK)
				return status;
			struct hash_query query = {
				.scope = HASH_ALLOWED,
				.digest = &digest,
				.size_bytes = level->source.size,
			};
			match_hash(tables, &query, on_allow_entry, search);
		}
	}
	return STATUS_OK;
}

static void on_allow_entry(void *context, uint32_t rule)
{
	struct allow_search *search = context;
	struct rule_info info;

	if (database_rule(search->database, search->segment, rule, &info) &&
	    (search->of_any_source || slice_equal(info.source, search->source)))
		search->found = true;
}

enum status scan_digests(struct scan *scan, const struct source *source, unsigned kinds,
			 struct digest out[DIGEST_COUNT])
{
	struct arena *arena = scan->setup->arena;
	struct digest_state *state = scan->setup->digest_state;
	struct arena_mark mark = arena_mark(arena);
	uint8_t *piece = arena_alloc_unset(arena, PIECE_LEN);
	enum status status = STATUS_NO_MEMORY;
	uint64_t offset = 0;
	size_t got;

	if (has_wide_holes(source, scan->setup->limits.hole_hash_bytes))
		status = STATUS_LIMIT;
	else if (piece)
		status = digest_start(state, kinds);
	while (status == STATUS_OK && offset < source->size) {
		if (scan_time_is_up(scan)) {
			status = STATUS_TIME;
			break;
		}
		status = source_read(source, offset, piece, PIECE_LEN, &got);
		if (status == STATUS_OK) {
			digest_update(state, piece, got);
			offset += got;
		}
	}
	if (status == STATUS_OK)
		digest_finish(state, out);
	arena_rewind(arena, mark);
	return status;
}

/* Zeros take as long to hash as anything else. */
static bool has_wide_holes(const struct source *source, uint64_t hole_bytes_max)
{
	uint64_t holes = source->size, at = 0;
	struct extent data;

	while (source_next_data(source, at, &data)) {
		holes -= data.len;
		at = data.offset + data.len;
	}
	return holes > hole_bytes_max;
}
