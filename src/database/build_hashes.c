/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hash rules, for each scope and kind of digest in rows of their own. A row is
 *
 *	digest, size (u32 BE), file (u16 BE), line (u32 BE), hash of the name (u15) and
 *	whether it is repeated (u1), name in STRINGS (u32 LE)
 *
 * whose first four fields are the order in the segment. Nothing else is kept of
 * a hash rule: 8.7 million of them take 32 bytes each for MD5.
 */
#include <string.h>

#include "base/text_hash.h"
#include "bytes/reader.h"
#include "bytes/store.h"
#include "database/builder.h"
#include "match/digest_filter.h"

enum { NAME_HASH = 0x7fff, IS_REPEATED = 0x8000 };
enum { ORDER_LEN = 10, TAIL_LEN = ORDER_LEN + 6, SIZE_ROW_LEN = 6, SIZE_LEN = 4 };

/* A row, taken apart. */
struct hash_row {
	uint32_t size;
	uint16_t file;
	uint32_t line;
	uint16_t name_hash;
	bool is_repeated;
	uint32_t name;
};

static void drop_repeated(struct builder *builder, struct rows *rows,
			  size_t digest_bytes);
static enum status write_digests(struct builder *builder);
static enum status write_sizes(struct builder *builder);
static void count_rules(struct builder *builder, enum hash_scope scope,
			const struct rows *rows, size_t digest_bytes);

void builder_init_hashes(struct builder *builder)
{
	for (unsigned scope = 0; scope < HASH_SCOPES; scope++)
		for (unsigned kind = 0; kind < DIGEST_KINDS; kind++)
			rows_init(&builder->hashes[scope][kind], builder->options->arena,
				  digest_len((enum digest_kind)kind) + TAIL_LEN);
}

enum status builder_add_hash(struct builder *builder, const struct rule *rule,
			     const struct rule_place *place)
{
	uint8_t row[DIGEST_LEN_MAX + TAIL_LEN];
	struct rows *rows = &builder->hashes[rule->scope][rule->digest_kind];
	size_t len = digest_len((enum digest_kind)rule->digest_kind);
	uint32_t name;
	enum status status = builder_string(builder, rule->name, &name);

	if (status != STATUS_OK)
		return status;
	if (rows->count >= INT32_MAX / (HASH_SCOPES * DIGEST_KINDS))
		return STATUS_LIMIT;
	memcpy(row, rule->digest, len);
	store_u32be(&row[len], rule->size);
	row[len + 4] = (uint8_t)(place->input >> 8);
	row[len + 5] = (uint8_t)place->input;
	store_u32be(&row[len + 6], place->line);
	store_u16le(&row[len + 10],
		    (uint16_t)(text_hash(TEXT_HASH_START, rule->name) & NAME_HASH));
	store_u32le(&row[len + 12], name);
	if (!rows_append(rows, row, 1))
		return STATUS_NO_MEMORY;
	builder->counts[place->input].taken++;
	return STATUS_OK;
}

enum status builder_write_hashes(struct builder *builder)
{
	for (unsigned scope = 0; scope < HASH_SCOPES; scope++) {
		for (unsigned kind = 0; kind < DIGEST_KINDS; kind++) {
			struct rows *rows = &builder->hashes[scope][kind];
			size_t len = digest_len((enum digest_kind)kind);

			rows_sort(rows, len + ORDER_LEN);
			drop_repeated(builder, rows, len);
			count_rules(builder, (enum hash_scope)scope, rows, len);
		}
	}
	enum status status = write_digests(builder);
	if (status == STATUS_OK)
		status = write_sizes(builder);
	return status;
}

static struct hash_row row_at(const struct rows *rows, size_t index, size_t digest_bytes)
{
	struct reader reader = reader_of(rows_at(rows, index), rows->item_len);
	struct hash_row row;

	reader_skip(&reader, digest_bytes);
	row.size = reader_u32be(&reader);
	row.file = reader_u16be(&reader);
	row.line = reader_u32be(&reader);
	row.name_hash = reader_u16le(&reader);
	row.is_repeated = row.name_hash & IS_REPEATED;
	row.name_hash &= NAME_HASH;
	row.name = reader_u32le(&reader);
	return row;
}

/* What a delta takes away must not have stood for another line, too. */
static void mark_repeated(uint8_t *row, size_t digest_bytes, uint16_t name_hash)
{
	store_u16le(&row[digest_bytes + ORDER_LEN], name_hash | IS_REPEATED);
}

/* Neighbours with one digest, size, source and name: all but the first go. */
static void drop_repeated(struct builder *builder, struct rows *rows, size_t digest_bytes)
{
	const struct build_file *files = builder->files;
	struct hash_row last = { 0 };
	size_t kept = 0;

	for (size_t i = 0; i < rows->count; i++) {
		struct hash_row row = row_at(rows, i, digest_bytes);

		if (kept > 0 && row.name_hash == last.name_hash &&
		    files[row.file].source_id == files[last.file].source_id &&
		    memcmp(rows_at(rows, i), rows_at(rows, kept - 1),
			   digest_bytes + SIZE_LEN) == 0) {
			mark_repeated(rows_at(rows, kept - 1), digest_bytes,
				      last.name_hash);
			builder->counts[row.file].taken--;
			builder_problem(builder,
					&(struct build_problem){
						.severity = BUILD_SKIPPED,
						.input = row.file,
						.line = row.line,
						.message = "the same rule once more",
					});
			continue;
		}
		if (kept != i)
			memcpy(rows_at(rows, kept), rows_at(rows, i), rows->item_len);
		last = row;
		kept++;
	}
	rows_cut(rows, kept);
}

static void count_rules(struct builder *builder, enum hash_scope scope,
			const struct rows *rows, size_t digest_bytes)
{
	if (scope == HASH_ALLOWED) {
		builder->allow_entries += (uint32_t)rows->count;
		return;
	}
	builder->hash_rules += (uint32_t)rows->count;
	for (size_t i = 0; i < rows->count; i++) {
		struct hash_row row = row_at(rows, i, digest_bytes);

		builder->source_rules[builder->files[row.file].source_id]++;
	}
}

static void write_kind(struct builder *builder, unsigned scope, unsigned kind)
{
	struct output *output = &builder->output;
	const struct rows *rows = &builder->hashes[scope][kind];
	size_t len = digest_len((enum digest_kind)kind);
	unsigned id = scope * DIGEST_KINDS + kind;

	output_begin(output, (enum section_id)(SECTION_DIGESTS + id));
	for (size_t i = 0; i < rows->count; i++)
		output_put(output, rows_at(rows, i), len);
	output_end(output, (enum section_id)(SECTION_DIGESTS + id));

	output_begin(output, (enum section_id)(SECTION_HASHES + id));
	for (size_t i = 0; i < rows->count; i++) {
		struct hash_row row = row_at(rows, i, len);

		output_u32(output, row.size);
		output_u32(output, row.name);
		output_u32(output, row.line);
		output_u16(output, row.file);
		output_u16(output, row.is_repeated ? HASH_REPEATED : 0);
	}
	output_end(output, (enum section_id)(SECTION_HASHES + id));
}

/* Blocks in the order of the digests: none is begun before the one in front is whole. */
static void write_blocks(struct builder *builder, const struct rows *rows, size_t len)
{
	uint32_t blocks = digest_filter_blocks(rows->count);
	size_t i = 0;

	for (uint32_t number = 0; number < blocks; number++) {
		uint8_t block[DIGEST_FILTER_BLOCK_LEN] = { 0 };

		for (; i < rows->count; i++) {
			struct slice digest = { rows_at(rows, i), len };
			uint64_t bits = digest_filter_bits(digest);

			if (digest_filter_block(digest, blocks) != number)
				break;
			for (unsigned b = 0; b < DIGEST_FILTER_BITS; b++, bits >>= 9)
				block[bits % 512 / 8] |= (uint8_t)(1u << bits % 8);
		}
		output_put(&builder->output, block, sizeof(block));
	}
}

static void write_filters(struct builder *builder)
{
	struct output *output = &builder->output;
	uint32_t first = DIGEST_FILTER_HEAD_LEN / DIGEST_FILTER_BLOCK_LEN;

	output_begin(output, SECTION_DIGEST_FILTERS);
	for (unsigned id = 0; id < DIGEST_FILTER_PLACES; id++) {
		const struct rows *rows =
			&builder->hashes[id / DIGEST_KINDS][id % DIGEST_KINDS];
		uint32_t blocks = digest_filter_blocks(rows->count);

		output_u32(output, first);
		output_u32(output, blocks);
		first += blocks;
	}
	for (size_t at = DIGEST_FILTER_PLACES * DIGEST_FILTER_PLACE_LEN;
	     at < DIGEST_FILTER_HEAD_LEN; at += sizeof(uint32_t))
		output_u32(output, 0);
	for (unsigned scope = 0; scope < HASH_SCOPES; scope++)
		for (unsigned kind = 0; kind < DIGEST_KINDS; kind++)
			write_blocks(builder, &builder->hashes[scope][kind],
				     digest_len((enum digest_kind)kind));
	output_end(output, SECTION_DIGEST_FILTERS);
}

static enum status write_digests(struct builder *builder)
{
	for (unsigned scope = 0; scope < HASH_SCOPES; scope++)
		for (unsigned kind = 0; kind < DIGEST_KINDS; kind++)
			write_kind(builder, scope, kind);
	write_filters(builder);
	return STATUS_OK;
}

static bool collect_kind(struct builder *builder, unsigned scope, unsigned kind,
			 struct rows *out)
{
	const struct rows *rows = &builder->hashes[scope][kind];
	size_t len = digest_len((enum digest_kind)kind);
	uint8_t row[SIZE_ROW_LEN];

	store_u16le(&row[SIZE_LEN], (uint16_t)(1u << (scope * DIGEST_KINDS + kind)));
	for (size_t i = 0; i < rows->count; i++) {
		store_u32be(row, row_at(rows, i, len).size);
		if (!rows_append(out, row, 1))
			return false;
	}
	return true;
}

/* One row for each size of each kind, as (size BE, kinds LE); sorted, then merged. */
static enum status collect_sizes(struct builder *builder, struct rows *out)
{
	for (unsigned scope = 0; scope < HASH_SCOPES; scope++)
		for (unsigned kind = 0; kind < DIGEST_KINDS; kind++)
			if (!collect_kind(builder, scope, kind, out))
				return STATUS_NO_MEMORY;
	rows_sort(out, SIZE_LEN);
	return STATUS_OK;
}

static void merge_sizes(struct rows *sizes)
{
	size_t kept = 0;

	for (size_t i = 0; i < sizes->count; i++) {
		const uint8_t *row = rows_at(sizes, i);

		if (kept > 0 && memcmp(row, rows_at(sizes, kept - 1), SIZE_LEN) == 0) {
			rows_at(sizes, kept - 1)[SIZE_LEN] |= row[SIZE_LEN];
			rows_at(sizes, kept - 1)[SIZE_LEN + 1] |= row[SIZE_LEN + 1];
			continue;
		}
		if (kept != i)
			memcpy(rows_at(sizes, kept), row, SIZE_ROW_LEN);
		kept++;
	}
	rows_cut(sizes, kept);
}

static enum status write_sizes(struct builder *builder)
{
	struct output *output = &builder->output;
	struct rows sizes;

	/* The rules are written: what they took is enough for this. */
	rows_init(&sizes, builder->options->arena, SIZE_ROW_LEN);
	if (!rows_give(&builder->programs, &sizes) || !rows_give(&builder->subs, &sizes))
		return STATUS_NO_MEMORY;
	enum status status = collect_sizes(builder, &sizes);
	if (status != STATUS_OK)
		return status;
	merge_sizes(&sizes);
	output_begin(output, SECTION_SIZES);
	for (size_t i = 0; i < sizes.count; i++) {
		struct reader row = reader_of(rows_at(&sizes, i), SIZE_ROW_LEN);

		output_u32(output, reader_u32be(&row));
	}
	output_end(output, SECTION_SIZES);
	output_begin(output, SECTION_SIZE_KINDS);
	for (size_t i = 0; i < sizes.count; i++)
		output_put(output, &rows_at(&sizes, i)[SIZE_LEN], 2);
	output_end(output, SECTION_SIZE_KINDS);
	return STATUS_OK;
}
