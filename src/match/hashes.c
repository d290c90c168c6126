/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests are spread evenly, so the first eight bytes of one tell about where in
 * the sorted table it is. If it is near there indeed, a few neighbouring pages
 * are searched instead of pages all over the table.
 */
#include "base/checked.h"
#include "match/digest_filter.h"
#include "match/matcher.h"

struct digest_table {
	const struct tables *tables;
	enum section_id id;
	size_t digest_len;
	size_t count;
};

static unsigned kind_of(const struct digest *digest);
static struct digest_table digests_of(const struct tables *tables, enum hash_scope scope,
				      unsigned digest_kind);
static size_t first_not_less(const struct digest_table *table, struct slice key);
static int compare_at(const struct digest_table *table, size_t index, struct slice key);
static size_t guess(const struct digest_table *table, struct slice key);
static uint32_t first_id(const struct tables *tables, enum hash_scope scope,
			 unsigned digest_kind);
static unsigned kinds_of_size(const struct tables *tables, uint32_t size);

void match_hash(const struct tables *tables, const struct hash_query *query,
		void (*found)(void *context, uint32_t rule), void *context)
{
	struct slice key = { query->digest->bytes, query->digest->len };
	unsigned kind = kind_of(query->digest);

	if (kind == DIGEST_KINDS || !match_hash_may_be(tables, query))
		return;
	struct digest_table table = digests_of(tables, query->scope, kind);
	enum section_id records = table.id + (SECTION_HASHES - SECTION_DIGESTS);
	uint32_t first = first_id(tables, query->scope, kind);
	for (size_t i = first_not_less(&table, key);
	     i < table.count && compare_at(&table, i, key) == 0; i++) {
		struct hash_record record = table_hash(tables, records, (uint32_t)i);

		/* The same digest may be named with several sizes. */
		if (record.size == HASH_ANY_SIZE || record.size == query->size_bytes)
			found(context, first + (uint32_t)i);
	}
}

bool match_hash_may_be(const struct tables *tables, const struct hash_query *query)
{
	struct slice key = { query->digest->bytes, query->digest->len };
	size_t place = ((size_t)query->scope * DIGEST_KINDS + kind_of(query->digest)) *
		       DIGEST_FILTER_PLACE_LEN;
	uint64_t first = table_u32(tables, SECTION_DIGEST_FILTERS, place);
	uint32_t blocks = table_u32(tables, SECTION_DIGEST_FILTERS, place + 4);
	uint64_t bits = digest_filter_bits(key);
	struct slice block;

	/* Where there is no filter, or not all of it, the table is asked. */
	if (blocks == 0)
		return true;
	first += digest_filter_block(key, blocks);
	block = table_bytes(tables, SECTION_DIGEST_FILTERS,
			    first * DIGEST_FILTER_BLOCK_LEN, DIGEST_FILTER_BLOCK_LEN);
	if (block.len == 0)
		return true;
	for (unsigned i = 0; i < DIGEST_FILTER_BITS; i++, bits >>= 9)
		if (!(block.base[bits % 512 / 8] >> bits % 8 & 1))
			return false;
	return true;
}

unsigned match_hash_kinds(const struct tables *tables, enum hash_scope scope,
			  uint64_t size_bytes)
{
	unsigned kinds = kinds_of_size(tables, HASH_ANY_SIZE);

	if (tables->is_quiet && scope != HASH_ALLOWED)
		return 0;
	if (size_bytes < HASH_ANY_SIZE)
		kinds |= kinds_of_size(tables, (uint32_t)size_bytes);
	return kinds >> (unsigned)scope * DIGEST_KINDS & ((1U << DIGEST_KINDS) - 1);
}

unsigned match_hash_kinds_of_any_size(const struct tables *tables, enum hash_scope scope)
{
	unsigned kinds = 0;

	if (tables->is_quiet)
		return 0;
	for (unsigned kind = 0; kind < DIGEST_KINDS; kind++)
		if (digests_of(tables, scope, kind).count > 0)
			kinds |= 1u << kind;
	return kinds;
}

/* DIGEST_KINDS: none. */
static unsigned kind_of(const struct digest *digest)
{
	unsigned kind = 0;

	while (kind < DIGEST_KINDS && digest_len((enum digest_kind)kind) != digest->len)
		kind++;
	return kind;
}

/* As many digests as there are records for them: the rest would have no name. */
static struct digest_table digests_of(const struct tables *tables, enum hash_scope scope,
				      unsigned digest_kind)
{
	unsigned index = (unsigned)scope * DIGEST_KINDS + digest_kind;
	size_t len = digest_len((enum digest_kind)digest_kind);
	size_t digests = table_count(tables, SECTION_DIGESTS + index, len);
	size_t records = table_count(tables, SECTION_HASHES + index, HASH_RECORD_LEN);

	return (struct digest_table){
		.tables = tables,
		.id = SECTION_DIGESTS + index,
		.digest_len = len,
		.count = min_size(digests, records),
	};
}

static size_t first_not_less(const struct digest_table *table, struct slice key)
{
	size_t low = 0;
	size_t high = table->count;
	size_t near = guess(table, key);
	size_t reach = 16;

	/* Off by more than a few roots of the count is what evenly spread digests never are. */
	while (reach / 4 * (reach / 4) < table->count)
		reach *= 2;
	if (near > reach && compare_at(table, near - reach, key) < 0)
		low = near - reach;
	if (table->count - near > reach && compare_at(table, near + reach, key) >= 0)
		high = near + reach;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_at(table, middle, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The digest at `index`, compared with the key as memcmp() does. */
static int compare_at(const struct digest_table *table, size_t index, struct slice key)
{
	struct slice digest = table_bytes(table->tables, table->id,
					  index * table->digest_len, table->digest_len);

	if (digest.len != key.len)
		return 1;
	return memcmp(digest.base, key.base, key.len);
}

static size_t guess(const struct digest_table *table, struct slice key)
{
	struct reader in = reader_of_slice(key);
	uint64_t part = reader_u64be(&in);

	return (size_t)((unsigned __int128)part * table->count >> 64);
}

/* Ids of hash rules follow those of the rules with patterns, in the order of the sections. */
static uint32_t first_id(const struct tables *tables, enum hash_scope scope,
			 unsigned digest_kind)
{
	unsigned index = (unsigned)scope * DIGEST_KINDS + digest_kind;
	size_t id = table_count(tables, SECTION_RULES, RULE_RECORD_LEN);

	for (unsigned i = 0; i < index; i++)
		id += table_count(tables, SECTION_HASHES + i, HASH_RECORD_LEN);
	return (uint32_t)id;
}

/* Bit scope * DIGEST_KINDS + kind. */
static unsigned kinds_of_size(const struct tables *tables, uint32_t size)
{
	size_t low = 0;
	size_t high = table_count(tables, SECTION_SIZES, sizeof(uint32_t));

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		uint32_t found = table_u32(tables, SECTION_SIZES,
					   middle * sizeof(uint32_t));
		if (found == size)
			return table_u16(tables, SECTION_SIZE_KINDS,
					 middle * sizeof(uint16_t));
		if (found < size)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}
