/* SPDX-License-Identifier: Apache-2.0 */
#include "host/lookup.h"

static void search_section(const struct lookup *lookup, uint32_t segment,
			   unsigned section, const struct digest *digest);
static size_t lower_bound(const struct tables *tables, enum section_id id,
			  const struct digest *digest);
static uint32_t first_rule_of(const struct tables *tables, unsigned section);

void lookup_all(const struct lookup *lookup)
{
	struct rule_info info;

	for (uint32_t s = 0; s < lookup->database->segment_count; s++) {
		uint32_t count = database_rule_count(lookup->database, s);

		for (uint32_t rule = 0; rule < count; rule++)
			if (database_rule(lookup->database, s, rule, &info))
				lookup->found(lookup->context, s, rule, &info);
	}
}

void lookup_name(const struct lookup *lookup, struct slice name)
{
	struct rule_info info;

	for (uint32_t s = 0; s < lookup->database->segment_count; s++) {
		uint32_t count = database_rule_count(lookup->database, s);

		for (uint32_t rule = 0; rule < count; rule++)
			if (database_rule(lookup->database, s, rule, &info) &&
			    lookup_is_called(&info, name) &&
			    !database_is_removed(lookup->database, s, rule))
				lookup->found(lookup->context, s, rule, &info);
	}
}

bool lookup_is_called(const struct rule_info *info, struct slice name)
{
	size_t at = info->source.len;

	if (slice_equal(info->name, name))
		return true;
	return name.len == at + 1 + info->name.len && name.base[at] == ':' &&
	       slice_equal((struct slice){ name.base, at }, info->source) &&
	       slice_equal((struct slice){ &name.base[at + 1], info->name.len },
			   info->name);
}

void lookup_digest(const struct lookup *lookup, const struct digest *digest)
{
	for (uint32_t s = 0; s < lookup->database->segment_count; s++)
		for (unsigned section = 0; section < HASH_SCOPES * DIGEST_KINDS;
		     section++)
			if (digest_len((enum digest_kind)(section % DIGEST_KINDS)) ==
			    digest->len)
				search_section(lookup, s, section, digest);
}

static void search_section(const struct lookup *lookup, uint32_t segment,
			   unsigned section, const struct digest *digest)
{
	const struct tables *tables = &lookup->database->segments[segment];
	enum section_id id = (enum section_id)(SECTION_DIGESTS + section);
	struct slice wanted = { digest->bytes, digest->len };
	uint32_t first = first_rule_of(tables, section);
	struct rule_info info;

	for (size_t i = lower_bound(tables, id, digest);; i++) {
		uint32_t rule = first + (uint32_t)i;

		if (!slice_equal(table_bytes(tables, id, i * digest->len, digest->len),
				 wanted))
			return;
		if (database_rule(lookup->database, segment, rule, &info) &&
		    !database_is_removed(lookup->database, segment, rule))
			lookup->found(lookup->context, segment, rule, &info);
	}
}

/* The first digest that is not below the one wanted. In a damaged table: any. */
static size_t lower_bound(const struct tables *tables, enum section_id id,
			  const struct digest *digest)
{
	size_t low = 0, high = table_count(tables, id, digest->len);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct slice at = table_bytes(tables, id, middle * digest->len,
					      digest->len);

		if (at.len == 0 || memcmp(at.base, digest->bytes, digest->len) >= 0)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* The id of the first rule in a hash section: database.h says how they are counted. */
static uint32_t first_rule_of(const struct tables *tables, unsigned section)
{
	size_t count = table_count(tables, SECTION_RULES, RULE_RECORD_LEN);

	for (unsigned i = 0; i < section; i++)
		count += table_count(tables, (enum section_id)(SECTION_HASHES + i),
				     HASH_RECORD_LEN);
	return (uint32_t)count;
}
